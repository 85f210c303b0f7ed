/**
 * Users: when each was there last, and where.
 *
 * @module
 */

import { advanceAlive } from "./meta_table.ts";
import { integer, storable, text, textOrNull } from "./row.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { PresencePurge, StoredPresence } from "./store.ts";

const SAVE_PRESENCE = `INSERT INTO presence (
    user_id, nickname, last_seen_at, room_id, is_online
  ) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET
    nickname = excluded.nickname, last_seen_at = excluded.last_seen_at,
    room_id = ifnull(excluded.room_id, room_id), is_online = excluded.is_online`;

const SELECT_PRESENCE = `SELECT presence.* FROM json_each(?) AS wanted
  CROSS JOIN presence ON presence.user_id = wanted.value`;

const ALL_OFFLINE = `UPDATE presence SET is_online = 0, last_seen_at = max(
    last_seen_at, ifnull((SELECT value FROM meta WHERE key = 'alive_at'), 0)
  ) WHERE is_online = 1`;

// Ordered by last_seen_at, so that those who are gone too long come first and
// those who are too many after them.
const PURGE_PRESENCE = `DELETE FROM presence WHERE user_id IN (
    SELECT user_id FROM presence INDEXED BY presence_offline
    WHERE is_online = 0 ORDER BY last_seen_at
    LIMIT min(?3, max(
      (SELECT count(*) FROM (
        SELECT 1 FROM presence INDEXED BY presence_offline
        WHERE is_online = 0 AND last_seen_at < ?1 LIMIT ?3
      )),
      (SELECT count(*) FROM presence) - ?2
    ))
  )`;

/** How users are, in place of how they were; and the newest instant. */
export function savePresences(
  presences: readonly StoredPresence[],
): SqlGroup[] {
  let newestAt = 0;
  for (const { lastSeenAt } of presences) {
    newestAt = Math.max(newestAt, lastSeenAt);
  }
  return [...presences.map(savePresence), advanceAlive(newestAt)];
}

function savePresence(presence: StoredPresence): SqlGroup {
  const { isOnline, lastSeenAt, nickname, roomId, userId } = presence;
  const who = [storable(userId), storable(nickname)];
  const params = [...who, lastSeenAt, roomId, isOnline ? 1 : 0];
  return [{ sql: SAVE_PRESENCE, params }];
}

/** How some users are; a row for each that is known. */
export function selectPresence(userIds: readonly string[]): SqlStatement {
  const wanted = new Set(userIds.map(storable));
  return { sql: SELECT_PRESENCE, params: [JSON.stringify([...wanted])] };
}

/** Nobody is online; who was, was until the server was alive last. */
export function allOffline(): SqlGroup {
  return [{ sql: ALL_OFFLINE }];
}

/** Removes users who are gone for too long, or are too many. */
export function purgePresence(
  { limit, rowsMax, seenBefore }: PresencePurge,
): SqlGroup {
  return [{ sql: PURGE_PRESENCE, params: [seenBefore, rowsMax, limit] }];
}

/** What a row says. */
export function presenceOf(row: SqlRow): StoredPresence {
  return {
    userId: text(row, "user_id"),
    nickname: text(row, "nickname"),
    lastSeenAt: integer(row, "last_seen_at"),
    roomId: textOrNull(row, "room_id"),
    isOnline: integer(row, "is_online") === 1,
  };
}
