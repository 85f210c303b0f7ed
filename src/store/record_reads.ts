/**
 * Records as the bodies of batches and snapshots tell them.
 *
 * @module
 */

import { chatRowOf, selectChat } from "./log_table.ts";
import { selectRoom, storedRoom } from "./room_table.ts";
import { integer, text } from "./row.ts";
import { selectSessions, sessionOf } from "./session_table.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { ChatRow, SessionRow, StoredRoom } from "./store.ts";

// Named by kind, so that the log is read by seq and not by its chat index.
const SELECT_CHAT_BETWEEN = `SELECT seq, id, actor, payload, at FROM log_entry
  WHERE room_id = ? AND seq BETWEEN ? AND ?
  AND kind = 'message' AND deleted_at IS NULL
  ORDER BY seq`;

const SELECT_STAYS_BETWEEN = `SELECT * FROM session
  WHERE room_id = ? AND leave_seq BETWEEN ? AND ? ORDER BY leave_seq`;

/** A stretch of a room's records, both ends included. */
export interface RecordRange {
  readonly from: number;
  readonly to: number;
}

/** A message, with its id. */
export interface ChatLineRow extends ChatRow {
  readonly id: string;
}

/** A stay that ended. */
export interface EndedStayRow extends Omit<SessionRow, "ip"> {
  readonly leftAt: number;
  readonly closeCode: number;
}

/** What a snapshot tells of a room's row. */
export type SyncedRoomRow = Pick<
  StoredRoom,
  | "name"
  | "adminUserIds"
  | "createdAt"
  | "lastMessageAt"
  | "peakUsers"
  | "totalJoins"
>;

/** Messages by number, ascending, but deleted ones. */
export function selectChatBetween(
  roomId: string,
  { from, to }: RecordRange,
): SqlStatement {
  return { sql: SELECT_CHAT_BETWEEN, params: [roomId, from, to] };
}

/** The newest messages, newest first. */
export function selectNewestChat(roomId: string, limit: number): SqlStatement {
  return selectChat(roomId, { page: 1, limit }).page;
}

/** What a row of either says. */
export function chatLineOf(row: SqlRow): ChatLineRow {
  return { ...chatRowOf(row), id: text(row, "id") };
}

/** Stays by their place in the order of ending, ascending. */
export function selectStaysBetween(
  roomId: string,
  { from, to }: RecordRange,
): SqlStatement {
  return { sql: SELECT_STAYS_BETWEEN, params: [roomId, from, to] };
}

/** The stays that began last of those that ended, newest first. */
export function selectNewestStays(roomId: string, limit: number): SqlStatement {
  return selectSessions(roomId, { page: 1, limit, closedOnly: true }).page;
}

/** What a row of either says. */
export function endedStayOf(row: SqlRow): EndedStayRow {
  const { id, userId, nickname, joinedAt } = sessionOf(row);
  const leftAt = integer(row, "left_at");
  const closeCode = integer(row, "close_code");
  return { id, userId, nickname, joinedAt, leftAt, closeCode };
}

/** At most one row. */
export function selectSyncedRoom(roomId: string): SqlStatement {
  return selectRoom(roomId);
}

/** What the row of {@linkcode selectSyncedRoom} says. */
export function syncedRoomOf(row: SqlRow): SyncedRoomRow {
  const room = storedRoom(row);
  const { name, adminUserIds, createdAt } = room;
  const { lastMessageAt, peakUsers, totalJoins } = room;
  return {
    name,
    adminUserIds,
    createdAt,
    lastMessageAt,
    peakUsers,
    totalJoins,
  };
}
