import assert from "node:assert/strict";
import {
  judgeRoom,
  type ReapBounds,
  type RoomStanding,
} from "../../src/jobs/reap_rule.ts";
import type { Quiet } from "../../src/room/quiet_watch.ts";
import { MINUTE_MS } from "./reap_world.ts";

const HOUR_MS = 60 * MINUTE_MS;
const LONG_QUIET: Quiet = { ageMs: HOUR_MS, emptyMs: HOUR_MS, silentMs: null };
const LONG_EMPTY: RoomStanding = {
  kind: "chat",
  isWaiting: false,
  autoClose: true,
  isPinned: false,
  isFed: false,
  quiet: LONG_QUIET,
};
const TEN_MINUTES: ReapBounds = {
  idleMs: 10 * MINUTE_MS,
  deviceIdleMs: null,
  liveIdleMs: null,
  force: false,
};
const FORCED: ReapBounds = { ...TEN_MINUTES, force: true };

/** Reason and time of a room that is quiet for so long. */
function verdictOn(quiet: Partial<Quiet>, bounds = TEN_MINUTES) {
  const room = { ...LONG_EMPTY, quiet: { ...LONG_QUIET, ...quiet } };
  const { reason, dueInMs } = judgeRoom(room, bounds);
  return [reason, dueInMs];
}

Deno.test("judgeRoom lets a room go that everybody left long ago", () => {
  assert.deepEqual(judgeRoom(LONG_EMPTY, TEN_MINUTES), {
    reason: "due",
    dueInMs: 0,
  });
});

Deno.test("judgeRoom spares a room younger than five minutes", () => {
  const at = 5 * MINUTE_MS;
  const bounds = { ...TEN_MINUTES, idleMs: 0 };
  const young = (ageMs: number) => verdictOn({ ageMs, emptyMs: ageMs }, bounds);
  assert.deepEqual(young(at - 1), ["too_young", 1]);
  assert.deepEqual(young(at), ["due", 0]);
  assert.deepEqual(young(at + 1), ["due", 0]);
});

Deno.test("judgeRoom spares a room that was left a short time ago", () => {
  const at = 10 * MINUTE_MS;
  assert.deepEqual(verdictOn({ emptyMs: at - 1 }), ["emptied_recently", 1]);
  assert.deepEqual(verdictOn({ emptyMs: at }), ["due", 0]);
  assert.deepEqual(verdictOn({ emptyMs: at + 1 }), ["due", 0]);
});

Deno.test("judgeRoom spares an empty room that somebody wrote to", () => {
  const at = 10 * MINUTE_MS;
  assert.deepEqual(verdictOn({ silentMs: at - 1 }), ["spoken_recently", 1]);
  assert.deepEqual(verdictOn({ silentMs: at }), ["due", 0]);
});

Deno.test("judgeRoom tells which bound of time is the last", () => {
  const times = { ageMs: MINUTE_MS, emptyMs: MINUTE_MS, silentMs: 0 };
  assert.deepEqual(verdictOn(times), ["spoken_recently", 10 * MINUTE_MS]);
  assert.deepEqual(verdictOn({ ...times, silentMs: 3 * MINUTE_MS }), [
    "emptied_recently",
    9 * MINUTE_MS,
  ]);
  assert.deepEqual(verdictOn(times, { ...TEN_MINUTES, idleMs: MINUTE_MS }), [
    "too_young",
    4 * MINUTE_MS,
  ]);
});

Deno.test("judgeRoom lifts every bound of time when forced", () => {
  const now = { ageMs: 0, emptyMs: 0, silentMs: 0 };
  assert.deepEqual(verdictOn(now, FORCED), ["due", 0]);
});

Deno.test("judgeRoom lets nothing but time be forced", () => {
  const kept: [change: Partial<RoomStanding>, reason: string][] = [
    [{ isWaiting: true }, "waiting"],
    [{ autoClose: false }, "auto_close_off"],
    [{ isPinned: true }, "pinned"],
    [{ quiet: null }, "connected"],
  ];
  for (const [change, reason] of kept) {
    for (const bounds of [TEN_MINUTES, FORCED]) {
      const verdict = judgeRoom({ ...LONG_EMPTY, ...change }, bounds);
      assert.deepEqual(verdict, { reason, dueInMs: null });
    }
  }
});

const DEVICE_MINUTES: ReapBounds = {
  idleMs: 0,
  deviceIdleMs: 10 * MINUTE_MS,
  liveIdleMs: null,
  force: false,
};

/** Reason and time of a room of devices. */
function deviceVerdictOn(
  change: Partial<RoomStanding>,
  bounds = DEVICE_MINUTES,
) {
  const room: RoomStanding = { ...LONG_EMPTY, kind: "device", ...change };
  const { reason, dueInMs } = judgeRoom(room, bounds);
  return [reason, dueInMs];
}

