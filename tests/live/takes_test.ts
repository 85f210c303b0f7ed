import assert from "node:assert/strict";
import { type Take, Takes } from "../../src/live/takes.ts";

function newTakes() {
  const takes = new Takes();
  const told: string[] = [];
  function add(name: string, left: number): Take {
    const take = { left, keep: () => void told.push(name) };
    takes.add(take);
    return take;
  }
  return { takes, told, add };
}

Deno.test("Takes tells of one when nothing of it is left", () => {
  const { takes, told, add } = newTakes();
  const take = add("a", 2);
  takes.settle();
  take.left -= 1;
  takes.settle();
  assert.deepEqual(told, []);
  take.left -= 1;
  takes.settle();
  assert.deepEqual(told, ["a"]);
  assert.equal(takes.size, 0);
});

Deno.test("Takes tells in the order in which they came", () => {
  const { takes, told, add } = newTakes();
  const first = add("a", 1);
  add("b", 0);
  const third = add("c", 1);
  takes.settle();
  assert.deepEqual(told, []);
  assert.equal(takes.size, 3);
  first.left = 0;
  takes.settle();
  assert.deepEqual(told, ["a", "b"]);
  third.left = 0;
  takes.settle();
  assert.deepEqual(told, ["a", "b", "c"]);
});

Deno.test("Takes passes over those that nobody is told of", () => {
  const { takes, told, add } = newTakes();
  takes.add({ left: 0, keep: undefined });
  add("b", 0);
  takes.settle();
  assert.deepEqual(told, ["b"]);
});

Deno.test("Takes may be added to and cleared by who is told", () => {
  const { takes, told, add } = newTakes();
  takes.add({ left: 0, keep: () => void add("c", 0) });
  add("b", 0);
  takes.settle();
  assert.deepEqual(told, ["b", "c"]);
  takes.add({ left: 0, keep: () => takes.clear() });
  add("d", 0);
  takes.settle();
  assert.deepEqual(told, ["b", "c"]);
  assert.equal(takes.size, 0);
});
