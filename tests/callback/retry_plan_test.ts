import assert from "node:assert/strict";
import fc from "fast-check";
import {
  askedWaitMs,
  type FailedAttempt,
  planRetry,
  type RetryPolicy,
} from "../../src/callback/retry_plan.ts";
import { START_AT } from "../support/fake_clock.ts";

const POLICY: RetryPolicy = {
  retriesMax: 3,
  retryDelayMs: 5000,
  isLongRetry: true,
};
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WINDOW_MS = 72 * HOUR_MS;

function plan(
  failed: Partial<FailedAttempt>,
  policy: Partial<RetryPolicy> = {},
): number | "dead" {
  const planned = planRetry({ ...POLICY, ...policy }, {
    attempts: 1,
    failingSince: START_AT,
    now: START_AT,
    retryAfterMs: null,
    fraction: 0,
    ...failed,
  });
  return planned === "dead" ? planned : planned.dueAt - START_AT;
}

Deno.test("planRetry waits the fixed delay, then a minute, doubling to an hour", () => {
  const attempts = Array.from({ length: 12 }, (_, index) => index + 1);
  const minutes = [1, 2, 4, 8, 16, 32, 60, 60, 60];
  assert.deepEqual(attempts.map((count) => plan({ attempts: count })), [
    5000,
    5000,
    5000,
    ...minutes.map((count) => count * MINUTE_MS),
  ]);
});

Deno.test("planRetry gives up after the fixed delays when that is all", () => {
  const policy = { isLongRetry: false };
  assert.equal(plan({ attempts: 3 }, policy), 5000);
  assert.equal(plan({ attempts: 4 }, policy), "dead");
});

Deno.test("planRetry gives up at once when no retry is wanted", () => {
  const policy = { retriesMax: 0, isLongRetry: false };
  assert.equal(plan({ attempts: 1 }, policy), "dead");
});

Deno.test("planRetry begins with a minute when no short retry is wanted", () => {
  assert.equal(plan({ attempts: 1 }, { retriesMax: 0 }), MINUTE_MS);
});

Deno.test("planRetry waits 100 ms at least", () => {
  assert.equal(plan({}, { retryDelayMs: 0 }), 100);
  assert.equal(plan({}, { retryDelayMs: 99 }), 100);
  assert.equal(plan({}, { retryDelayMs: 101 }), 101);
});

Deno.test("planRetry takes up to a fifth off a long wait by chance", () => {
  assert.equal(plan({ attempts: 4, fraction: 0.5 }), 54_000);
  assert.equal(plan({ attempts: 3, fraction: 0.5 }), 5000);
});

Deno.test("planRetry has its last try 72 hours after the first", () => {
  const attempts = 80;
  function at(sinceFirstMs: number): number | "dead" {
    return plan({ attempts, now: START_AT + sinceFirstMs });
  }
  assert.equal(at(WINDOW_MS - HOUR_MS), WINDOW_MS);
  assert.equal(at(WINDOW_MS - 1), WINDOW_MS);
  assert.equal(at(WINDOW_MS), "dead");
  assert.equal(at(WINDOW_MS + 1), "dead");
});

Deno.test("planRetry waits as long as the endpoint asked, not shorter than planned", () => {
  assert.equal(plan({ retryAfterMs: 4999 }), 5000);
  assert.equal(plan({ retryAfterMs: 5001 }), 5001);
  assert.equal(plan({ attempts: 4, retryAfterMs: 90_000 }), 90_000);
});

Deno.test("planRetry waits for no endpoint past the last try", () => {
  const year = 365 * 24 * HOUR_MS;
  assert.equal(plan({ retryAfterMs: year }), WINDOW_MS);
  const now = START_AT + HOUR_MS;
  assert.equal(plan({ attempts: 9, now, retryAfterMs: year }), WINDOW_MS);
});

Deno.test("askedWaitMs is nothing when nothing was asked for or the time is over", () => {
  const failed = { now: START_AT, failingSince: START_AT };
  assert.equal(askedWaitMs({ ...failed, retryAfterMs: null }), 0);
  assert.equal(askedWaitMs({ ...failed, retryAfterMs: 7 }), 7);
  const now = START_AT + WINDOW_MS + 1;
  assert.equal(askedWaitMs({ ...failed, now, retryAfterMs: 7 }), 0);
});

Deno.test("planRetry always ends: later each time, and dead after 72 hours", () => {
  fc.assert(fc.property(
    fc.record({
      retriesMax: fc.nat(5),
      retryDelayMs: fc.nat(10_000),
      isLongRetry: fc.boolean(),
    }),
    fc.array(fc.option(fc.nat(2 * WINDOW_MS)), { minLength: 1 }),
    fc.double({ min: 0, max: 0.999, noNaN: true }),
    (policy, asked, fraction) => {
      let now = START_AT;
      for (let attempts = 1; attempts < 1000; attempts++) {
        const retryAfterMs = asked[attempts % asked.length] ?? null;
        const failed = { attempts, now, retryAfterMs, fraction };
        const planned = planRetry(policy, {
          ...failed,
          failingSince: START_AT,
        });
        if (planned === "dead") return;
        assert.ok(planned.dueAt > now);
        assert.ok(planned.dueAt <= START_AT + WINDOW_MS + 60_000);
        now = planned.dueAt;
      }
      assert.fail("tried 1000 times");
    },
  ));
});
