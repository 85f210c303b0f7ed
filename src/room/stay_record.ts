/**
 * The records of a stay.
 *
 * In a device room they say from where to where in the log it lasted, so that
 * who heard what is known exactly: times of equal milliseconds do not tell.
 *
 * @module
 */

import type { DurableRecord } from "../wire/record.ts";
import type { RoomState } from "./room_state.ts";
import type { Session } from "./session.ts";

/** A stay that begins now. `peakUsers` counts it already. */
export function openedRecord(
  { id, userId, nickname, ip }: Session,
  { id: roomId, kind, lastSeq }: RoomState,
  { now: joinedAt, peakUsers }: { now: number; peakUsers: number },
): DurableRecord {
  const stay = { id, roomId, userId, nickname, ip, joinedAt, peakUsers };
  const session = kind === "device" ? { ...stay, afterSeq: lastSeq } : stay;
  return { type: "session_opened", session };
}

/** A stay that ends now, with a WebSocket close code. */
export function closedRecord(
  { id }: Session,
  { id: roomId, kind, lastSeq }: RoomState,
  { now: leftAt, closeCode }: { now: number; closeCode: number },
): DurableRecord {
  const stay = { id, roomId, leftAt, closeCode };
  const session = kind === "device" ? { ...stay, throughSeq: lastSeq } : stay;
  return { type: "session_closed", session };
}
