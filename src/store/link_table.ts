/**
 * Requests to be matched with someone, and what became of them.
 *
 * A request is settled in the room of its match, which may not be the one where
 * it was made. Rooms are written one by one at times, so a record may come
 * before one that was accepted earlier: an end without its request makes a row
 * that the request fills in, and a match counts though the room where its
 * requester had waited has ended. Whatever the order, and however often a
 * record is applied, a request comes to the same end.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { Person } from "../wire/person.ts";
import type { NewLink, SettledLink, StoredLink } from "../wire/heart_link.ts";
import { notPurged } from "./purged_room_table.ts";
import { integer, integerOrNull, storable, text, textOrNull } from "./row.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";

const REQUEST_LINK = `INSERT INTO heart_link (
    id, user_id, nickname, number, room_id, created_at
  ) SELECT ?1, ?2, ?3, ?4, ?5, ?6
  WHERE ${notPurged({ roomId: "?5", at: "?6" })}
  ON CONFLICT (id) DO UPDATE SET
    user_id = excluded.user_id, nickname = excluded.nickname,
    number = excluded.number, created_at = excluded.created_at,
    room_id = ifnull(heart_link.room_id, excluded.room_id)
  WHERE heart_link.user_id IS NULL`;

// A match that is over stays so: its room is known already. What expired with
// the room where its requester waited knows another one.
const SETTLE_LINK = `INSERT INTO heart_link (
    id, status, settled_at, room_id, matched_at, partner_id, partner_nickname
  ) SELECT ?1, ?2, ?3, ?4, iif(?2 = 'matched', ?3, NULL), ?5, ?6
  WHERE ${notPurged({ roomId: "?4", at: "?3" })}
  ON CONFLICT (id) DO UPDATE SET
    status = excluded.status,
    settled_at = excluded.settled_at,
    room_id = iif(
      heart_link.status = 'matched',
      heart_link.room_id,
      ifnull(excluded.room_id, heart_link.room_id)
    ),
    matched_at = ifnull(excluded.matched_at, heart_link.matched_at),
    partner_id = ifnull(excluded.partner_id, heart_link.partner_id),
    partner_nickname =
      ifnull(excluded.partner_nickname, heart_link.partner_nickname)
  WHERE CASE excluded.status
    WHEN 'matched' THEN heart_link.status = 'pending'
      OR heart_link.status = 'expired'
      AND heart_link.room_id IS NOT excluded.room_id
    WHEN 'cancelled' THEN heart_link.status = 'pending'
      OR heart_link.status = 'expired' AND heart_link.matched_at IS NULL
    ELSE heart_link.status IN ('pending', 'matched')
  END`;

const EXPIRE_LINKS = `UPDATE heart_link SET status = 'expired', settled_at = ?
  WHERE room_id = ? AND status IN ('pending', 'matched')`;

const SELECT_LINK = `SELECT * FROM heart_link WHERE user_id = ?
  ORDER BY created_at DESC, ordinal DESC LIMIT 1`;

const SELECT_OPEN = `SELECT * FROM heart_link INDEXED BY heart_link_open
  WHERE status IN ('pending', 'matched') AND user_id IS NOT NULL
  ORDER BY created_at, ordinal`;

const PURGE_LINKS = `DELETE FROM heart_link WHERE ordinal IN (
    SELECT ordinal FROM heart_link INDEXED BY heart_link_roomless
    WHERE room_id IS NULL AND settled_at < ? ORDER BY settled_at LIMIT ?
  )`;

/** A request that was made. */
export function requestLink(link: NewLink): SqlGroup {
  const { createdAt, id, nickname, number, roomId, userId } = link;
  const who = [storable(userId), storable(nickname)];
  const params = [id, ...who, number, roomId, createdAt];
  return [{ sql: REQUEST_LINK, params }];
}

/** What became of a request. */
export function settleLink(link: SettledLink): SqlGroup {
  const { at, id, partner, roomId, status } = link;
  const whom = partner === null
    ? [null, null]
    : [storable(partner.userId), storable(partner.nickname)];
  return [{ sql: SETTLE_LINK, params: [id, status, at, roomId, ...whom] }];
}

/** Requests and matches expire with their room. */
export function expireLinks({ at, roomId }: LogEntry<"end">): SqlStatement {
  return { sql: EXPIRE_LINKS, params: [at, roomId] };
}

/** At most one row: a user's newest request. */
export function selectLink(userId: string): SqlStatement {
  return { sql: SELECT_LINK, params: [storable(userId)] };
}

/** Every request that is pending or matched, oldest first. */
export function selectOpenLinks(): SqlStatement {
  return { sql: SELECT_OPEN };
}

/** Removes requests that were settled before an instant, and have no room. */
export function purgeLinks(
  { limit, settledBefore }: {
    readonly settledBefore: number;
    readonly limit: number;
  },
): SqlGroup {
  return [{ sql: PURGE_LINKS, params: [settledBefore, limit] }];
}

/** What a row of a request says. */
export function linkOf(row: SqlRow): StoredLink {
  return {
    id: text(row, "id"),
    userId: text(row, "user_id"),
    nickname: text(row, "nickname"),
    number: textOrNull(row, "number"),
    roomId: textOrNull(row, "room_id"),
    createdAt: integer(row, "created_at"),
    status: text(row, "status") as StoredLink["status"],
    matchedAt: integerOrNull(row, "matched_at"),
    partner: partnerOf(row),
  };
}

function partnerOf(row: SqlRow): Person | null {
  const userId = textOrNull(row, "partner_id");
  if (userId === null) return null;
  return { userId, nickname: text(row, "partner_nickname") };
}
