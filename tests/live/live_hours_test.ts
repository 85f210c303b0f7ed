import assert from "node:assert/strict";
import fc from "fast-check";
import { LiveHours, SAVED_HOURS } from "../../src/live/live_hours.ts";
import type { LinkState } from "../../src/wire/live.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const NOW = 500_000 * HOUR_MS;

function liveSince(at: number): LiveHours {
  const hours = LiveHours.fresh(at);
  hours.noteState("live", at);
  return hours;
}

/** As after a restart. */
function readAgain(hours: LiveHours): LiveHours {
  return new LiveHours(
    SAVED_HOURS.parse(JSON.parse(JSON.stringify(hours.saved()))),
  );
}

Deno.test("LiveHours knows the share of wanted time that was live", () => {
  const hours = LiveHours.fresh(NOW);
  hours.noteState("connecting", NOW);
  hours.noteState("live", NOW + 1000);
  hours.noteState("silent", NOW + 2000);
  hours.noteState("waiting", NOW + 4000);
  assert.equal(hours.measures(NOW + 4000).liveShare, 0.75);
  assert.equal(hours.measures(NOW + 6000).liveShare, 0.5);
});

Deno.test("LiveHours does not count time in which nobody wants it", () => {
  for (const state of ["ended", "stopped"] as const) {
    const hours = liveSince(NOW);
    hours.noteState(state, NOW + 1000);
    assert.equal(hours.measures(NOW + HOUR_MS).liveShare, 1, state);
  }
});

Deno.test("LiveHours knows nothing before it was live or wanted a minute", () => {
  const hours = LiveHours.fresh(NOW);
  const unknown = {
    liveShare: null,
    reconnectsPerHour: null,
    longestSilenceMs: null,
  };
  assert.deepEqual(hours.measures(NOW), unknown);
  assert.deepEqual(hours.measures(NOW + MINUTE_MS - 1), unknown);
  assert.deepEqual(hours.measures(NOW + MINUTE_MS), {
    liveShare: 0,
    reconnectsPerHour: 0,
    longestSilenceMs: null,
  });
});

Deno.test("LiveHours forgets what is 24 hours old", () => {
  const hours = liveSince(NOW);
  hours.noteReconnect(NOW + 1);
  hours.noteState("waiting", NOW + HOUR_MS / 2);
  const before = hours.measures(NOW + 24 * HOUR_MS - 1);
  assert.equal(before.liveShare, 0.0208, "half an hour of 24");
  assert.equal(before.reconnectsPerHour, 0.04);
  assert.equal(before.longestSilenceMs, HOUR_MS / 2);
  const after = hours.measures(NOW + 24 * HOUR_MS);
  assert.deepEqual(after, {
    liveShare: 0,
    reconnectsPerHour: 0,
    longestSilenceMs: null,
  });
});

Deno.test("LiveHours books a pause of years as a day", () => {
  const hours = LiveHours.fresh(NOW);
  hours.noteReconnect(NOW);
  hours.noteState("live", NOW);
  hours.noteState("waiting", NOW + 1);
  const later = NOW + 50_000 * HOUR_MS;
  assert.deepEqual(hours.measures(later), {
    liveShare: 0,
    reconnectsPerHour: 0,
    longestSilenceMs: null,
  });
  assert.equal(hours.saved().hours.length, 24);
});

Deno.test("LiveHours counts reconnects an hour of wanted time", () => {
  const hours = LiveHours.fresh(NOW);
  for (let count = 0; count < 6; count++) hours.noteReconnect(NOW);
  assert.equal(hours.measures(NOW + MINUTE_MS).reconnectsPerHour, 6);
  assert.equal(hours.measures(NOW + HOUR_MS).reconnectsPerHour, 6);
  assert.equal(hours.measures(NOW + 4 * HOUR_MS).reconnectsPerHour, 1.5);
  hours.noteState("stopped", NOW + 4 * HOUR_MS);
  assert.equal(hours.measures(NOW + 6 * HOUR_MS).reconnectsPerHour, 1.5);
});

Deno.test("LiveHours finds the longest silence while it was live", () => {
  const hours = liveSince(NOW);
  hours.noteMessage(NOW + 1000);
  hours.noteState("silent", NOW + 61_000);
  hours.noteMessage(NOW + 91_000);
  hours.noteState("live", NOW + 91_000);
  hours.noteMessage(NOW + 92_000);
  assert.equal(hours.measures(NOW + 93_000).longestSilenceMs, 90_000);
});

Deno.test("LiveHours counts a silence that goes on, or was cut", () => {
  const hours = liveSince(NOW);
  assert.equal(hours.measures(NOW + 5000).longestSilenceMs, 5000);
  hours.noteState("waiting", NOW + 120_000);
  hours.noteMessage(NOW + 500_000);
  hours.noteState("live", NOW + 600_000);
  assert.equal(hours.measures(NOW + 601_000).longestSilenceMs, 120_000);
});

Deno.test("LiveHours counts the time without a process as wanted", () => {
  const hours = liveSince(NOW);
  hours.noteMessage(NOW + 1000);
  const again = readAgain(hours);
  const { liveShare, longestSilenceMs } = again.measures(NOW + 4000);
  assert.equal(liveShare, 0.25);
  assert.equal(longestSilenceMs, 1000, "nobody listened meanwhile");
});

Deno.test("LiveHours that were of no use come back so", () => {
  const hours = liveSince(NOW);
  hours.noteState("ended", NOW + 1000);
  assert.equal(readAgain(hours).measures(NOW + HOUR_MS).liveShare, 1);
});

Deno.test("LiveHours keeps what it booked when the clock steps back", () => {
  const hours = liveSince(NOW);
  hours.noteMessage(NOW + HOUR_MS);
  const back = hours.measures(NOW - 10 * HOUR_MS);
  assert.equal(back.liveShare, 1);
  assert.equal(back.longestSilenceMs, HOUR_MS);
  hours.noteMessage(NOW - 10 * HOUR_MS + 5000);
  hours.noteState("waiting", NOW - 10 * HOUR_MS + 5000);
  const later = hours.measures(NOW - 9 * HOUR_MS + 10_000);
  assert.equal(later.liveShare, 0.5, "an hour and 5 s of twice that");
  assert.equal(later.longestSilenceMs, HOUR_MS);
});

Deno.test("LiveHours stays within its bounds whatever the clock does", () => {
  const states: LinkState[] = ["live", "silent", "waiting", "ended", "stopped"];
  const step = fc.record({
    ms: fc.integer({ min: -40 * HOUR_MS, max: 40 * HOUR_MS }),
    state: fc.constantFrom(...states, undefined),
    isReconnect: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const hours = LiveHours.fresh(NOW);
    let now = NOW;
    for (const { ms, state, isReconnect } of steps) {
      now = Math.max(0, now + ms);
      if (state === undefined) hours.noteMessage(now);
      else hours.noteState(state, now);
      if (isReconnect) hours.noteReconnect(now);
      const { liveShare, reconnectsPerHour, longestSilenceMs } = hours.measures(
        now,
      );
      assert(liveShare === null || (liveShare >= 0 && liveShare <= 1));
      assert(reconnectsPerHour === null || reconnectsPerHour >= 0);
      assert(longestSilenceMs === null || longestSilenceMs >= 0);
      assert.equal(SAVED_HOURS.safeParse(hours.saved()).success, true);
    }
  }));
});