function emptyFor(emptyMs: number): Pick<RoomStanding, "quiet"> {
  return { quiet: { ...LONG_QUIET, emptyMs } };
}

Deno.test("judgeRoom lets a device room go once it was empty for its own time", () => {
  const at = 10 * MINUTE_MS;
  assert.deepEqual(deviceVerdictOn(emptyFor(at - 1)), ["emptied_recently", 1]);
  assert.deepEqual(deviceVerdictOn(emptyFor(at)), ["due", 0]);
  assert.deepEqual(deviceVerdictOn(emptyFor(at + 1)), ["due", 0]);
});

Deno.test("judgeRoom heeds neither the age of a device room nor its messages", () => {
  const bounds = { ...DEVICE_MINUTES, deviceIdleMs: 1000 };
  const quiet = { ageMs: 1000, emptyMs: 1000, silentMs: 0 };
  assert.deepEqual(deviceVerdictOn({ quiet }, bounds), ["due", 0]);
  assert.deepEqual(
    deviceVerdictOn({ quiet: { ...quiet, emptyMs: 0 } }, bounds),
    ["emptied_recently", 1000],
  );
});

Deno.test("judgeRoom spares device rooms that never go, forced or not", () => {
  for (const force of [false, true]) {
    const bounds = { ...DEVICE_MINUTES, deviceIdleMs: null, force };
    assert.deepEqual(deviceVerdictOn({}, bounds), ["auto_close_off", null]);
  }
});

Deno.test("judgeRoom lets nothing but time be forced of a device room", () => {
  const forced = { ...DEVICE_MINUTES, force: true };
  assert.deepEqual(deviceVerdictOn(emptyFor(0), forced), ["due", 0]);
  const kept: [change: Partial<RoomStanding>, reason: string][] = [
    [{ autoClose: false }, "auto_close_off"],
    [{ isPinned: true }, "pinned"],
    [{ quiet: null }, "connected"],
  ];
  for (const [change, reason] of kept) {
    assert.deepEqual(deviceVerdictOn(change, forced), [reason, null]);
    assert.deepEqual(deviceVerdictOn(change), [reason, null]);
  }
});

const LIVE_MINUTES: ReapBounds = {
  idleMs: 0,
  deviceIdleMs: 0,
  liveIdleMs: 10 * MINUTE_MS,
  force: false,
};

/** Reason and time of a live room that is not fed any more. */
function liveVerdictOn(
  change: Partial<RoomStanding>,
  bounds = LIVE_MINUTES,
) {
  const room: RoomStanding = { ...LONG_EMPTY, kind: "live", ...change };
  const { reason, dueInMs } = judgeRoom(room, bounds);
  return [reason, dueInMs];
}

Deno.test("judgeRoom spares a live room while it is fed, forced or not", () => {
  for (const force of [false, true]) {
    const bounds = { ...LIVE_MINUTES, force };
    assert.deepEqual(liveVerdictOn({ isFed: true }, bounds), ["fed", null]);
  }
});

Deno.test("judgeRoom lets a live room go by a time of its own, as one of users", () => {
  const at = 10 * MINUTE_MS;
  const quiet = (more: Partial<Quiet>) =>
    liveVerdictOn({ quiet: { ...LONG_QUIET, ...more } });
  assert.deepEqual(quiet({ emptyMs: at - 1 }), ["emptied_recently", 1]);
  assert.deepEqual(quiet({ emptyMs: at }), ["due", 0]);
  assert.deepEqual(quiet({ silentMs: at - 1 }), ["spoken_recently", 1]);
  assert.deepEqual(quiet({ silentMs: at }), ["due", 0]);
  const young = { ageMs: 4 * MINUTE_MS, emptyMs: at };
  assert.deepEqual(quiet(young), ["too_young", MINUTE_MS]);
});

Deno.test("judgeRoom spares live rooms that never go, forced or not", () => {
  for (const force of [false, true]) {
    const bounds = { ...LIVE_MINUTES, liveIdleMs: null, force };
    assert.deepEqual(liveVerdictOn({}, bounds), ["auto_close_off", null]);
  }
});

Deno.test("judgeRoom lets nothing but time be forced of a live room", () => {
  const forced = { ...LIVE_MINUTES, force: true };
  const now = { ageMs: 0, emptyMs: 0, silentMs: 0 };
  assert.deepEqual(liveVerdictOn({ quiet: now }, forced), ["due", 0]);
  const kept: [change: Partial<RoomStanding>, reason: string][] = [
    [{ autoClose: false }, "auto_close_off"],
    [{ isPinned: true }, "pinned"],
    [{ quiet: null }, "connected"],
  ];
  for (const [change, reason] of kept) {
    assert.deepEqual(liveVerdictOn(change, forced), [reason, null]);
  }
});
