import assert from "node:assert/strict";
import { retryMs } from "../../src/web/backoff.ts";

Deno.test("retryMs doubles up to 30 s", () => {
  const waits = [0, 1, 2, 5, 6, 7, 1000].map((count) => retryMs(count, 1));
  assert.deepEqual(waits, [500, 1000, 2000, 16_000, 30_000, 30_000, 30_000]);
});

Deno.test("retryMs leaves half of the wait to chance", () => {
  assert.equal(retryMs(1, 0), 500);
  assert.equal(retryMs(1, 0.5), 750);
});
