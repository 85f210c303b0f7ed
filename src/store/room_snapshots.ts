/**
 * Snapshots of all rooms that go on, in one statement a type.
 *
 * @module
 */

import type { CallbackPlan } from "../wire/callback.ts";
import { placeOf, SNAPSHOT_PREFIX } from "./event_table.ts";
import type { SqlGroup } from "./sqlite_protocol.ts";

// A snapshot's endpoint takes nothing else: a lane there is one that waits.
const INSERT_SNAPSHOTS = `INSERT OR IGNORE INTO event (
    id, room_id, type, at, data, endpoint, state, queued_at
  ) SELECT ?1 || id || ?2, id, ?3, ?4, '{}', ?5, 'pending', ?4
  FROM room INDEXED BY room_active_by_id
  WHERE status = 'active' AND NOT EXISTS (
    SELECT 1 FROM callback_lane WHERE room_id = room.id AND endpoint = ?5
  )
  ORDER BY id`;

/** Types that say how a room stands. */
export type SnapshotType = keyof typeof SNAPSHOT_PREFIX;

/**
 * One group a type that has somewhere to go; it changes as many rows as there
 * are rooms whose last snapshot does not wait.
 */
export function insertSnapshots(
  types: readonly SnapshotType[],
  at: number,
  plan: CallbackPlan,
): SqlGroup[] {
  const groups: SqlGroup[] = [];
  for (const type of types) {
    const { endpoint, state } = placeOf(type, plan);
    if (state === null) continue;
    const id = [`${SNAPSHOT_PREFIX[type]}_`, `_${at}`];
    const params = [...id, type, at, endpoint];
    groups.push([{ sql: INSERT_SNAPSHOTS, params }]);
  }
  return groups;
}
