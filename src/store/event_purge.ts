/**
 * Removes events that nobody waits for any more, and gives up those that wait
 * for too long, a bounded number at a time.
 *
 * @module
 */

import { SNAPSHOTS_SQL } from "./event_table.ts";
import type { SqlGroup, SqlStatement } from "./sqlite_protocol.ts";

/** What an operator reads of an event that was never delivered in time. */
const OVERDUE_ERROR = "Waited too long";

const DONE = `SELECT number FROM event INDEXED BY event_done
  WHERE state IS NULL AND at < ?1 ORDER BY at, number LIMIT ?2`;

const FORGOTTEN = `SELECT number FROM event INDEXED BY event_died
  WHERE state = 'dead' AND settled_at < ?1 ORDER BY settled_at, number LIMIT ?2`;

const OVERDUE = `SELECT number FROM event INDEXED BY event_overdue
  WHERE state = 'pending' AND queued_at < ?1
  ORDER BY queued_at, number LIMIT ?2`;

// The lane of a first event that is given up begins anew with the next one.
const RENEW_LANES = `UPDATE callback_lane SET due_at = min(due_at, ?3),
    attempts = 0, failing_since = NULL, error = NULL
  WHERE (room_id, endpoint) IN (
    SELECT room_id, endpoint FROM event WHERE number IN (${OVERDUE})
  )`;

const GIVE_UP = `UPDATE event SET state = 'dead', attempts = 0,
    settled_at = ?3, error = '${OVERDUE_ERROR}'
  WHERE number IN (${OVERDUE})`;

/** How far to go; instants are epoch ms. */
export interface PurgeBounds {
  readonly before: number;
  readonly deadBefore: number;
  readonly now: number;
  readonly limit: number;
}

/** The last group of each changes as many rows as there are events. */
export interface Purge {
  readonly done: readonly SqlGroup[];
  readonly forgotten: readonly SqlGroup[];
  readonly overdue: readonly SqlGroup[];
}

/** What to do, in this order. */
export function purgeEvents(bounds: PurgeBounds): Purge {
  const { before, deadBefore, limit, now } = bounds;
  const params = [deadBefore, limit, now];
  return {
    done: removeEvents(DONE, [before, limit]),
    forgotten: removeEvents(FORGOTTEN, [deadBefore, limit]),
    overdue: [[{ sql: RENEW_LANES, params }], [{ sql: GIVE_UP, params }]],
  };
}

/**
 * Removes the events that a query numbers; whoever reads the stream and has not
 * come so far is told. The last group changes as many rows as there are.
 */
export function removeEvents(
  numbers: string,
  params: NonNullable<SqlStatement["params"]>,
): SqlGroup[] {
  const mark = `UPDATE meta SET value = max(value, ifnull((
      SELECT max(number) FROM event
      WHERE number IN (${numbers}) AND type NOT IN ${SNAPSHOTS_SQL}
    ), 0)) WHERE key = 'purged_through'`;
  const sql = `DELETE FROM event WHERE number IN (${numbers})`;
  return [[{ sql: mark, params }], [{ sql, params }]];
}
