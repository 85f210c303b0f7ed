/**
 * Who asked who is in a device room, and when.
 *
 * @module
 */

import type { RoomQuery } from "../wire/record.ts";
import { notPurged } from "./purged_room_table.ts";
import { storable } from "./row.ts";
import type { SqlGroup } from "./sqlite_protocol.ts";

const INSERT_QUERY =
  `INSERT OR IGNORE INTO room_query (id, room_id, user_id, at)
  SELECT ?1, ?2, ?3, ?4
  WHERE ${notPurged({ roomId: "?2", at: "?4" })}`;

/** A query that was answered. */
export function insertRoomQuery(
  { at, id, roomId, userId }: RoomQuery,
): SqlGroup {
  return [{ sql: INSERT_QUERY, params: [id, roomId, storable(userId), at] }];
}
