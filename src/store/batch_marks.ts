/**
 * How far a room's records are in batches, and what is in none.
 *
 * @module
 */

import { integer } from "./row.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";

/** Messages looked at at a time, unless a batch may be larger. */
const MESSAGES_MAX = 10_000;

const SELECT_MARKS = `SELECT room.*,
    room.status = 'ended' AND settled_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM session WHERE room_id = room.id AND left_at IS NULL
    ) AS is_closing,
    ifnull((
      SELECT max(leave_seq) FROM session
      WHERE room_id = room.id AND leave_seq IS NOT NULL
    ), 0) AS left_count
  FROM room WHERE id = ?`;

// Named by kind, so that the log is read by seq and not by its chat index.
const SELECT_UNBATCHED = `SELECT seq, octet_length(payload) AS bytes
  FROM log_entry
  WHERE room_id = ?1 AND seq > (SELECT chat_mark FROM room WHERE id = ?1)
  AND kind = 'message' AND deleted_at IS NULL
  ORDER BY seq LIMIT ?2`;

const SELECT_CHATTY = `SELECT id FROM room INDEXED BY room_active_by_id
  WHERE status = 'active' AND id > ? AND last_seq > chat_mark
  ORDER BY id LIMIT ?`;

const SELECT_LEFT = `SELECT id FROM room INDEXED BY room_active_by_id
  WHERE status = 'active' AND id > ? AND EXISTS (
    SELECT 1 FROM session
    WHERE room_id = room.id AND leave_seq > room.leave_mark
  )
  ORDER BY id LIMIT ?`;

/** The two kinds of records that are sent in batches. */
export type BatchKind = "chat" | "session";

/** How large a batch may be. */
export interface BatchLimits {
  readonly chatMax: number;
  readonly sessionMax: number;
  /** Most bytes of stored messages in a batch of more than one. */
  readonly bytesMax: number;
}

/** Where a room's batches stand. */
export interface RoomMarks {
  readonly roomId: string;
  readonly lastSeq: number;
  readonly chatMark: number;
  readonly chatLast: number;
  readonly chatBatched: number;
  readonly chatBatches: number;
  /** Stays that ended. */
  readonly leftCount: number;
  readonly leaveMark: number;
  readonly sessionBatches: number;
  /** Whether it ended, nobody is in it, and its end was not told. */
  readonly isClosing: boolean;
}

/** A page of rooms that go on and have records in no batch, by id. */
export function selectRoomsWithNews(
  kind: BatchKind,
  page: { readonly afterRoomId: string; readonly limit: number },
): SqlStatement {
  const sql = kind === "chat" ? SELECT_CHATTY : SELECT_LEFT;
  return { sql, params: [page.afterRoomId, page.limit] };
}

/** At most one row: where a room stands. */
export function selectMarks(roomId: string): SqlStatement {
  return { sql: SELECT_MARKS, params: [roomId] };
}

/** What the row of {@linkcode selectMarks} says. */
export function marksOf(row: SqlRow, roomId: string): RoomMarks {
  return {
    roomId,
    lastSeq: integer(row, "last_seq"),
    chatMark: integer(row, "chat_mark"),
    chatLast: integer(row, "chat_last"),
    chatBatched: integer(row, "chat_batched"),
    chatBatches: integer(row, "chat_batches"),
    leftCount: integer(row, "left_count"),
    leaveMark: integer(row, "leave_mark"),
    sessionBatches: integer(row, "session_batches"),
    isClosing: integer(row, "is_closing") === 1,
  };
}

/** Messages that are in no batch, ascending, as many as are looked at at a time. */
export function selectUnbatched(
  roomId: string,
  size: BatchLimits,
): SqlStatement {
  return { sql: SELECT_UNBATCHED, params: [roomId, messagesMax(size)] };
}

/** How many {@linkcode selectUnbatched} reads: more than one batch can hold. */
export function messagesMax({ chatMax }: BatchLimits): number {
  return Math.max(MESSAGES_MAX, chatMax + 1);
}
