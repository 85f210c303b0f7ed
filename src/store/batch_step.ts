/**
 * Steps that put a room's records into batches, each one transaction's work.
 *
 * A step is worked out from what was read and moves the mark only from where it
 * stood then. So two runs over one room put nothing into two batches.
 *
 * @module
 */

import type { CallbackPlan } from "../wire/callback.ts";
import { type Cut, cutMessages, cutPlaces } from "./batch_cut.ts";
import {
  type BatchLimits,
  messagesMax,
  type RoomMarks,
} from "./batch_marks.ts";
import { insertEvent } from "./event_table.ts";
import { integer } from "./row.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";

/** Batches of stays that one step makes. */
const BATCHES_MAX = 1000;

const MOVE_CHAT_MARK = `UPDATE room SET chat_mark = ?, chat_last = ?,
    chat_batched = ?, chat_batches = ?
  WHERE id = ? AND chat_mark = ?`;

const MOVE_LEAVE_MARK = `UPDATE room SET leave_mark = ?, session_batches = ?
  WHERE id = ? AND leave_mark = ?`;

/** With which limits and when batches are made, and for whom. */
export interface BatchOptions {
  readonly size: BatchLimits;
  /** Epoch ms. */
  readonly at: number;
  readonly plan: CallbackPlan;
}

/** What takes a room's records further. */
export interface BatchStep {
  /** The mark, then the batches; empty when there is nothing to do. */
  readonly group: SqlGroup;
  readonly batchCount: number;
  /** Whether nothing is left for another step. */
  readonly isWhole: boolean;
}

/** The next batches of messages; `unbatched` is what is in none. */
export function chatStep(
  marks: RoomMarks,
  unbatched: readonly SqlRow[],
  options: BatchOptions,
): BatchStep {
  const { chatBatched, chatBatches, chatLast, chatMark, roomId } = marks;
  const { bytesMax, chatMax } = options.size;
  const messages = unbatched.map((row) => {
    return { seq: integer(row, "seq"), bytes: integer(row, "bytes") };
  });
  const isAll = messages.length < messagesMax(options.size);
  const cut = cutMessages(messages, { isAll, countMax: chatMax, bytesMax });
  const last = cut.stretches.at(-1)?.to ?? chatLast;
  // Past what is no message too, so that it is no news again.
  const mark = cut.isWhole ? marks.lastSeq : last;
  if (mark === chatMark) return nothing(cut);
  const counted = cut.stretches.reduce((sum, { count }) => sum + count, 0);
  const batches = chatBatches + cut.stretches.length;
  const to = [mark, last, chatBatched + counted, batches];
  const move = { sql: MOVE_CHAT_MARK, params: [...to, roomId, chatMark] };
  const before = { count: chatBatched, to: chatLast };
  return stepOf(cut, move, {
    ...options,
    roomId,
    type: "ChatHistoryBatch",
    made: chatBatches,
    before,
  });
}

/** The next batches of stays that ended. */
export function sessionStep(
  marks: RoomMarks,
  options: BatchOptions,
): BatchStep {
  const { leaveMark, leftCount, roomId, sessionBatches } = marks;
  const cut = cutPlaces({ from: leaveMark + 1, to: leftCount }, {
    countMax: options.size.sessionMax,
    stretchesMax: BATCHES_MAX,
  });
  const mark = cut.stretches.at(-1)?.to;
  if (mark === undefined) return nothing(cut);
  const batches = sessionBatches + cut.stretches.length;
  const params = [mark, batches, roomId, leaveMark];
  return stepOf(cut, { sql: MOVE_LEAVE_MARK, params }, {
    ...options,
    roomId,
    type: "SessionHistoryBatch",
    made: sessionBatches,
    before: { count: leaveMark, to: leaveMark },
  });
}

function nothing({ isWhole }: Cut): BatchStep {
  return { group: [], batchCount: 0, isWhole };
}

interface StepOptions extends BatchOptions {
  readonly roomId: string;
  readonly type: "ChatHistoryBatch" | "SessionHistoryBatch";
  /** Batches of the room's earlier steps. */
  readonly made: number;
  /** How much those hold, and where they end. */
  readonly before: { readonly count: number; readonly to: number };
}

function stepOf(
  { stretches, isWhole }: Cut,
  move: SqlStatement,
  { at, made, plan, roomId, type, ...options }: StepOptions,
): BatchStep {
  const group = [move];
  let { before } = options;
  for (const [index, { from, to, count }] of stretches.entries()) {
    const batch = made + index + 1;
    const isLast = isWhole && index === stretches.length - 1;
    const data = { batch, from, to, count, isLast };
    const id = `${ID_PREFIX[type]}_${roomId}_${batch}_${at}`;
    group.push(insertEvent({ id, roomId, type, at, data, before }, plan));
    before = { count: before.count + count, to };
  }
  return { group, batchCount: stretches.length, isWhole };
}

/**
 * What the ids of batches begin with. They end with when the batch was made:
 * after the loss of the newest writes the same number is given again, to other
 * records, and a receiver would take those for what it knows.
 */
const ID_PREFIX = {
  ChatHistoryBatch: "chat",
  SessionHistoryBatch: "session",
} as const;
