import assert from "node:assert/strict";
import { MinuteCounts, SAVED_MINUTES } from "../../src/live/minute_counts.ts";

const MINUTE_MS = 60_000;
const NOW = 1_000 * MINUTE_MS;

function tailOf(counts: MinuteCounts, now: number): readonly number[] {
  return counts.list(now).slice(-3);
}

Deno.test("MinuteCounts has 60 minutes, the current one last", () => {
  const counts = MinuteCounts.fresh(NOW);
  counts.add(2, NOW);
  counts.add(3, NOW + MINUTE_MS - 1);
  counts.add(7, NOW + MINUTE_MS);
  assert.equal(counts.list(NOW + MINUTE_MS).length, 60);
  assert.deepEqual(tailOf(counts, NOW + MINUTE_MS), [0, 5, 7]);
  assert.deepEqual(tailOf(counts, NOW + 2 * MINUTE_MS), [5, 7, 0]);
});

Deno.test("MinuteCounts forgets what is 60 minutes old", () => {
  const counts = MinuteCounts.fresh(NOW);
  counts.add(2, NOW);
  assert.equal(counts.list(NOW + 59 * MINUTE_MS)[0], 2);
  const later = counts.list(NOW + 60 * MINUTE_MS);
  assert.deepEqual(later, new Array(60).fill(0));
});

Deno.test("MinuteCounts forgets all over a pause of years", () => {
  const counts = MinuteCounts.fresh(0);
  counts.add(2, 0);
  assert.deepEqual(counts.list(NOW * 1e6), new Array(60).fill(0));
});

Deno.test("MinuteCounts goes on when the clock steps back", () => {
  const counts = MinuteCounts.fresh(NOW);
  counts.add(2, NOW);
  counts.add(3, NOW - 100 * MINUTE_MS);
  assert.deepEqual(tailOf(counts, NOW - 99 * MINUTE_MS), [0, 5, 0]);
});

Deno.test("MinuteCounts comes back as it was stored", () => {
  const counts = MinuteCounts.fresh(NOW);
  counts.add(4, NOW);
  const saved = SAVED_MINUTES.parse(JSON.parse(JSON.stringify(counts.saved())));
  const again = new MinuteCounts(saved);
  assert.deepEqual(tailOf(again, NOW + MINUTE_MS), [0, 4, 0]);
});
