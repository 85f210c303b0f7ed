/**
 * Rooms and their admins: what changes their rows, and what rows say.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { NewRoom, RoomKind } from "../wire/record.ts";
import {
  integer,
  integerOrNull,
  json,
  storable,
  text,
  textOrNull,
} from "./row.ts";
import type {
  SqlGroup,
  SqlRow,
  SqlStatement,
  SqlValue,
} from "./sqlite_protocol.ts";
import type { StoredRoom } from "./store.ts";

const INSERT_ROOM = `INSERT OR IGNORE INTO room (
    id, kind, epoch, name, slow_mode_secs, members_max, pinned, auto_close,
    created_at
  ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const INSERT_ADMINS = `INSERT OR IGNORE INTO room_admin (room_id, user_id)
  SELECT ?, value FROM json_each(?)`;

const DELETE_ADMINS = "DELETE FROM room_admin WHERE room_id = ?";

const END_ROOM = `UPDATE room SET status = 'ended', ended_at = ?
  WHERE id = ? AND status = 'active'`;

// 0 stands for no message at all.
const ADVANCE_ROOM = `UPDATE room SET
    last_seq = max(last_seq, ?),
    last_message_at = nullif(max(ifnull(last_message_at, 0), ?), 0)
  WHERE id = ?`;

const SELECT_ROOM = `SELECT room.*, (
    SELECT json_group_array(user_id ORDER BY user_id)
    FROM room_admin WHERE room_id = room.id
  ) AS admins FROM room`;

/** A room that was made, with its admins. */
export function insertRoom(room: NewRoom): SqlGroup {
  const params = [
    room.id,
    room.kind,
    room.epoch,
    storable(room.name),
    room.slowModeSecs,
    room.membersMax,
    room.pinned === null ? null : storable(room.pinned),
    room.autoClose ? 1 : 0,
    room.createdAt,
  ];
  return [
    { sql: INSERT_ROOM, params },
    insertAdmins(room.id, room.adminUserIds),
  ];
}

/** Makes these users the room's only admins. */
export function replaceAdmins(
  roomId: string,
  userIds: readonly string[],
): SqlStatement[] {
  const remove = { sql: DELETE_ADMINS, params: [roomId] };
  return [remove, insertAdmins(roomId, userIds)];
}

function insertAdmins(
  roomId: string,
  userIds: readonly string[],
): SqlStatement {
  const list = JSON.stringify(userIds.map(storable));
  return { sql: INSERT_ADMINS, params: [roomId, list] };
}

/** Sets what the entry names, and nothing else. */
export function updateSettings(entry: LogEntry<"settings">): SqlStatement[] {
  const { name, slowModeSecs, membersMax, pinned } = entry.payload;
  const columns: readonly [string, SqlValue | undefined][] = [
    ["name", name],
    ["slow_mode_secs", slowModeSecs],
    ["members_max", membersMax],
    ["pinned", pinned],
  ];
  const statements: SqlStatement[] = [];
  for (const [column, value] of columns) {
    if (value === undefined) continue;
    const stored = typeof value === "string" ? storable(value) : value;
    const sql = `UPDATE room SET ${column} = ? WHERE id = ?`;
    statements.push({ sql, params: [stored, entry.roomId] });
  }
  return statements;
}

/** The room is over. */
export function endRoom(entry: LogEntry<"end">): SqlStatement {
  return { sql: END_ROOM, params: [entry.at, entry.roomId] };
}

/** How far the rooms of a list of entries have got: one group a room. */
export class RoomProgress {
  readonly #rooms = new Map<
    string,
    { lastSeq: number; lastMessageAt: number }
  >();

  add(entry: LogEntry): void {
    const room = this.#rooms.get(entry.roomId) ??
      { lastSeq: 0, lastMessageAt: 0 };
    room.lastSeq = Math.max(room.lastSeq, entry.seq);
    if (entry.kind === "message") {
      room.lastMessageAt = Math.max(room.lastMessageAt, entry.at);
    }
    this.#rooms.set(entry.roomId, room);
  }

  /** What moves each room on; a room that is further already stays there. */
  groups(): SqlGroup[] {
    return Array.from(this.#rooms, ([roomId, { lastSeq, lastMessageAt }]) => {
      return [{ sql: ADVANCE_ROOM, params: [lastSeq, lastMessageAt, roomId] }];
    });
  }
}

/** Rooms newest first; ended ones too when asked. */
export function selectRooms(
  { ended, limit, offset }: { ended: boolean; limit: number; offset: number },
): SqlStatement {
  const where = ended ? "" : "WHERE status = 'active'";
  const order = "ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?";
  return { sql: `${SELECT_ROOM} ${where} ${order}`, params: [limit, offset] };
}

/** Every room that has not ended. */
export function selectActiveRooms(): SqlStatement {
  return {
    sql: `${SELECT_ROOM} WHERE status = 'active' ORDER BY created_at, id`,
  };
}

/** One room. */
export function selectRoom(roomId: string): SqlStatement {
  return { sql: `${SELECT_ROOM} WHERE id = ?`, params: [roomId] };
}

/** What a row of any of the above says. */
export function storedRoom(row: SqlRow): StoredRoom {
  return {
    id: text(row, "id"),
    kind: text(row, "kind") as RoomKind,
    epoch: text(row, "epoch"),
    name: text(row, "name"),
    slowModeSecs: integerOrNull(row, "slow_mode_secs"),
    membersMax: integerOrNull(row, "members_max"),
    pinned: textOrNull(row, "pinned"),
    adminUserIds: json(row, "admins") as string[],
    autoClose: integer(row, "auto_close") === 1,
    createdAt: integer(row, "created_at"),
    status: text(row, "status") === "active" ? "active" : "ended",
    endedAt: integerOrNull(row, "ended_at"),
    lastSeq: integer(row, "last_seq"),
    peakUsers: integer(row, "peak_users"),
    totalJoins: integer(row, "total_joins"),
    lastMessageAt: integerOrNull(row, "last_message_at"),
    lastLeftAt: integerOrNull(row, "last_left_at"),
  };
}

/** How many rooms there are, by status. */
export function countRooms(): SqlStatement {
  return {
    sql: `SELECT active, total - active AS ended FROM (
        SELECT (SELECT count(*) FROM room WHERE status = 'active') AS active,
          (SELECT count(*) FROM room) AS total
      )`,
  };
}
