/**
 * The first words to a session, and what it missed.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { Welcome } from "../wire/event.ts";
import { fittingCount } from "./entry_weight.ts";
import { resume } from "./resume.ts";
import type { RoomEffects, TurnContext } from "./room_effects.ts";
import type { JoinReply, ResumePoint } from "./room_input.ts";
import type { RoomState } from "./room_state.ts";
import type { Session } from "./session.ts";

/**
 * Most entries sent to a resuming session within a turn; more are read and
 * sent at the session's own pace.
 */
const INLINE_ENTRIES_MAX = 50;

/** Who is welcomed, and since when it missed something. */
export interface Newcomer {
  readonly session: Session;
  readonly resume: ResumePoint | null;
  /** Told first, when there is one. */
  readonly reply?: JoinReply;
}

/**
 * Welcomes a session, and sends what it missed since a point of the log.
 *
 * @returns whether it listens from here on; a `replayed` follows otherwise.
 */
export function welcome(
  { session, resume: point, reply }: Newcomer,
  state: RoomState,
  { now, effects }: TurnContext,
): boolean {
  const { id: roomId, mutes, epoch, lastSeq } = state;
  const { id: sessionId, userId, nickname } = session;
  const { recovered, afterSeq, gap } = resume(state, point);
  const event: Welcome = {
    type: "welcome",
    roomId,
    user: { userId, nickname },
    isMuted: mutes.find(userId, now) !== undefined,
    sessionId,
    epoch,
    lastSeq,
    recovered,
  };
  reply?.joined(event);
  effects.send(session, event);
  if (gap !== null) effects.send(session, { type: "gap", ...gap });
  return catchUp(session, afterSeq, state, effects);
}

/**
 * Sends what is missing, at once when it is little, and lets the session
 * listen.
 *
 * @returns `false` when it must be read first.
 */
export function catchUp(
  session: Session,
  afterSeq: number,
  state: RoomState,
  effects: RoomEffects,
): boolean {
  const missed = missedSince(afterSeq, state);
  if (missed === undefined) {
    state.replaying.add(session);
    effects.replay(session, afterSeq);
    return false;
  }
  for (const entry of missed) {
    effects.send(session, { type: "entry", entry });
  }
  state.replaying.delete(session);
  effects.admit(session);
  return true;
}

/** The entries after a number, when they are few and in memory. */
function missedSince(
  afterSeq: number,
  { recent, lastSeq }: RoomState,
): readonly LogEntry[] | undefined {
  const isFew = lastSeq - afterSeq <= INLINE_ENTRIES_MAX;
  if (!isFew || !recent.covers(afterSeq)) return undefined;
  const missed = recent.after(afterSeq, INLINE_ENTRIES_MAX);
  return fittingCount(missed) < missed.length ? undefined : missed;
}
