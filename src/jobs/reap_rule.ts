/**
 * Which rooms end by themselves (seed 0, COMPAT 0.2), and why the others do
 * not.
 *
 * A room goes when it may end by itself, is old enough, and its users have all
 * been gone, and silent, for long enough. A user who is connected and says
 * nothing counts as here: only the end of the last connection starts the time.
 *
 * A room of devices goes by its emptiness alone (seed 3). It is made without
 * anybody's asking and a device that comes back finds another, so neither its
 * age nor what was said last is a reason to keep it.
 *
 * A live room stays while its link is to be kept up, whoever watches: what comes
 * meanwhile is in its log. After that it goes like a room of users, by a time of
 * its own.
 *
 * The rule knows no clock. It is told how long each thing was ago, and so it is
 * the same for a run, for its rehearsal and for whoever asks why.
 *
 * @module
 */

import type { Quiet } from "../room/quiet_watch.ts";
import type { RoomKind } from "../wire/record.ts";

/** A room younger than this is spared, in ms, unless forced. */
export const ROOM_AGE_MS_MIN = 300_000;

/** Why a room goes, or does not. */
export type ReapReason =
  /** It goes. */
  | "due"
  /** Its first user still waits for the second. */
  | "waiting"
  /** It stays until somebody ends it: it was made so, or all of its kind do. */
  | "auto_close_off"
  /** What feeds it is to be kept up, or it is not known yet that it is not. */
  | "fed"
  /** It has a pinned notice. */
  | "pinned"
  /** Somebody is connected, however silent. */
  | "connected"
  | "too_young"
  /** The last connection ended too short a time ago, or none came yet. */
  | "emptied_recently"
  /** The last message, over HTTP too, is too short a time ago. */
  | "spoken_recently"
  /** Somebody is just about to join it or to say something. */
  | "busy"
  /** It has ended already. */
  | "ended";

/** What the rule asks of a room. */
export interface RoomStanding {
  readonly kind: RoomKind;
  readonly isWaiting: boolean;
  readonly autoClose: boolean;
  readonly isPinned: boolean;
  /** Of a live room: whether its link is wanted, or may be; else `false`. */
  readonly isFed: boolean;
  /** `null` while somebody is connected. */
  readonly quiet: Quiet | null;
}

/** How long is long enough. */
export interface ReapBounds {
  /** In ms, since the last connection and since the last message. */
  readonly idleMs: number;
  /** In ms, since the last connection of a device room; `null` is never. */
  readonly deviceIdleMs: number | null;
  /**
   * In ms, since the last viewer of a live room and since the last message;
   * `null` is never.
   */
  readonly liveIdleMs: number | null;
  /** Lifts every bound of time, and nothing else. */
  readonly force: boolean;
}

/** What the rule says of a room. */
export interface Verdict {
  readonly reason: ReapReason;
  /**
   * When the room goes if nothing happens to it, in ms from now: 0 when it is
   * due, `null` when time alone does not end it.
   */
  readonly dueInMs: number | null;
}

const DUE: Verdict = { reason: "due", dueInMs: 0 };

/** Decides about one room. Of several bounds of time, the last one counts. */
export function judgeRoom(room: RoomStanding, bounds: ReapBounds): Verdict {
  const idleMs = idleMsOf(room.kind, bounds);
  if (room.isWaiting) return spare("waiting");
  if (!room.autoClose || idleMs === null) return spare("auto_close_off");
  if (room.isFed) return spare("fed");
  if (room.isPinned) return spare("pinned");
  if (room.quiet === null) return spare("connected");
  if (bounds.force) return DUE;
  return room.kind === "device"
    ? judgeEmptiness(DUE, room.quiet, idleMs)
    : judgeTimes(room.quiet, idleMs);
}

/** The verdict on a room that something other than time keeps. */
export function spare(reason: ReapReason): Verdict {
  return { reason, dueInMs: null };
}

function idleMsOf(
  kind: RoomKind,
  { deviceIdleMs, idleMs, liveIdleMs }: ReapBounds,
): number | null {
  switch (kind) {
    case "device":
      return deviceIdleMs;
    case "live":
      return liveIdleMs;
    default:
      return idleMs;
  }
}

function judgeTimes(quiet: Quiet, idleMs: number): Verdict {
  const { ageMs, silentMs } = quiet;
  const spoken = silentMs === null ? 0 : idleMs - silentMs;
  let last = later(DUE, "too_young", ROOM_AGE_MS_MIN - ageMs);
  last = later(last, "spoken_recently", spoken);
  return judgeEmptiness(last, quiet, idleMs);
}

function judgeEmptiness(
  known: Verdict,
  { emptyMs }: Quiet,
  idleMs: number,
): Verdict {
  return later(known, "emptied_recently", idleMs - emptyMs);
}

function later(known: Verdict, reason: ReapReason, dueInMs: number): Verdict {
  const isLater = dueInMs > 0 && dueInMs >= (known.dueInMs ?? 0);
  return isLater ? { reason, dueInMs } : known;
}
