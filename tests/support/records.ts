/**
 * Records with short names: `a1` is message 1 of room `a`.
 *
 * @module
 */

import type { DurableRecord } from "../../src/wire/record.ts";
import { START_AT } from "./fake_clock.ts";

/** A message; `a1` unless told otherwise. */
export function messageRecord(
  roomId = "a",
  seq = 1,
  content = "hello",
): DurableRecord {
  return {
    type: "entry",
    entry: {
      roomId,
      seq,
      id: `${roomId}${seq}`,
      at: START_AT + seq,
      kind: "message",
      actor: "ann",
      payload: { nickname: "Ann", content, isAdmin: false },
    },
  };
}

/** Messages of one room, by their numbers. */
export function messageRecords(
  roomId: string,
  from: number,
  to: number,
): DurableRecord[] {
  return Array.from(
    { length: to - from + 1 },
    (_, index) => messageRecord(roomId, from + index),
  );
}

/** The end of a stay; no message. */
export function closedRecord(roomId = "a", id = "s1"): DurableRecord {
  return {
    type: "session_closed",
    session: { id, roomId, leftAt: START_AT, closeCode: 1000 },
  };
}

/** An entry's id, a session's id, or a room's id. */
export function recordName(record: DurableRecord): string {
  switch (record.type) {
    case "entry":
      return record.entry.id;
    case "room_created":
      return record.room.id;
    case "room_queried":
      return record.query.id;
    case "link_requested":
    case "link_settled":
      return record.link.id;
    default:
      return record.session.id;
  }
}
