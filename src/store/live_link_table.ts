/**
 * Links that feed live rooms, as they go on after a restart.
 *
 * A link is not a room's: it stays when its room is purged, and feeds the next.
 *
 * @module
 */

import { integer, text, textOrNull } from "./row.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { StoredLiveLink } from "../wire/live_link.ts";

const SAVE_LINK = `INSERT INTO live_link (
    live_id, source, is_wanted, is_ended, added_at, changed_at, room_id,
    through_seq, memory
  ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
  ON CONFLICT DO UPDATE SET
    source = ?2, is_wanted = ?3, is_ended = ?4, added_at = ?5, changed_at = ?6,
    room_id = ?7, through_seq = ?8, memory = ?9`;

const SELECT_LINKS = "SELECT * FROM live_link ORDER BY added_at, live_id";

const FORGET_LINKS = `DELETE FROM live_link
  WHERE live_id IN (SELECT value FROM json_each(?))`;

/** Every link, first added first. */
export function selectLinks(): SqlStatement {
  return { sql: SELECT_LINKS };
}

/** Writes links in place of what was known of them. */
export function saveLinks(links: readonly StoredLiveLink[]): SqlGroup[] {
  return links.map((link) => {
    const params = [
      link.liveId,
      link.source,
      link.isWanted ? 1 : 0,
      link.isEnded ? 1 : 0,
      link.addedAt,
      link.changedAt,
      link.roomId,
      link.throughSeq,
      link.memory,
    ];
    return [{ sql: SAVE_LINK, params }];
  });
}

/** Removes links. */
export function forgetLinks(liveIds: readonly string[]): SqlGroup {
  return [{ sql: FORGET_LINKS, params: [JSON.stringify(liveIds)] }];
}

/** What a row of a link says. */
export function liveLinkOf(row: SqlRow): StoredLiveLink {
  return {
    liveId: text(row, "live_id"),
    source: text(row, "source"),
    isWanted: integer(row, "is_wanted") === 1,
    isEnded: integer(row, "is_ended") === 1,
    addedAt: integer(row, "added_at"),
    changedAt: integer(row, "changed_at"),
    roomId: textOrNull(row, "room_id"),
    throughSeq: integer(row, "through_seq"),
    memory: text(row, "memory"),
  };
}
