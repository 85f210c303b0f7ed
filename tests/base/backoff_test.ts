import assert from "node:assert/strict";
import { backoffMs } from "../../src/base/backoff.ts";

const plain = { baseMs: 1000, maxMs: 30_000, jitter: 0, fraction: 0 };

Deno.test("backoffMs doubles from the base up to the bound", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) =>
    backoffMs(attempt, plain)
  );
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

Deno.test("backoffMs takes off no more than the jitter's share", () => {
  const jittered = { ...plain, jitter: 0.2 };
  assert.equal(backoffMs(1, { ...jittered, fraction: 0 }), 1000);
  assert.equal(backoffMs(1, { ...jittered, fraction: 0.5 }), 900);
  assert.equal(backoffMs(1, { ...jittered, fraction: 0.999999 }), 800);
});

Deno.test("backoffMs stays at the bound after any number of attempts", () => {
  assert.equal(backoffMs(5000, plain), 30_000);
  assert.equal(backoffMs(Infinity, plain), 30_000);
});

Deno.test("backoffMs takes an attempt below 1 for the first", () => {
  assert.equal(backoffMs(0, plain), 1000);
  assert.equal(backoffMs(-3, plain), 1000);
});
