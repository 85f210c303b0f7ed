/**
 * Sessions: one row a stay.
 *
 * @module
 */

import type { ClosedSession, OpenedSession } from "../wire/record.ts";
import { upsertDevice } from "./device_table.ts";
import { notPurged } from "./purged_room_table.ts";
import { integer, integerOrNull, storable, text } from "./row.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { SessionQuery, SessionRow } from "./store.ts";

/** The close code of a stay that ended without a word. */
const CLOSE_CODE_LOST = 1006;

const INSERT_SESSION = `INSERT OR IGNORE INTO session (
    id, room_id, user_id, nickname, ip, joined_at, after_seq
  ) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
  WHERE ${notPurged({ roomId: "?2", at: "?6" })}`;

const COUNT_JOIN = `UPDATE room SET
    total_joins = total_joins + 1, peak_users = max(peak_users, ?)
  WHERE id = ?`;

/** How many stays of `session`'s room have ended. */
const ENDED_COUNT = `ifnull((
    SELECT max(ended.leave_seq) FROM session AS ended
    WHERE ended.room_id = session.room_id AND ended.leave_seq IS NOT NULL
  ), 0)`;

// A clock that was set back meanwhile makes no stay end before it began.
const LEFT_AT = "max(joined_at, ?1)";

const CLOSE_SESSION = closeSql("");

const CLOSE_DEVICE_SESSION = closeSql(
  `, through_seq = ?4, disconnected_at = datetime(${LEFT_AT} / 1000, 'unixepoch')`,
);

const MARK_LEFT = `UPDATE room
  SET last_left_at = max(ifnull(last_left_at, 0), ?) WHERE id = ?`;

// Reads the open sessions, so it runs before they are closed.
const MARK_ORPHANS_LEFT = `UPDATE room
  SET last_left_at = max(ifnull(last_left_at, 0), orphan.left_at)
  FROM (
    SELECT room_id, max(max(joined_at), ?) AS left_at
    FROM session WHERE left_at IS NULL GROUP BY room_id
  ) AS orphan
  WHERE room.id = orphan.room_id`;

// Who was there when the server was lost is taken to have heard all of it.
const LAST_HEARD = `max(after_seq, ifnull((
    SELECT last_seq FROM room WHERE id = session.room_id
  ), 0))`;

const CLOSE_ORPHANS = `UPDATE session SET
    left_at = orphan.left_at, close_code = ?, leave_seq = orphan.leave_seq,
    through_seq = iif(after_seq IS NULL, NULL, ${LAST_HEARD}),
    disconnected_at = iif(after_seq IS NULL, NULL,
      datetime(orphan.left_at / 1000, 'unixepoch'))
  FROM (
    SELECT number, max(joined_at, ?) AS left_at,
      ${ENDED_COUNT} + row_number() OVER (
        PARTITION BY room_id ORDER BY max(joined_at, ?), number
      ) AS leave_seq
    FROM session WHERE left_at IS NULL
  ) AS orphan
  WHERE session.number = orphan.number`;

const FROM_SESSIONS = `FROM session
  WHERE room_id = ? AND joined_at >= ? AND joined_at <= ?`;

function closeSql(more: string): string {
  return `UPDATE session SET left_at = ${LEFT_AT}, close_code = ?2,
      leave_seq = ${ENDED_COUNT} + 1 ${more}
    WHERE id = ?3 AND left_at IS NULL`;
}

/** A stay that began, its room's counts, and whose it is where that is kept. */
export function openSession(session: OpenedSession): SqlGroup {
  const { id, roomId, userId, nickname, ip, joinedAt, peakUsers } = session;
  const { afterSeq = null } = session;
  const who = [storable(userId), storable(nickname), storable(ip)];
  const group: SqlStatement[] = [
    { sql: INSERT_SESSION, params: [id, roomId, ...who, joinedAt, afterSeq] },
    { sql: COUNT_JOIN, params: [peakUsers, roomId] },
  ];
  if (afterSeq !== null) group.push(upsertDevice(session));
  return group;
}

/**
 * A stay that ended, or when it began if that was later; and its place in the
 * order in which they did.
 */
export function closeSession(session: ClosedSession): SqlGroup {
  const { id, roomId, leftAt, closeCode, throughSeq } = session;
  const end = [leftAt, closeCode, id];
  const close = throughSeq === undefined
    ? { sql: CLOSE_SESSION, params: end }
    : { sql: CLOSE_DEVICE_SESSION, params: [...end, throughSeq] };
  return [
    close,
    { sql: MARK_LEFT, params: [leftAt, roomId] },
  ];
}

/** Ends every open stay at an instant, or when it began if that was later. */
export function closeOrphanSessions(
  at: number,
): { rooms: SqlGroup; sessions: SqlGroup } {
  return {
    rooms: [{ sql: MARK_ORPHANS_LEFT, params: [at] }],
    sessions: [{ sql: CLOSE_ORPHANS, params: [CLOSE_CODE_LOST, at, at] }],
  };
}

/** A page of stays, newest first, and all stays that the query fits. */
export function selectSessions(
  roomId: string,
  query: SessionQuery,
): { page: SqlStatement; total: SqlStatement } {
  const { fromAt = 0, toAt = Number.MAX_SAFE_INTEGER, limit } = query;
  const range = [roomId, fromAt, toAt];
  const closed = query.closedOnly ? "AND left_at IS NOT NULL" : "";
  // The open ones are counted apart, so that both counts read an index alone.
  const open = query.closedOnly
    ? `- (SELECT count(*) ${FROM_SESSIONS} AND left_at IS NULL)`
    : "";
  return {
    page: {
      sql: `SELECT * ${FROM_SESSIONS} ${closed}
        ORDER BY joined_at DESC, number DESC LIMIT ? OFFSET ?`,
      params: [...range, limit, (query.page - 1) * limit],
    },
    total: {
      sql: `SELECT (SELECT count(*) ${FROM_SESSIONS}) ${open} AS total`,
      params: query.closedOnly ? [...range, ...range] : range,
    },
  };
}

/** What a row says. */
export function sessionOf(row: SqlRow): SessionRow {
  return {
    id: text(row, "id"),
    userId: text(row, "user_id"),
    nickname: text(row, "nickname"),
    ip: text(row, "ip"),
    joinedAt: integer(row, "joined_at"),
    leftAt: integerOrNull(row, "left_at"),
    closeCode: integerOrNull(row, "close_code"),
  };
}
