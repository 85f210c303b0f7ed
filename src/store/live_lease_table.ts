/**
 * Leases: which process has the link of a live room, and until when.
 *
 * Each is asked for by a group of its own, whose one statement changes a row
 * exactly when the lease is the owner's from then on. So the answer of the
 * transaction says who has what, and no read comes between.
 *
 * @module
 */

import type { SqlGroup } from "./sqlite_protocol.ts";
import type { LiveLeaseClaim } from "../wire/live_link.ts";

const HOLD_LEASE = `INSERT INTO live_lease (live_id, owner, until_at)
  VALUES (?1, ?2, ?3)
  ON CONFLICT DO UPDATE SET owner = ?2, until_at = ?3
  WHERE owner = ?2 OR until_at <= ?4`;

const DROP_LEASES = `DELETE FROM live_lease
  WHERE owner = ? AND live_id IN (SELECT value FROM json_each(?))`;

/** Takes or renews leases: one group each, in order. */
export function holdLeases(
  { liveIds, now, owner, untilAt }: LiveLeaseClaim,
): SqlGroup[] {
  return liveIds.map((liveId) => [
    { sql: HOLD_LEASE, params: [liveId, owner, untilAt, now] },
  ]);
}

/** Gives up those that the owner has. */
export function dropLeases(
  owner: string,
  liveIds: readonly string[],
): SqlGroup {
  return [{ sql: DROP_LEASES, params: [owner, JSON.stringify(liveIds)] }];
}

/** Gives all of them up, whoever has them. */
export function dropEveryLease(): SqlGroup {
  return [{ sql: "DELETE FROM live_lease" }];
}
