import assert from "node:assert/strict";
import fc from "fast-check";
import { Ring } from "../../src/base/ring.ts";

function contents<Item>(ring: Ring<Item>): (Item | undefined)[] {
  return Array.from({ length: ring.size }, (_, index) => ring.at(index));
}

Deno.test("Ring gives items back in the order in which they came", () => {
  const ring = new Ring<string>();
  for (const item of ["a", "b", "c"]) ring.push(item);
  assert.deepEqual(contents(ring), ["a", "b", "c"]);
  assert.deepEqual([ring.shift(), ring.shift(), ring.shift()], ["a", "b", "c"]);
  assert.equal(ring.shift(), undefined);
  assert.equal(ring.size, 0);
});

Deno.test("Ring grows past its first capacity and shrinks again", () => {
  const ring = new Ring<number>();
  for (let item = 0; item < 1000; item++) ring.push(item);
  for (let item = 0; item < 995; item++) assert.equal(ring.shift(), item);
  ring.push(1000);
  assert.deepEqual(contents(ring), [995, 996, 997, 998, 999, 1000]);
});

Deno.test("Ring has nothing outside of its size", () => {
  const ring = new Ring<string>();
  ring.push("gone");
  ring.push("a");
  ring.shift();
  assert.equal(ring.at(-1), undefined);
  assert.equal(ring.at(0), "a");
  assert.equal(ring.at(1), undefined);
  ring.set(-1, "x");
  ring.set(1, "x");
  assert.equal(ring.size, 1);
  ring.push("b");
  assert.deepEqual(contents(ring), ["a", "b"]);
});

Deno.test("Ring has nothing outside of its size when it is full, either", () => {
  const ring = new Ring<number>();
  const full = Array.from({ length: 16 }, (_, index) => index);
  for (const item of full) ring.push(item);
  assert.equal(ring.at(-1), undefined);
  assert.equal(ring.at(16), undefined);
  ring.set(-1, 99);
  ring.set(16, 99);
  assert.deepEqual(contents(ring), full);
});

/** What one may do to a ring. */
type Step =
  | { readonly kind: "push"; readonly item: number }
  | { readonly kind: "shift" }
  | { readonly kind: "set"; readonly index: number; readonly item: number };

const item = fc.integer();
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("push"), item }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("shift") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("set"),
      index: fc.integer({ min: -2, max: 80 }),
      item,
    }),
  },
);

Deno.test("Ring does what an array would", () => {
  const steps = fc.array(step, { maxLength: 400, size: "max" });
  fc.assert(fc.property(steps, (taken) => {
    const ring = new Ring<number>();
    const array: number[] = [];
    for (const one of taken) {
      if (one.kind === "push") {
        ring.push(one.item);
        array.push(one.item);
      } else if (one.kind === "shift") {
        assert.equal(ring.shift(), array.shift());
      } else {
        ring.set(one.index, one.item);
        if (one.index in array) array[one.index] = one.item;
      }
      assert.equal(ring.size, array.length);
    }
    assert.deepEqual(contents(ring), array);
  }));
});
