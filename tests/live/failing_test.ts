import assert from "node:assert/strict";
import { Failing } from "../../src/live/failing.ts";
import { Ladder } from "../../src/live/ladder.ts";
import { LinkRecord } from "../../src/live/link_record.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("Failing counts attempts until it ends, and since when", async () => {
  const clock = new FakeClock();
  const addedAt = clock.now();
  const record = new LinkRecord({ liveId: "1", source: "fake", addedAt });
  const ladder = new Ladder({ jitter: 0, fraction: () => 0 });
  const failing = new Failing({ record, ladder, clock });
  assert.equal(failing.waitMs(), 1000);
  await clock.advance(1000);
  assert.equal(failing.attempt(), 1);
  assert.equal(failing.waitMs(), 2000);
  assert.equal(record.memory.failingSinceAt, addedAt);
  await clock.advance(3_599_000);
  assert.equal(failing.waitMs(), 120_000);
  assert.equal(record.memory.failingMs, 3_600_000);
  failing.pause();
  await clock.advance(3_600_000);
  assert.equal(failing.waitMs(), 240_000);
  assert.equal(record.memory.failingMs, 3_600_000);
  assert.equal(failing.end(), true);
  assert.equal(record.memory.failingSinceAt, null);
  assert.equal(failing.end(), false);
  assert.equal(failing.waitMs(), 1000);
});
