import assert from "node:assert/strict";
import fc from "fast-check";
import { IndexedHeap } from "../../src/match/indexed_heap.ts";

function newHeap(...items: number[]): IndexedHeap<number> {
  const heap = new IndexedHeap<number>((a, b) => a < b);
  for (const item of items) heap.add(item);
  return heap;
}

Deno.test("IndexedHeap gives its items in their order", () => {
  const heap = newHeap(3, 1, 2);
  assert.equal(heap.first, 1);
  const items = [heap.shift(), heap.shift(), heap.shift(), heap.shift()];
  assert.deepEqual(items, [1, 2, 3, undefined]);
  assert.equal(heap.size, 0);
});

Deno.test("IndexedHeap holds an item once", () => {
  const heap = newHeap(1, 1);
  assert.equal(heap.size, 1);
  assert(heap.has(1));
  assert(heap.delete(1));
  assert(!heap.delete(1));
  assert(!heap.has(1));
});

Deno.test("IndexedHeap is a sorted set, whatever is added and removed", () => {
  const step = fc.tuple(fc.boolean(), fc.nat(20));
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const heap = newHeap();
    const wanted = new Set<number>();
    for (const [isAdded, item] of steps) {
      if (isAdded) {
        heap.add(item);
        wanted.add(item);
      } else {
        assert.equal(heap.delete(item), wanted.delete(item));
      }
      assert.equal(heap.size, wanted.size);
      const first = wanted.size === 0 ? undefined : Math.min(...wanted);
      assert.equal(heap.first, first);
    }
    const rest = Array.from({ length: heap.size }, () => heap.shift());
    assert.deepEqual(rest, [...wanted].toSorted((a, b) => a - b));
  }));
});
