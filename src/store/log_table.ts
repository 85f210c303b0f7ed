/**
 * The log of all rooms, and what each kind of entry changes beside it.
 *
 * An entry's row is the guard of its group: an entry that is there already
 * changes nothing again, whatever came after it.
 *
 * @module
 */

import type { EntryKind, EntryPayloads, LogEntry } from "../wire/entry.ts";
import { expireLinks } from "./link_table.ts";
import { insertLive, liveOf } from "./live_entry_table.ts";
import { liftPenalty, setPenalty } from "./penalty_table.ts";
import { notPurged } from "./purged_room_table.ts";
import { bodyOf, relayRow } from "./relay_body.ts";
import {
  endRoom,
  openRoom,
  replaceAdmins,
  updateSettings,
} from "./room_table.ts";
import { integer, json, storable, text, textOrNull } from "./row.ts";
import type {
  SqlGroup,
  SqlRow,
  SqlStatement,
  SqlValue,
} from "./sqlite_protocol.ts";
import type { ChatRow, LogRange, PageQuery } from "./store.ts";

const INSERT_ENTRY = `INSERT OR IGNORE INTO log_entry (
    room_id, seq, id, at, kind, actor, payload, chat_at, named_at, talk_of
  ) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, iif(?8 IS NULL, NULL, (
      SELECT ifnull(?6, '') FROM room WHERE id = ?1 AND kind = 'chat'
    ))
  WHERE ${notPurged({ roomId: "?1", at: "?4" })}`;

const INSERT_RELAY = `INSERT OR IGNORE INTO log_entry (
    room_id, seq, id, at, kind, actor, payload, named_at, sent_at, body
  ) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, datetime(?4 / 1000, 'unixepoch'), ?9
  WHERE ${notPurged({ roomId: "?1", at: "?4" })}`;

// What the message was, and what it named, goes with what it said.
const DELETE_MESSAGE = `UPDATE log_entry SET
    deleted_at = ?, chat_at = NULL, talk_of = NULL,
    payload = json_remove(
      json_set(payload, '$.content', ''),
      '$.messageType', '$.fileUrl', '$.fileName', '$.senderType'
    )
  WHERE room_id = ? AND seq = ? AND chat_at IS NOT NULL`;

const READ_MESSAGES = `UPDATE log_entry SET read_at = ?
  WHERE room_id = ? AND seq IN (SELECT value FROM json_each(?))
  AND chat_at IS NOT NULL AND read_at IS NULL AND actor IS NOT ?`;

const COLUMNS =
  "room_id, seq, id, at, kind, actor, payload, deleted_at, read_at, body";

const SELECT_AFTER = `SELECT ${COLUMNS} FROM log_entry
  WHERE room_id = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?`;

const SELECT_BEFORE = `SELECT * FROM (
    SELECT ${COLUMNS} FROM log_entry
    WHERE room_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?
  ) ORDER BY seq`;

const SELECT_MESSAGE = `SELECT ${COLUMNS} FROM log_entry
  WHERE room_id = ? AND seq = ? AND chat_at IS NOT NULL`;

// The inner query reads the index alone: what a page skips is never looked at.
const SELECT_CHAT =
  `SELECT entry.seq, entry.id, entry.actor, entry.payload, entry.at
  FROM (
    SELECT room_id, seq FROM log_entry
    WHERE room_id = ? AND chat_at >= ? AND chat_at <= ?
    ORDER BY chat_at DESC, seq DESC LIMIT ? OFFSET ?
  ) AS page
  CROSS JOIN log_entry AS entry
  ON entry.room_id = page.room_id AND entry.seq = page.seq
  ORDER BY entry.at DESC, entry.seq DESC`;

const COUNT_CHAT = `SELECT count(*) AS total FROM log_entry
  WHERE room_id = ? AND chat_at >= ? AND chat_at <= ?`;

// Without what devices sent: nobody asks for it, and it may be much.
const SELECT_NAMED = `SELECT entry.room_id, entry.seq, entry.id, entry.at,
    entry.kind, entry.actor, entry.payload, entry.deleted_at, entry.read_at,
    NULL AS body
  FROM log_entry AS entry INDEXED BY log_named
  CROSS JOIN room ON room.id = entry.room_id
  WHERE entry.named_at >= ? AND room.status = 'active'
  ORDER BY entry.named_at`;

/** An entry and its effects. */
export function insertEntry(entry: LogEntry): SqlGroup {
  if (entry.kind === "live") return [insertLive(entry)];
  if (entry.kind === "relay") return [insertRelay(entry)];
  const isMessage = entry.kind === "message";
  const isNamed = isMessage && entry.payload.clientMsgId !== undefined;
  const params = [
    ...placeOf(entry),
    JSON.stringify(entry.payload),
    isMessage ? entry.at : null,
    isNamed ? entry.at : null,
  ];
  return [{ sql: INSERT_ENTRY, params }, ...effectsOf(entry)];
}

/** A statement of its own, so that no other entry is slower for it. */
function insertRelay(entry: LogEntry<"relay">): SqlStatement {
  const { body, payload } = relayRow(entry.payload);
  const isNamed = payload.clientMsgId !== undefined;
  const namedAt = isNamed ? entry.at : null;
  const params = [...placeOf(entry), JSON.stringify(payload), namedAt, body];
  return { sql: INSERT_RELAY, params };
}

