import assert from "node:assert/strict";
import { RecentIds } from "../../src/live/recent_ids.ts";

Deno.test("RecentIds knows what it saw", () => {
  const ids = new RecentIds(3);
  assert.equal(ids.add("a"), true);
  assert.equal(ids.add("a"), false);
  assert.equal(ids.add("b"), true);
  assert.equal(ids.size, 2);
});

Deno.test("RecentIds forgets the oldest past its bound", () => {
  const ids = new RecentIds(3);
  for (const id of ["a", "b", "c"]) ids.add(id);
  assert.equal(ids.size, 3);
  ids.add("d");
  assert.equal(ids.size, 3);
  assert.equal(ids.add("b"), false);
  assert.equal(ids.add("a"), true);
});

Deno.test("RecentIds keeps one that comes again", () => {
  const ids = new RecentIds(2);
  for (const id of ["a", "b", "a", "c"]) ids.add(id);
  assert.equal(ids.add("a"), false);
  assert.equal(ids.add("b"), true);
});

Deno.test("RecentIds forgets in the order of the last time, however often", () => {
  const idsMax = 20;
  const ids = new RecentIds(idsMax);
  let known: string[] = [];
  for (let step = 0; step < 5000; step++) {
    // Runs of new ones, and between them some that were there before.
    const id = `${step % 7 === 0 ? (step * 31) % 97 : step}`;
    assert.equal(ids.add(id), !known.includes(id), `${step}`);
    known = [...known.filter((one) => one !== id), id].slice(-idsMax);
    assert.equal(ids.size, known.length);
  }
});
