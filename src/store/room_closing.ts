/**
 * What is told of a room that ended: its last batches, then that it closed.
 *
 * @module
 */

import { readNews } from "./batch_queue.ts";
import { type BatchOptions, chatStep, sessionStep } from "./batch_step.ts";
import { placeOf, snapshotOf } from "./event_table.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import type { SqlStatement } from "./sqlite_protocol.ts";

const SELECT_ENDED = `SELECT id FROM room INDEXED BY room_unsettled
  WHERE status = 'ended' AND settled_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM session WHERE room_id = room.id AND left_at IS NULL
  )
  ORDER BY ended_at, id LIMIT ?`;

// The marks are those that the batches behind it were worked out from.
const SETTLE = `UPDATE room SET settled_at = ?
  WHERE id = ? AND status = 'ended' AND settled_at IS NULL
  AND chat_mark = ? AND leave_mark = ?`;

const INSERT_CLOSED = `INSERT OR IGNORE INTO event (
    id, room_id, type, at, data, endpoint, state, queued_at
  ) SELECT 'closed_' || id, id, 'RoomClosed', ended_at, json_object(
      'currentUsers', (
        SELECT count(DISTINCT user_id) FROM session
        WHERE room_id = room.id AND left_at >= room.ended_at
      ),
      'peakUsers', peak_users,
      'totalJoins', total_joins
    ), ?, ?, ?
  FROM room WHERE id = ?`;

/** Rooms that ended, all stays too, and whose end was not told; oldest first. */
export function selectEndedRooms(limit: number): SqlStatement {
  return { sql: SELECT_ENDED, params: [limit] };
}

/**
 * Tells a room's end, unless it goes on, somebody is in it, or it was told.
 * When there are more batches than one step makes, those come first by
 * themselves; the last ones and the end are one transaction.
 */
export async function queueClosing(
  connection: SqliteConnection,
  roomId: string,
  options: BatchOptions,
): Promise<void> {
  for (;;) {
    const news = await readNews(connection, roomId, options);
    if (news === undefined || !news.marks.isClosing) return;
    const { marks, unbatched } = news;
    const chat = chatStep(marks, unbatched, options);
    const session = sessionStep(marks, options);
    const partial = [chat, session].filter(({ isWhole }) => !isWhole);
    if (partial.length > 0) {
      await connection.transaction(partial.map(({ group }) => group));
      continue;
    }
    const { chatMark, leaveMark } = marks;
    const params = [options.at, roomId, chatMark, leaveMark];
    const [settled = 0] = await connection.transaction([[
      { sql: SETTLE, params },
      ...chat.group,
      ...session.group,
      ...closingEvents(roomId, options),
    ]]);
    if (settled > 0) return;
  }
}

function closingEvents(
  roomId: string,
  { at, plan }: BatchOptions,
): SqlStatement[] {
  const { endpoint, state } = placeOf("RoomClosed", plan);
  const params = [endpoint, state, at, roomId];
  const closed = { sql: INSERT_CLOSED, params };
  const sync = snapshotOf("RoomSync", { roomId, at }, plan);
  return sync === undefined ? [closed] : [closed, sync];
}
