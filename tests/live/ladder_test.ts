import assert from "node:assert/strict";
import { Ladder } from "../../src/live/ladder.ts";

const HOUR_MS = 3_600_000;

Deno.test("Ladder doubles from 1 s to 60 s and stays there", () => {
  const ladder = new Ladder({ jitter: 0, fraction: () => 0.9 });
  const waits = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((attempts) =>
    ladder.next(attempts, HOUR_MS - 1)
  );
  assert.deepEqual(
    waits,
    [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1000),
  );
});

Deno.test("Ladder doubles on to 300 s after an hour, and anew after a reset", () => {
  const ladder = new Ladder({ jitter: 0, fraction: () => 0.9 });
  function slow(): number {
    return ladder.next(70, HOUR_MS) / 1000;
  }
  assert.deepEqual([slow(), slow(), slow(), slow()], [120, 240, 300, 300]);
  ladder.reset();
  assert.equal(slow(), 120);
});

Deno.test("Ladder adds or takes off the share that chance says", () => {
  let fraction = 0;
  const ladder = new Ladder({ jitter: 0.1, fraction: () => fraction });
  assert.equal(ladder.next(6, 0), 54_000);
  fraction = 0.5;
  assert.equal(ladder.next(6, 0), 60_000);
  fraction = 0.999999;
  assert.equal(ladder.next(6, 0), 66_000);
});
