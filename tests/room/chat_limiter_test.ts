import assert from "node:assert/strict";
import fc from "fast-check";
import { ChatLimiter } from "../../src/room/chat_limiter.ts";

const INTERVAL_MS = 3000;

Deno.test("ChatLimiter makes a user wait for the rest of the interval", () => {
  const limiter = new ChatLimiter();
  assert.equal(limiter.waitMs("ann", INTERVAL_MS, 1000), 0);
  limiter.note("ann", INTERVAL_MS, 1000);
  const waits = [1000, 1001, 3999, 4000, 4001].map((now) =>
    limiter.waitMs("ann", INTERVAL_MS, now)
  );
  assert.deepEqual(waits, [3000, 2999, 1, 0, 0]);
});

Deno.test("ChatLimiter makes nobody wait for another user", () => {
  const limiter = new ChatLimiter();
  limiter.note("ann", INTERVAL_MS, 1000);
  assert.equal(limiter.waitMs("bob", INTERVAL_MS, 1000), 0);
});

Deno.test("ChatLimiter goes by the interval that holds now", () => {
  const limiter = new ChatLimiter();
  limiter.note("ann", 60_000, 0);
  assert.equal(limiter.waitMs("ann", 60_000, 10_000), 50_000);
  assert.equal(limiter.waitMs("ann", 3000, 10_000), 0);
  assert.equal(limiter.waitMs("ann", 0, 0), 0);
});

Deno.test("ChatLimiter remembers nobody without an interval", () => {
  const limiter = new ChatLimiter();
  limiter.note("ann", INTERVAL_MS, 0);
  limiter.note("bob", 0, 1);
  assert.equal(limiter.size, 0);
});

Deno.test("ChatLimiter forgets users whose interval has passed", () => {
  const limiter = new ChatLimiter();
  limiter.note("ann", INTERVAL_MS, 0);
  limiter.note("bob", INTERVAL_MS, 1);
  limiter.note("cid", INTERVAL_MS, 2999);
  assert.equal(limiter.size, 3);
  limiter.note("cid", INTERVAL_MS, 3000);
  assert.equal(limiter.size, 2);
  limiter.note("cid", INTERVAL_MS, 3001);
  assert.equal(limiter.size, 1);
});

Deno.test("ChatLimiter forgets others behind an admin who speaks all the time", () => {
  const limiter = new ChatLimiter();
  limiter.note("adm", INTERVAL_MS, 0);
  limiter.note("bob", INTERVAL_MS, 1);
  limiter.note("adm", INTERVAL_MS, 2999);
  limiter.note("cid", INTERVAL_MS, 3001);
  assert.equal(limiter.size, 2);
});

Deno.test("ChatLimiter silences nobody when the clock steps back", () => {
  const limiter = new ChatLimiter();
  limiter.note("ann", INTERVAL_MS, 3_600_000);
  limiter.note("bob", INTERVAL_MS, 3_600_001);
  assert.equal(limiter.waitMs("ann", INTERVAL_MS, 10_000), 0);
  limiter.note("ann", INTERVAL_MS, 10_000);
  assert.equal(limiter.waitMs("ann", INTERVAL_MS, 11_000), 2000);
  assert.equal(limiter.size, 1);
});

Deno.test("ChatLimiter never lets two messages come closer than the interval", () => {
  const attempt = fc.record({
    user: fc.constantFrom("ann", "bob", "cid"),
    afterMs: fc.integer({ min: 0, max: 2000 }),
  });
  fc.assert(fc.property(fc.array(attempt, { maxLength: 200 }), (attempts) => {
    const limiter = new ChatLimiter();
    const spoke = new Map<string, number>();
    let now = 0;
    for (const { user, afterMs } of attempts) {
      now += afterMs;
      const dueAt = (spoke.get(user) ?? -INTERVAL_MS) + INTERVAL_MS;
      const waitMs = limiter.waitMs(user, INTERVAL_MS, now);
      assert.equal(waitMs, Math.max(0, dueAt - now));
      if (waitMs > 0) continue;
      limiter.note(user, INTERVAL_MS, now);
      spoke.set(user, now);
      const recent = [...spoke.values()].filter((at) => at > now - INTERVAL_MS);
      assert.equal(limiter.size, recent.length);
    }
  }));
});
