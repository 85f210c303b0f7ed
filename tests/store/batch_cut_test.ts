import assert from "node:assert/strict";
import { cutMessages, cutPlaces } from "../../src/store/batch_cut.ts";

/** Messages of so many bytes each; numbers are 10, 20, 30… */
function messages(...sizes: number[]) {
  return sizes.map((bytes, index) => ({ seq: (index + 1) * 10, bytes }));
}

function cut(
  sizes: number[],
  limits: { countMax?: number; bytesMax?: number; isAll?: boolean } = {},
) {
  const all = { countMax: 3, bytesMax: 100, isAll: true, ...limits };
  const { stretches, isWhole } = cutMessages(messages(...sizes), all);
  assert.equal(isWhole, all.isAll);
  return stretches.map(({ from, to, count }) => `${from}-${to} of ${count}`);
}

Deno.test("cutMessages fills each batch to its count, and no further", () => {
  assert.deepEqual(cut([1, 1]), ["10-20 of 2"]);
  assert.deepEqual(cut([1, 1, 1]), ["10-30 of 3"]);
  assert.deepEqual(cut([1, 1, 1, 1]), ["10-30 of 3", "40-40 of 1"]);
  assert.deepEqual(cut([1, 1], { countMax: 1 }), ["10-10 of 1", "20-20 of 1"]);
});

Deno.test("cutMessages fills each batch to its bytes, and no further", () => {
  assert.deepEqual(cut([50, 49]), ["10-20 of 2"]);
  assert.deepEqual(cut([50, 50]), ["10-20 of 2"]);
  assert.deepEqual(cut([50, 51]), ["10-10 of 1", "20-20 of 1"]);
});

Deno.test("cutMessages gives a message larger than a batch one of its own", () => {
  assert.deepEqual(cut([1, 101, 1]), [
    "10-10 of 1",
    "20-20 of 1",
    "30-30 of 1",
  ]);
  assert.deepEqual(cut([500]), ["10-10 of 1"]);
});

Deno.test("cutMessages leaves the last batch for later when more follows", () => {
  assert.deepEqual(cut([1, 1, 1, 1], { isAll: false }), ["10-30 of 3"]);
  assert.deepEqual(cut([1, 1, 1], { isAll: false }), []);
});

Deno.test("cutMessages makes no batch of nothing", () => {
  assert.deepEqual(cut([]), []);
});

Deno.test("cutPlaces cuts a stretch without gaps by its count", () => {
  const places = (from: number, to: number, stretchesMax = 9) => {
    const { stretches, isWhole } = cutPlaces({ from, to }, {
      countMax: 3,
      stretchesMax,
    });
    return [isWhole, ...stretches.map(({ from, to }) => [from, to])];
  };
  assert.deepEqual(places(5, 6), [true, [5, 6]]);
  assert.deepEqual(places(5, 7), [true, [5, 7]]);
  assert.deepEqual(places(5, 8), [true, [5, 7], [8, 8]]);
  assert.deepEqual(places(5, 4), [true]);
  assert.deepEqual(places(1, 6, 2), [true, [1, 3], [4, 6]]);
  assert.deepEqual(places(1, 7, 2), [false, [1, 3], [4, 6]]);
});
