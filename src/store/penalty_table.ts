/**
 * Bans and mutes: the last one of each user, whether it still stands or not.
 *
 * @module
 */

import { integer, integerOrNull, storable, text } from "./row.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { Penalty } from "./store.ts";

/** The two tables of this shape. */
export type PenaltyTable = "room_ban" | "room_mute";

/** Sets a penalty, in place of an older one. */
export function setPenalty(
  table: PenaltyTable,
  roomId: string,
  penalty: Penalty,
): SqlStatement {
  const { userId, until, at } = penalty;
  return {
    sql: `INSERT INTO ${table} (room_id, user_id, until, at)
      VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
      SET until = excluded.until, at = excluded.at`,
    params: [roomId, storable(userId), until, at],
  };
}

/** Lifts a penalty. */
export function liftPenalty(
  table: PenaltyTable,
  roomId: string,
  userId: string,
): SqlStatement {
  return {
    sql: `DELETE FROM ${table} WHERE room_id = ? AND user_id = ?`,
    params: [roomId, storable(userId)],
  };
}

/** A user's penalty in a room, ended or not, if it stands at `now`. */
export function selectPenalty(
  table: PenaltyTable,
  roomId: string,
  { userId, now }: { readonly userId: string; readonly now: number },
): SqlStatement {
  return {
    sql: `SELECT * FROM ${table} WHERE room_id = ? AND user_id = ?
      AND (until IS NULL OR until > ?)`,
    params: [roomId, storable(userId), now],
  };
}

/** The penalties, in rooms that have not ended, that stand at `now`. */
export function selectPenalties(
  table: PenaltyTable,
  now: number,
): SqlStatement {
  return {
    sql: `SELECT penalty.* FROM room INDEXED BY room_active
      CROSS JOIN ${table} AS penalty ON penalty.room_id = room.id
      WHERE room.status = 'active'
      AND (penalty.until IS NULL OR penalty.until > ?)`,
    params: [now],
  };
}

/** What a row says. */
export function penaltyOf(row: SqlRow): Penalty {
  return {
    userId: text(row, "user_id"),
    until: integerOrNull(row, "until"),
    at: integer(row, "at"),
  };
}
