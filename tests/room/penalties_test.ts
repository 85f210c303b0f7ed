import assert from "node:assert/strict";
import fc from "fast-check";
import { Penalties } from "../../src/room/penalties.ts";

function userIds(penalties: Penalties, now: number): string[] {
  return penalties.list(now).map(({ userId }) => userId);
}

Deno.test("Penalties stand until their end", () => {
  const penalties = new Penalties();
  penalties.set({ userId: "ann", until: 1000, at: 0 });
  penalties.set({ userId: "bob", until: null, at: 0 });
  assert.equal(penalties.find("ann", 999)?.until, 1000);
  assert.equal(penalties.find("ann", 1000), undefined);
  assert.equal(penalties.find("bob", Infinity)?.until, null);
  assert.equal(penalties.find("cid", 0), undefined);
});

Deno.test("Penalties that ran out are there until they are lifted", () => {
  const penalties = new Penalties();
  penalties.set({ userId: "ann", until: 1000, at: 0 });
  penalties.set({ userId: "bob", until: 2000, at: 0 });
  assert.deepEqual(penalties.expired(999), []);
  assert.deepEqual(penalties.expired(1000), ["ann"]);
  assert(penalties.has("ann"));
  assert.equal(penalties.size, 2);
  assert.deepEqual(userIds(penalties, 1000), ["bob"]);
  assert(penalties.lift("ann"));
  assert(!penalties.lift("ann"));
  assert.deepEqual(penalties.expired(1000), []);
  assert.equal(penalties.size, 1);
});

Deno.test("Penalties know when the next one ends", () => {
  const penalties = new Penalties([
    { userId: "ann", until: 3000, at: 0 },
    { userId: "bob", until: null, at: 0 },
  ]);
  assert.equal(penalties.nextEndAt(), 3000);
  penalties.set({ userId: "cid", until: 2000, at: 0 });
  assert.equal(penalties.nextEndAt(), 2000);
  penalties.lift("cid");
  assert.equal(penalties.nextEndAt(), 3000);
  penalties.set({ userId: "ann", until: null, at: 0 });
  assert.equal(penalties.nextEndAt(), undefined);
});

Deno.test("Penalties are listed in the order in which they were set last", () => {
  const penalties = new Penalties([
    { userId: "ann", until: null, at: 0 },
    { userId: "bob", until: null, at: 0 },
  ]);
  penalties.set({ userId: "ann", until: 9000, at: 1 });
  assert.deepEqual(penalties.list(1), [
    { userId: "bob", until: null, at: 0 },
    { userId: "ann", until: 9000, at: 1 },
  ]);
});

Deno.test("Penalties do what a table of users would", () => {
  const step = fc.record({
    userId: fc.constantFrom("a", "b", "c", "d"),
    until: fc.option(fc.nat(50)),
    isLift: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step), fc.nat(50), (steps, now) => {
    const penalties = new Penalties();
    const table = new Map<string, number | null>();
    for (const { userId, until, isLift } of steps) {
      if (isLift) {
        assert.equal(penalties.lift(userId), table.delete(userId));
      } else {
        penalties.set({ userId, until, at: 0 });
        table.set(userId, until);
      }
      const ends = [...table.values()].filter((end) => end !== null);
      const next = ends.length === 0 ? undefined : Math.min(...ends);
      assert.equal(penalties.nextEndAt(), next);
    }
    assert.equal(penalties.size, table.size);
    const standing: string[] = [];
    const over: string[] = [];
    for (const [userId, until] of table) {
      (until === null || until > now ? standing : over).push(userId);
    }
    assert.deepEqual(userIds(penalties, now).sort(), standing.sort());
    assert.deepEqual(penalties.expired(now).sort(), over.sort());
  }));
});
