/**
 * Rooms that were purged, so that they stay so.
 *
 * A record is known by its row, and a purge removes the rows. After a crash the
 * journal may hold records of a room that was purged since, and has them
 * applied again: they would bring back what was to be forgotten, and tell it to
 * backends a second time. So the database keeps which rooms it forgot last, and
 * until when. An id may be given to a new room, whose records are newer.
 *
 * @module
 */

import type { SqlStatement } from "./sqlite_protocol.ts";

/** Rooms remembered: many more than a journal has room for. */
const PURGED_MAX = 100_000;

// Nothing waits for such a room, be it a lane or an operator.
const INSERT_PURGED = `INSERT OR REPLACE INTO purged_room (room_id, through_at)
  SELECT id, max(
      created_at, ended_at, settled_at,
      ifnull(last_message_at, 0), ifnull(last_left_at, 0)
    )
  FROM room
  WHERE id = ? AND status = 'ended' AND settled_at IS NOT NULL
  AND ${nothingWaits("room.id")}`;

const TRIM = `DELETE FROM purged_room
  WHERE number <= (SELECT max(number) FROM purged_room) - ?`;

/**
 * A condition in SQL: the record does not belong to a room that was purged. The
 * parts are its room's id and its instant, in SQL.
 */
export function notPurged(
  { at, roomId }: { readonly roomId: string; readonly at: string },
): string {
  return `NOT EXISTS (
    SELECT 1 FROM purged_room WHERE room_id = ${roomId} AND through_at >= ${at}
  )`;
}

/** A condition in SQL: no event of a room is pending or a dead letter. */
export function nothingWaits(roomId: string): string {
  return `NOT EXISTS (SELECT 1 FROM callback_lane WHERE room_id = ${roomId})
    AND NOT EXISTS (
      SELECT 1 FROM event INDEXED BY event_dead_by_room
      WHERE room_id = ${roomId} AND state = 'dead'
    )`;
}

/** Remembers a room as purged, unless it may not be; one row or none. */
export function rememberPurged(roomId: string): SqlStatement {
  return { sql: INSERT_PURGED, params: [roomId] };
}

/** Forgets the rooms that were purged first, of those that are too many. */
export function trimPurged(): SqlStatement {
  return { sql: TRIM, params: [PURGED_MAX] };
}
