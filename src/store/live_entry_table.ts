/**
 * Live messages in the log: how they are written, and what a link that starts
 * asks of them.
 *
 * The text is in a column of its own, behind all others: what counts messages
 * reads none of it.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { LiveMessage, LiveType } from "../wire/live.ts";
import { notPurged } from "./purged_room_table.ts";
import { integer, json, storable, text } from "./row.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { LiveTypeCount } from "../wire/live_link.ts";

const INSERT_LIVE = `INSERT OR IGNORE INTO log_entry (
    room_id, seq, id, at, kind, actor, payload, body
  ) SELECT ?1, ?2, ?3, ?4, 'live', ?5, ?6, ?7
  WHERE ${notPurged({ roomId: "?1", at: "?4" })}`;

// The sum is a float: it is exact up to 2^53, and never too much for SQLite.
const COUNT_LIVE = `SELECT payload ->> '$.type' AS type, count(*) AS messages,
    total(payload ->> '$.count') AS count
  FROM log_entry WHERE room_id = ? AND seq > ? AND kind = 'live'
  GROUP BY type ORDER BY type`;

const SELECT_END = `SELECT ifnull(max(seq), 0) AS last_seq FROM log_entry
  WHERE room_id = ?`;

// Of the newest messages, and not the newest that have an id: a source that
// gives none would have the whole log read. As JSON, an id is whatever text.
const SELECT_UPSTREAM_IDS = `SELECT id FROM (
    SELECT seq, payload -> '$.upstreamId' AS id FROM log_entry
    WHERE room_id = ? AND kind = 'live' ORDER BY seq DESC LIMIT ?
  ) WHERE id IS NOT NULL ORDER BY seq`;

/** Most characters of a gift that is read again; they have a few hundred. */
const GIFT_CHARS_MAX = 8192;

const SELECT_GIFT_TEXTS = `SELECT body FROM (
    SELECT seq, payload ->> '$.type' AS type, body FROM log_entry
    WHERE room_id = ? AND kind = 'live' ORDER BY seq DESC LIMIT ?
  ) WHERE type = 'gift' AND length(body) <= ${GIFT_CHARS_MAX} ORDER BY seq`;

/** A live message. */
export function insertLive(entry: LogEntry<"live">): SqlStatement {
  const { actor, at, id, payload, roomId, seq } = entry;
  const { text, ...rest } = payload;
  const who = actor === null ? null : storable(actor);
  const params = [roomId, seq, id, at, who, JSON.stringify(rest), text];
  return { sql: INSERT_LIVE, params };
}

/** What a row has of a live message beside its payload. */
export function liveOf(row: SqlRow): Pick<LiveMessage, "text"> {
  return { text: text(row, "body") };
}

/** Messages after a number, by type; and where the room's log ends. */
export function selectLiveCounts(
  roomId: string,
  afterSeq: number,
): [counts: SqlStatement, end: SqlStatement] {
  return [
    { sql: COUNT_LIVE, params: [roomId, afterSeq] },
    { sql: SELECT_END, params: [roomId] },
  ];
}

/** What a row of the first of {@linkcode selectLiveCounts} says. */
export function liveCountOf(row: SqlRow): LiveTypeCount {
  return {
    type: text(row, "type") as LiveType,
    messages: integer(row, "messages"),
    count: integer(row, "count"),
  };
}

/** Ids of a room's newest messages, oldest first. */
export function selectUpstreamIds(
  roomId: string,
  limit: number,
): SqlStatement {
  return { sql: SELECT_UPSTREAM_IDS, params: [roomId, limit] };
}

/** What a row of {@linkcode selectUpstreamIds} says. */
export function upstreamIdOf(row: SqlRow): string {
  return json(row, "id") as string;
}

/** Gifts among a room's newest messages, oldest first. */
export function selectGiftTexts(roomId: string, limit: number): SqlStatement {
  return { sql: SELECT_GIFT_TEXTS, params: [roomId, limit] };
}

/** What a row of {@linkcode selectGiftTexts} says. */
export function giftTextOf(row: SqlRow): string {
  return text(row, "body");
}
