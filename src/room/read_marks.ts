/**
 * Which messages were read.
 *
 * A mark is an entry of the log, so that a client that was away catches up on
 * it. What is marked already, or the user's own, is passed over: asking twice
 * changes nothing the second time. Only rooms of kind `chat` have them: the
 * clients of the others know no such word.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { RecentLog } from "./recent_log.ts";
import type { TurnContext } from "./room_effects.ts";
import type { RoomState } from "./room_state.ts";
import { tell } from "./tell.ts";

/** Whether it matters in a room who has read what. */
export function hasReadMarks({ kind }: Pick<RoomState, "kind">): boolean {
  return kind === "chat";
}

/**
 * Whether a user may still mark a message as read. Of a message that memory
 * does not hold any more this only says whether it was settled meanwhile; the
 * rest was looked up before.
 */
export function canMark(
  recent: RecentLog,
  seq: number,
  userId: string,
): boolean {
  if (seq < 1) return false;
  if (!recent.covers(seq - 1)) return !recent.isSettled(seq);
  const entry = recent.get(seq);
  if (entry?.kind !== "message" || entry.actor === userId) return false;
  return !recent.isSettled(seq);
}

/**
 * Marks messages of others as read by a user.
 *
 * @returns the entry made, or `undefined` when there was nothing to mark.
 * @throws ChatError `storage_unavailable`.
 */
export function markRead(
  state: RoomState,
  { userId, seqs }: { userId: string; seqs: readonly number[] },
  context: TurnContext,
): LogEntry | undefined {
  if (!hasReadMarks(state)) return undefined;
  const { recent } = state;
  const marked = [...new Set(seqs)]
    .filter((seq) => canMark(recent, seq, userId))
    .sort((left, right) => left - right);
  if (marked.length === 0) return undefined;
  const entry = state.require(
    { kind: "read", actor: userId, payload: { seqs: marked } },
    context,
  );
  for (const seq of marked) recent.markRead(seq);
  tell(entry, state, context.effects, { droppable: true });
  return entry;
}
