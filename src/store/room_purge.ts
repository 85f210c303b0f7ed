/**
 * Removes rooms that ended with all that is known of them, step by step.
 *
 * First the room is remembered as purged, then its events go: from then on
 * nothing of it can be told again, so that no batch is delivered whose messages
 * are gone. The room's own row goes last. So a purge that is cut off is begun
 * again, and ends.
 *
 * @module
 */

import { removeEvents } from "./event_purge.ts";
import {
  nothingWaits,
  rememberPurged,
  trimPurged,
} from "./purged_room_table.ts";
import { selectRoom } from "./room_table.ts";
import { text } from "./row.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import { storeError } from "./sqlite_failure.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { PurgeQuery, StoreError } from "./store.ts";

/** Rows that one transaction removes: others write in between. */
export const STEP_ROWS_MAX = 2000;

const SELECT_PURGEABLE = `SELECT id FROM room INDEXED BY room_told
  WHERE status = 'ended' AND settled_at IS NOT NULL
  AND ended_at < ?1 AND settled_at < ?1 AND ${nothingWaits("room.id")}
  ORDER BY ended_at, id LIMIT ?2`;

const EVENTS = `SELECT number FROM event INDEXED BY event_by_room
  WHERE room_id = ? AND state IS NULL ORDER BY number LIMIT ?`;

const SELECT_EVENT = `SELECT number FROM event INDEXED BY event_by_room
  WHERE room_id = ? LIMIT 1`;

/** Tables of rows that belong to a room, and what tells those apart. */
const PARTS = [
  ["log_entry", "seq"],
  ["session", "number"],
  ["room_query", "number"],
  ["heart_link", "ordinal"],
  ["room_admin", "user_id"],
  ["room_ban", "user_id"],
  ["room_mute", "user_id"],
] as const;

const DELETE_ROOM = "DELETE FROM room WHERE id = ? AND status = 'ended'";

/** Rooms that may be purged, first ended first, as `id`. */
export function selectPurgeable(
  { endedBefore, limit }: PurgeQuery,
): SqlStatement {
  return { sql: SELECT_PURGEABLE, params: [endedBefore, limit] };
}

/** What a row of {@linkcode selectPurgeable} says. */
export function purgeableOf(row: SqlRow): string {
  return text(row, "id");
}

/** One statement a table: what removes some of a room's rows. */
export function deleteParts(roomId: string): SqlStatement[] {
  return PARTS.map(([table, key]) => ({
    sql: `DELETE FROM ${table} WHERE room_id = ?1 AND ${key} IN (
        SELECT ${key} FROM ${table} WHERE room_id = ?1 LIMIT ?2
      )`,
    params: [roomId, STEP_ROWS_MAX],
  }));
}

/**
 * Purges a room, unless there is none of this id.
 *
 * @throws {StoreError} `busy` when it may not be purged, or not yet.
 */
export async function purgeRoom(
  connection: SqliteConnection,
  roomId: string,
): Promise<void> {
  const [remembered = 0] = await connection
    .transaction([[rememberPurged(roomId)]]);
  if (remembered === 0) return await refuseKnown(connection, roomId);
  await repeat(connection, removeEvents(EVENTS, [roomId, STEP_ROWS_MAX]));
  // One may have been made to wait again meanwhile.
  const events = await connection
    .rows({ sql: SELECT_EVENT, params: [roomId] });
  if (events.length > 0) throw notYet(roomId);
  for (const part of deleteParts(roomId)) await repeat(connection, [[part]]);
  await connection.transaction([
    [{ sql: DELETE_ROOM, params: [roomId] }],
    [trimPurged()],
  ]);
}

async function refuseKnown(
  connection: SqliteConnection,
  roomId: string,
): Promise<void> {
  const rooms = await connection.rows(selectRoom(roomId));
  if (rooms.length > 0) throw notYet(roomId);
}

function notYet(roomId: string): StoreError {
  return storeError("busy", `Room ${roomId} goes on, or its callbacks wait`);
}

/** Takes a step until the last of its groups finds less than it may change. */
async function repeat(
  connection: SqliteConnection,
  step: readonly SqlGroup[],
): Promise<void> {
  let changed: number;
  do {
    const changes = await connection.transaction(step);
    changed = changes.at(-1) ?? 0;
  } while (changed >= STEP_ROWS_MAX);
}