function placeOf({ actor, at, id, kind, roomId, seq }: LogEntry): SqlValue[] {
  const who = actor === null ? null : storable(actor);
  return [roomId, seq, id, at, kind, who];
}

function effectsOf(entry: LogEntry): readonly SqlStatement[] {
  const { roomId, at } = entry;
  switch (entry.kind) {
    case "message":
    case "relay":
    case "live":
    case "custom_event":
    case "system":
      return [];
    case "delete": {
      const params = [at, roomId, entry.payload.seq];
      return [{ sql: DELETE_MESSAGE, params }];
    }
    case "kick": {
      const { userId } = entry.payload;
      return [setPenalty("room_ban", roomId, { userId, until: null, at })];
    }
    case "ban":
      return [setPenalty("room_ban", roomId, { ...entry.payload, at })];
    case "unban":
      return [liftPenalty("room_ban", roomId, entry.payload.userId)];
    case "mute":
      return [setPenalty("room_mute", roomId, { ...entry.payload, at })];
    case "unmute":
      return [liftPenalty("room_mute", roomId, entry.payload.userId)];
    case "admins":
      return replaceAdmins(roomId, entry.payload.userIds);
    case "settings":
      return updateSettings(entry);
    case "read":
      return [readMessages(entry)];
    case "open":
      return [openRoom(entry)];
    case "end":
      return [endRoom(entry), expireLinks(entry)];
  }
}

function readMessages(
  { actor, at, payload, roomId }: LogEntry<"read">,
): SqlStatement {
  const reader = actor === null ? null : storable(actor);
  const params = [at, roomId, JSON.stringify(payload.seqs), reader];
  return { sql: READ_MESSAGES, params };
}

/** Entries of a room, ascending. */
export function selectLog(roomId: string, range: LogRange): SqlStatement {
  const before = range.beforeSeq ?? Number.MAX_SAFE_INTEGER;
  if (range.afterSeq === undefined) {
    return { sql: SELECT_BEFORE, params: [roomId, before, range.limit] };
  }
  const params = [roomId, range.afterSeq, before, range.limit];
  return { sql: SELECT_AFTER, params };
}

/** One message, unless it is deleted. */
export function selectMessage(roomId: string, seq: number): SqlStatement {
  return { sql: SELECT_MESSAGE, params: [roomId, seq] };
}

/** A page of chat, newest first, and all messages that the query fits. */
export function selectChat(
  roomId: string,
  query: PageQuery,
): { page: SqlStatement; total: SqlStatement } {
  const { fromAt = 0, toAt = Number.MAX_SAFE_INTEGER, limit } = query;
  const range = [roomId, fromAt, toAt];
  return {
    page: {
      sql: SELECT_CHAT,
      params: [...range, limit, (query.page - 1) * limit],
    },
    total: { sql: COUNT_CHAT, params: range },
  };
}

/**
 * Named sends since an instant, in rooms that have not ended, oldest first. Of
 * what devices sent there is neither text nor base64.
 */
export function selectNamed(sinceAt: number): SqlStatement {
  return { sql: SELECT_NAMED, params: [sinceAt] };
}

/**
 * What a row says. A deleted message says who and when, not what, nor whether
 * it was read.
 */
export function entryOf(row: SqlRow): LogEntry {
  const isDeleted = row.deleted_at !== null;
  const isRead = row.read_at !== null;
  const payload = json(row, "payload");
  const entry = {
    roomId: text(row, "room_id"),
    seq: integer(row, "seq"),
    id: text(row, "id"),
    at: integer(row, "at"),
    kind: text(row, "kind") as EntryKind,
    actor: textOrNull(row, "actor"),
    payload,
  } as LogEntry;
  if (entry.kind === "relay") {
    return { ...entry, payload: { ...entry.payload, ...bodyOf(row) } };
  }
  if (entry.kind === "live") {
    return { ...entry, payload: { ...entry.payload, ...liveOf(row) } };
  }
  if (entry.kind !== "message" || !(isDeleted || isRead)) return entry;
  const told = isDeleted
    ? { content: "", deleted: true } as const
    : { read: true } as const;
  return { ...entry, payload: { ...entry.payload, ...told } };
}

/** What a row says, when it is a message's. */
export function messageOf(row: SqlRow): LogEntry<"message"> | undefined {
  const entry = entryOf(row);
  return entry.kind === "message" ? entry : undefined;
}

/** What a row says, when it is of something that a user or a device sent. */
export function sendOf(
  row: SqlRow,
): LogEntry<"message" | "relay"> | undefined {
  const entry = entryOf(row);
  const isSend = entry.kind === "message" || entry.kind === "relay";
  return isSend ? entry : undefined;
}

/** What a message's row says to a backend. */
export function chatRowOf(row: SqlRow): ChatRow {
  const payload = json(row, "payload") as EntryPayloads["message"];
  const { nickname, content } = payload;
  const { messageType, fileUrl, fileName, senderType } = payload;
  return {
    seq: integer(row, "seq"),
    userId: textOrNull(row, "actor") ?? "",
    nickname,
    content,
    at: integer(row, "at"),
    ...(messageType === undefined ? null : { messageType }),
    ...(fileUrl === undefined ? null : { fileUrl }),
    ...(fileName === undefined ? null : { fileName }),
    ...(senderType === undefined ? null : { senderType }),
  };
}
