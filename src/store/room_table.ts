/**
 * Rooms and their admins: what changes their rows, and what rows say.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { Person } from "../wire/person.ts";
import type {
  ChatSpec,
  DeviceSpec,
  LiveSpec,
  NewRoom,
  RoomKind,
} from "../wire/record.ts";
import { notPurged } from "./purged_room_table.ts";
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
import type { KnownRoom, RoomCounts, StoredRoom } from "./store.ts";

const INSERT_ROOM = `INSERT OR IGNORE INTO room (
    id, kind, epoch, name, slow_mode_secs, members_max, pinned, auto_close,
    created_at, access, participants, is_waiting, origin_id,
    live_id
  ) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
  WHERE ${notPurged({ roomId: "?1", at: "?9" })}`;

const INSERT_ADMINS = `INSERT OR IGNORE INTO room_admin (room_id, user_id)
  SELECT ?, value FROM json_each(?)`;

const DELETE_ADMINS = "DELETE FROM room_admin WHERE room_id = ?";

const OPEN_ROOM = `UPDATE room SET participants = ?, is_waiting = 0
  WHERE id = ?`;

const END_ROOM = `UPDATE room SET status = 'ended', ended_at = ?
  WHERE id = ? AND status = 'active'`;

// 0 stands for no message at all. The log is asked for its end: it has taken
// no entry of an older room that had the same id.
const ADVANCE_ROOM = `UPDATE room SET
    last_seq = max(last_seq, ifnull((
      SELECT max(seq) FROM log_entry WHERE room_id = room.id
    ), 0)),
    last_message_at = nullif(max(ifnull(last_message_at, 0), ?), 0)
  WHERE id = ?`;

const SELECT_ROOM = `SELECT room.*, (
    SELECT json_group_array(user_id ORDER BY user_id)
    FROM room_admin WHERE room_id = room.id
  ) AS admins FROM room`;

const SELECT_KNOWN = `SELECT room.id, room.kind, room.origin_id
  FROM json_each(?) CROSS JOIN room ON room.id = value`;

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
    room.chat?.access ?? null,
    room.chat === undefined ? null : JSON.stringify(room.chat.participants),
    room.chat?.isWaiting === true ? 1 : 0,
    room.device?.originId ?? null,
    room.live?.liveId ?? null,
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

/** The room has all its participants. */
export function openRoom(entry: LogEntry<"open">): SqlStatement {
  const participants = JSON.stringify(entry.payload.participants);
  return { sql: OPEN_ROOM, params: [participants, entry.roomId] };
}

/** The room is over. */
export function endRoom(entry: LogEntry<"end">): SqlStatement {
  return { sql: END_ROOM, params: [entry.at, entry.roomId] };
}

/** How far the rooms of a list of entries have got: one group a room. */
export class RoomProgress {
  /** When the last message of each was sent, in epoch ms; 0 is none. */
  readonly #lastMessageAt = new Map<string, number>();

  add(entry: LogEntry): void {
    const lastAt = this.#lastMessageAt.get(entry.roomId) ?? 0;
    const { kind } = entry;
    const isSend = kind === "message" || kind === "relay" || kind === "live";
    const at = isSend ? Math.max(lastAt, entry.at) : lastAt;
    this.#lastMessageAt.set(entry.roomId, at);
  }

  /** What moves each room on; a room that is further already stays there. */
  groups(): SqlGroup[] {
    return Array.from(this.#lastMessageAt, ([roomId, at]) => {
      return [{ sql: ADVANCE_ROOM, params: [at, roomId] }];
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

/** Which of these rooms there are, ended or not, and of which line. */
export function selectKnownRooms(roomIds: readonly string[]): SqlStatement {
  const wanted = [...new Set(roomIds)];
  return { sql: SELECT_KNOWN, params: [JSON.stringify(wanted)] };
}

/** What a row of {@linkcode selectKnownRooms} says, beside the room's id. */
export function knownRoomOf(row: SqlRow): [id: string, room: KnownRoom] {
  const isDevice = text(row, "kind") === "device";
  const originId = textOrNull(row, "origin_id");
  return [text(row, "id"), { isDevice, originId }];
}

/** What a row of a whole room says. */
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
    ...chatOf(row),
    ...deviceOf(row),
    ...liveOf(row),
    status: text(row, "status") === "active" ? "active" : "ended",
    endedAt: integerOrNull(row, "ended_at"),
    lastSeq: integer(row, "last_seq"),
    peakUsers: integer(row, "peak_users"),
    totalJoins: integer(row, "total_joins"),
    lastMessageAt: integerOrNull(row, "last_message_at"),
    lastLeftAt: integerOrNull(row, "last_left_at"),
  };
}

function chatOf(row: SqlRow): { chat?: ChatSpec } {
  const access = textOrNull(row, "access");
  if (access === null) return {};
  const chat: ChatSpec = {
    access: access === "open" ? "open" : "participants",
    participants: json(row, "participants") as Person[],
    isWaiting: integer(row, "is_waiting") === 1,
  };
  return { chat };
}

function deviceOf(row: SqlRow): { device?: DeviceSpec } {
  if (row.kind !== "device") return {};
  return { device: { originId: textOrNull(row, "origin_id") } };
}

function liveOf(row: SqlRow): { live?: LiveSpec } {
  if (row.kind !== "live") return {};
  return { live: { liveId: text(row, "live_id") } };
}

/** One row: how many rooms there are, by status. */
export function countRooms(): SqlStatement {
  return {
    sql: `SELECT live - waiting AS active, waiting, total - live AS ended FROM (
        SELECT (SELECT count(*) FROM room WHERE status = 'active') AS live,
          (
            SELECT count(*) FROM room
            WHERE status = 'active' AND is_waiting = 1
          ) AS waiting,
          (SELECT count(*) FROM room) AS total
      )`,
  };
}

/** What the row of {@linkcode countRooms} says. */
export function roomCountsOf(row: SqlRow): RoomCounts {
  return {
    active: integer(row, "active"),
    waiting: integer(row, "waiting"),
    ended: integer(row, "ended"),
  };
}
