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
  isWaiting: false,
  autoClose: true,
  isPinned: false,
  quiet: LONG_QUIET,
};
const TEN_MINUTES: ReapBounds = { idleMs: 10 * MINUTE_MS, force: false };
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
  const bounds = { idleMs: 0, force: false };
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
  assert.deepEqual(verdictOn(times, { idleMs: MINUTE_MS, force: false }), [
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
