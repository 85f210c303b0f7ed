import assert from "node:assert/strict";
import { inSlices, Slices } from "../../src/jobs/slices.ts";

/** A clock that each visit moves by so many ms. */
function newWork(visitMs: number) {
  let nowMs = 0;
  const slices: number[][] = [[]];
  const aborter = new AbortController();
  return {
    slices,
    aborter,
    visit: (item: number) => {
      nowMs += visitMs;
      slices.at(-1)?.push(item);
    },
    options: {
      clock: { monotonic: () => nowMs },
      yield: (next: () => void) => {
        slices.push([]);
        queueMicrotask(next);
      },
      sliceMs: 4,
      signal: aborter.signal,
    },
  };
}

Deno.test("inSlices visits all in one slice that is not full", async () => {
  const { options, slices, visit } = newWork(1);
  await inSlices([1, 2, 3], visit, options);
  assert.deepEqual(slices, [[1, 2, 3]]);
});

Deno.test("inSlices yields when a slice is full", async () => {
  const { options, slices, visit } = newWork(2);
  await inSlices([1, 2, 3, 4, 5], visit, options);
  assert.deepEqual(slices, [[1, 2], [3, 4], [5]]);
});

Deno.test("inSlices gives what takes longer a slice of its own", async () => {
  const { options, slices, visit } = newWork(9);
  await inSlices([1, 2], visit, options);
  assert.deepEqual(slices, [[1], [2], []]);
});

Deno.test("inSlices leaves the rest when it is told to stop", async () => {
  const { aborter, options, slices, visit } = newWork(1);
  await inSlices([1, 2, 3], (item) => {
    visit(item);
    if (item === 2) aborter.abort();
  }, options);
  assert.deepEqual(slices, [[1, 2]]);
});

Deno.test("Slices go on from one loop to the next", async () => {
  const { options, slices, visit } = newWork(3);
  const work = new Slices(options);
  await work.each([1], visit);
  await work.each([2, 3], visit);
  assert.deepEqual(slices, [[1, 2], [3]]);
  await work.next();
  await work.each([4], visit);
  assert.deepEqual(slices, [[1, 2], [3], [4]]);
});
