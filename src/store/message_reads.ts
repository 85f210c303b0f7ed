/**
 * Messages as those who talk read them: by number, and what is unread.
 *
 * @module
 */

import { storable } from "./row.ts";
import type { SqlStatement } from "./sqlite_protocol.ts";
import type { UnreadQuery } from "./store.ts";

// Other rooms than those of kind chat have no index of their messages: there
// is little else in an operator's rooms, and nobody asks for those of the rest.
// The room comes first, so that a log that has one is not looked through.
const SELECT_MESSAGES = `SELECT * FROM (
    SELECT * FROM (
      SELECT * FROM log_entry INDEXED BY log_message
      WHERE room_id = ?1 AND seq < ?2 AND talk_of IS NOT NULL
      ORDER BY seq DESC LIMIT ?3
    )
    UNION ALL
    SELECT * FROM (
      SELECT entry.* FROM room CROSS JOIN log_entry AS entry
      WHERE room.id = ?1 AND room.kind IS NOT 'chat'
      AND entry.room_id = room.id AND entry.seq < ?2
      AND entry.kind = 'message' AND entry.deleted_at IS NULL
      ORDER BY entry.seq DESC LIMIT ?3
    )
  ) ORDER BY seq`;

const SELECT_LAST = `SELECT entry.* FROM (
    SELECT room.id AS room_id, CASE room.kind
      WHEN 'chat' THEN (
        SELECT max(seq) FROM log_entry INDEXED BY log_message
        WHERE room_id = room.id AND talk_of IS NOT NULL
      )
      ELSE (
        SELECT seq FROM log_entry
        WHERE room_id = room.id AND kind = 'message' AND deleted_at IS NULL
        ORDER BY seq DESC LIMIT 1
      )
    END AS seq
    FROM json_each(?) CROSS JOIN room ON room.id = value
  ) AS newest
  CROSS JOIN log_entry AS entry
  ON entry.room_id = newest.room_id AND entry.seq = newest.seq`;

const SELECT_UNREAD_OF = `SELECT seq FROM log_entry
  WHERE room_id = ? AND seq IN (SELECT value FROM json_each(?))
  AND chat_at IS NOT NULL AND read_at IS NULL AND actor IS NOT ?
  ORDER BY seq LIMIT ?`;

// By author, so that what the reader said is passed over at once, however much
// of it there is.
const SELECT_UNREAD = `SELECT seq FROM (
    SELECT * FROM (
      SELECT seq FROM log_entry INDEXED BY log_unread
      WHERE room_id = ?1 AND talk_of < ?2 AND read_at IS NULL
      ORDER BY talk_of, seq LIMIT ?3
    )
    UNION ALL
    SELECT * FROM (
      SELECT seq FROM log_entry INDEXED BY log_unread
      WHERE room_id = ?1 AND talk_of > ?2 AND read_at IS NULL
      ORDER BY talk_of, seq LIMIT ?3
    )
  ) ORDER BY seq LIMIT ?3`;

/** The newest messages, or those before a number, ascending. */
export function selectMessages(
  roomId: string,
  { beforeSeq = Number.MAX_SAFE_INTEGER, limit }: {
    readonly beforeSeq?: number;
    readonly limit: number;
  },
): SqlStatement {
  return { sql: SELECT_MESSAGES, params: [roomId, beforeSeq, limit] };
}

/** The newest message of each room that has one. */
export function selectLastMessages(roomIds: readonly string[]): SqlStatement {
  return { sql: SELECT_LAST, params: [JSON.stringify([...new Set(roomIds)])] };
}

/** Numbers of messages that a user has to read, as `seq`, ascending. */
export function selectUnread(
  roomId: string,
  userId: string,
  { limit, seqs }: UnreadQuery,
): SqlStatement {
  const reader = storable(userId);
  if (seqs === undefined) {
    return { sql: SELECT_UNREAD, params: [roomId, reader, limit] };
  }
  const params = [roomId, JSON.stringify(seqs), reader, limit];
  return { sql: SELECT_UNREAD_OF, params };
}
