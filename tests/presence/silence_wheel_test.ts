import assert from "node:assert/strict";
import fc from "fast-check";
import { SilenceWheel } from "../../src/presence/silence_wheel.ts";

Deno.test("SilenceWheel gives an entry once its instant has come, and not before", () => {
  const wheel = new SilenceWheel<string>(0);
  wheel.put("a", 5000);
  assert.deepEqual(wheel.take(4999, 10), []);
  assert.deepEqual(wheel.take(5000, 10), ["a"]);
  assert.deepEqual(wheel.take(9000, 10), []);
  assert.equal(wheel.size, 0);
});

Deno.test("SilenceWheel is late by less than a second", () => {
  const wheel = new SilenceWheel<string>(0);
  wheel.put("a", 5001);
  assert.deepEqual(wheel.take(5999, 10), []);
  assert.deepEqual(wheel.take(6000, 10), ["a"]);
});

Deno.test("SilenceWheel moves an entry that is put again", () => {
  const wheel = new SilenceWheel<string>(0);
  wheel.put("a", 1000);
  wheel.put("a", 3000);
  assert.equal(wheel.size, 1);
  assert.deepEqual(wheel.take(2999, 10), []);
  assert.deepEqual(wheel.take(3000, 10), ["a"]);
});

Deno.test("SilenceWheel forgets an entry that is removed", () => {
  const wheel = new SilenceWheel<string>(0);
  wheel.put("a", 1000);
  assert(wheel.has("a"));
  wheel.remove("a");
  wheel.remove("a");
  assert(!wheel.has("a"));
  assert.deepEqual(wheel.take(9000, 10), []);
});

Deno.test("SilenceWheel gives no more than was asked for, and the rest later", () => {
  const wheel = new SilenceWheel<number>(0);
  for (let item = 0; item < 5; item++) wheel.put(item, 1000 + 500 * item);
  assert.deepEqual(wheel.take(9000, 2), [0, 1]);
  assert.deepEqual(wheel.take(9000, 2), [2, 3]);
  assert.deepEqual(wheel.take(9000, 2), [4]);
  assert.deepEqual(wheel.take(9000, 2), []);
});

Deno.test("SilenceWheel gives at once what was due when it was put", () => {
  const wheel = new SilenceWheel<string>(10_500);
  assert.deepEqual(wheel.take(20_500, 10), []);
  wheel.put("a", 500);
  assert.deepEqual(wheel.take(20_500, 10), ["a"]);
});

Deno.test("SilenceWheel gives each entry once, whatever is put and removed", () => {
  const step = fc.record({
    item: fc.integer({ min: 0, max: 9 }),
    dueMs: fc.integer({ min: 0, max: 20_000 }),
    isRemoved: fc.boolean(),
    passMs: fc.integer({ min: 0, max: 5000 }),
    countMax: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const wheel = new SilenceWheel<number>(0);
    const dueAt = new Map<number, number>();
    let now = 0;
    for (const { item, dueMs, isRemoved, passMs, countMax } of steps) {
      if (isRemoved) {
        wheel.remove(item);
        dueAt.delete(item);
      } else {
        wheel.put(item, now + dueMs);
        dueAt.set(item, now + dueMs);
      }
      now += passMs;
      const taken = wheel.take(now, countMax);
      assert(taken.length <= countMax);
      for (const one of taken) {
        assert((dueAt.get(one) ?? Infinity) <= now);
        dueAt.delete(one);
      }
    }
    const rest = wheel.take(now + 30_000, 10);
    assert.deepEqual(rest.sort(), [...dueAt.keys()].sort());
  }));
});
