import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import type { EventLog, PurgeReport } from "../../src/callback/outbox.ts";
import { Retention } from "../../src/callback/retention.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A retention over a log that answers the given steps, then has nothing. */
function newRetention(steps: PurgeReport[], retentionMs = 168 * HOUR_MS) {
  const asked: Parameters<EventLog["purge"]>[0][] = [];
  const clock = new FakeClock();
  const log = new RecordingLog();
  const metrics = new Metrics();
  const events: Pick<EventLog, "purge"> = {
    purge: (bounds) => {
      asked.push(bounds);
      const step = steps.shift() ?? { removed: 0, forgotten: 0, died: 0 };
      return Promise.resolve(step);
    },
  };
  const options = { events, retentionMs, clock, log, metrics };
  return { asked, log, metrics, retention: new Retention(options) };
}

Deno.test("Retention removes events by the setting and dead letters after 30 days", async () => {
  const { asked, log, retention } = newRetention([]);
  await retention.purge();
  assert.deepEqual(asked, [{
    before: START_AT - 168 * HOUR_MS,
    deadBefore: START_AT - 30 * DAY_MS,
    now: START_AT,
    limit: 5000,
  }]);
  assert.deepEqual(log.texts, []);
});

Deno.test("Retention keeps dead letters as long as the stream goes back", async () => {
  for (
    const [retentionDays, deadDays] of [[29, 30], [30, 30], [31, 31]] as const
  ) {
    const { asked, retention } = newRetention([], retentionDays * DAY_MS);
    await retention.purge();
    assert.equal(asked[0]?.deadBefore, START_AT - deadDays * DAY_MS);
  }
});

Deno.test("Retention goes on in steps until nothing is left", async () => {
  const { asked, log, metrics, retention } = newRetention([
    { removed: 5000, forgotten: 2, died: 0 },
    { removed: 0, forgotten: 0, died: 7 },
    { removed: 0, forgotten: 1, died: 0 },
    { removed: 3, forgotten: 0, died: 0 },
  ]);
  const report = await retention.purge();
  assert.deepEqual(report, { removed: 5003, forgotten: 3, died: 7 });
  assert.equal(asked.length, 5);
  assert.deepEqual(log.texts, [
    "warn Gave up 7 callbacks that waited too long, forgot 3 dead letters",
    "debug Removed 5003 old events",
  ]);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_callbacks_forgotten_total 3$/m);
  assert.match(body, /^parlor_callbacks_expired_total 7$/m);
});

Deno.test("Retention warns of nothing when only old events were removed", async () => {
  const steps = [{ removed: 1, forgotten: 0, died: 0 }];
  const { log, retention } = newRetention(steps);
  await retention.purge();
  assert.deepEqual(log.texts, ["debug Removed 1 old events"]);
});

Deno.test("Retention ends after the step that it is at when it is stopped", async () => {
  const full = { removed: 5000, forgotten: 0, died: 0 };
  const { asked, retention } = newRetention([full, full, full]);
  const abort = new AbortController();
  const purge = retention.purge(abort.signal);
  abort.abort();
  assert.deepEqual(await purge, full);
  assert.equal(asked.length, 1);
});

Deno.test("Retention hands on a failure of the database", async () => {
  const retention = new Retention({
    events: { purge: () => Promise.reject(new Error("disk full")) },
    retentionMs: 1,
    clock: new FakeClock(),
    log: new RecordingLog(),
    metrics: new Metrics(),
  });
  await assert.rejects(retention.purge(), /disk full/);
});
