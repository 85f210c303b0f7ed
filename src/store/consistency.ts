/**
 * How much of a room's records there is, beside how much of it arrived.
 *
 * A batch carries how much those before it hold. So the first one that was not
 * acknowledged says how much was, whatever was removed or replayed since.
 *
 * @module
 */

import { type CallbackPlan, ENDPOINT_OF } from "../wire/callback.ts";
import { integer } from "./row.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";

// Named by kind, so that the log is read by seq and not by its chat index.
const SELECT_TOTALS = `SELECT last_seq, chat_last, chat_batched, leave_mark,
    chat_batched + (
      SELECT count(*) FROM log_entry
      WHERE room_id = room.id AND seq > room.chat_mark
      AND kind = 'message' AND deleted_at IS NULL
    ) AS messages,
    ifnull((
      SELECT max(leave_seq) FROM session
      WHERE room_id = room.id AND leave_seq IS NOT NULL
    ), 0) AS sessions
  FROM room WHERE id = ?`;

const SELECT_UNACKNOWLEDGED = `SELECT count_before, to_before
  FROM event INDEXED BY event_unacknowledged
  WHERE room_id = ? AND type = ? AND count_before IS NOT NULL
  AND (state IS NOT NULL OR settled_at IS NULL)
  ORDER BY number LIMIT 1`;

/** Chat messages, the newest number, and stays that ended. */
export interface RecordTotals {
  readonly messages: number;
  readonly lastSeq: number;
  readonly sessions: number;
}

/** What there is, and what the endpoints of a plan have acknowledged of it. */
export interface RecordConsistency {
  readonly log: RecordTotals;
  readonly acknowledged: RecordTotals;
}

const NOTHING: RecordTotals = { messages: 0, lastSeq: 0, sessions: 0 };

/** What {@linkcode consistencyOf} needs of the database. */
export function selectConsistency(
  roomId: string,
): [totals: SqlStatement, chat: SqlStatement, session: SqlStatement] {
  return [
    { sql: SELECT_TOTALS, params: [roomId] },
    { sql: SELECT_UNACKNOWLEDGED, params: [roomId, "ChatHistoryBatch"] },
    { sql: SELECT_UNACKNOWLEDGED, params: [roomId, "SessionHistoryBatch"] },
  ];
}

/** What the rows of {@linkcode selectConsistency} say together. */
export function consistencyOf(
  rows: readonly SqlRow[][],
  plan: CallbackPlan,
): RecordConsistency {
  const [[totals] = [], [chat] = [], [session] = []] = rows;
  if (totals === undefined) return { log: NOTHING, acknowledged: NOTHING };
  const hasChat = plan.endpoints.has(ENDPOINT_OF.ChatHistoryBatch);
  const hasSessions = plan.endpoints.has(ENDPOINT_OF.SessionHistoryBatch);
  return {
    log: {
      messages: integer(totals, "messages"),
      lastSeq: integer(totals, "last_seq"),
      sessions: integer(totals, "sessions"),
    },
    acknowledged: {
      ...(hasChat ? acknowledgedChat(totals, chat) : NOTHING),
      sessions: hasSessions ? acknowledgedSessions(totals, session) : 0,
    },
  };
}

function acknowledgedChat(
  totals: SqlRow,
  missing: SqlRow | undefined,
): Pick<RecordTotals, "messages" | "lastSeq"> {
  return missing === undefined
    ? {
      messages: integer(totals, "chat_batched"),
      lastSeq: integer(totals, "chat_last"),
    }
    : {
      messages: integer(missing, "count_before"),
      lastSeq: integer(missing, "to_before"),
    };
}

function acknowledgedSessions(
  totals: SqlRow,
  missing: SqlRow | undefined,
): number {
  return missing === undefined
    ? integer(totals, "leave_mark")
    : integer(missing, "count_before");
}
