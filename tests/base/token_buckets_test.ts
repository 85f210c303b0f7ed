import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenBuckets } from "../../src/base/token_buckets.ts";
import { START_AT } from "../support/fake_clock.ts";

const THREE = { burst: 3, refillMs: 1000 };
const HOUR_MS = 3_600_000;

/** Three tokens of ann's are gone. */
function newEmpty(): TokenBuckets {
  const buckets = new TokenBuckets(THREE);
  for (let count = 0; count < 3; count++) buckets.take("ann", START_AT);
  return buckets;
}

Deno.test("TokenBuckets gives a burst at once, then one at a time", () => {
  const buckets = new TokenBuckets(THREE);
  const waits = [1, 2, 3].map(() => {
    const waitMs = buckets.waitMs("ann", START_AT);
    buckets.take("ann", START_AT);
    return waitMs;
  });
  assert.deepEqual(waits, [0, 0, 0]);
  assert.equal(buckets.waitMs("ann", START_AT), 1000);
  assert.equal(buckets.waitMs("ann", START_AT + 999), 1);
  assert.equal(buckets.waitMs("ann", START_AT + 1000), 0);
  buckets.take("ann", START_AT + 1000);
  assert.equal(buckets.waitMs("ann", START_AT + 1000), 1000);
});

Deno.test("TokenBuckets gives each user their own", () => {
  assert.equal(newEmpty().waitMs("bob", START_AT), 0);
});

Deno.test("TokenBuckets fills up to a burst and no further", () => {
  const buckets = newEmpty();
  for (let count = 0; count < 3; count++) {
    assert.equal(buckets.waitMs("ann", START_AT + HOUR_MS), 0);
    buckets.take("ann", START_AT + HOUR_MS);
  }
  assert.equal(buckets.waitMs("ann", START_AT + HOUR_MS), 1000);
});

Deno.test("TokenBuckets forgets whoever is full again", () => {
  const buckets = newEmpty();
  buckets.take("bob", START_AT + 2999);
  assert.equal(buckets.size, 2);
  buckets.take("cid", START_AT + 3000);
  assert.equal(buckets.size, 2);
});

Deno.test("TokenBuckets silences nobody when the clock is set back", () => {
  const buckets = newEmpty();
  assert.equal(buckets.waitMs("ann", START_AT - HOUR_MS), 0);
  buckets.take("bob", START_AT - HOUR_MS);
  assert.equal(buckets.size, 1);
  buckets.take("ann", START_AT - HOUR_MS);
  assert.equal(buckets.waitMs("ann", START_AT - HOUR_MS), 0);
});

Deno.test("TokenBuckets gives no more than its burst and rate, in any order", () => {
  const steps = fc.array(fc.nat(1500), { maxLength: 60 });
  fc.assert(fc.property(steps, (gaps) => {
    const buckets = new TokenBuckets(THREE);
    let now = START_AT;
    const takenAt: number[] = [];
    for (const gapMs of gaps) {
      now += gapMs;
      if (buckets.waitMs("ann", now) > 0) continue;
      buckets.take("ann", now);
      takenAt.push(now);
    }
    takenAt.forEach((from, first) => {
      for (let last = first; last < takenAt.length; last++) {
        const spanMs = (takenAt[last] ?? 0) - from;
        assert(last - first + 1 <= 3 + Math.floor(spanMs / 1000));
      }
    });
  }));
});
