/**
 * Coming and going: every stay begins and ends here.
 *
 * @module
 */

import { closeCodeOf, type ErrorCode } from "../wire/errors.ts";
import { exclusionOf, isForUsers } from "./admission.ts";
import { tellArrival, tellDeparture, tellSelf } from "./arrivals.ts";
import type { Feed } from "./feed.ts";
import { catchUp, type Newcomer, welcome } from "./welcome.ts";
import { JoinNotice, noticeEvent } from "./join_notice.ts";
import type { Eviction } from "./moderation.ts";
import type { TurnContext } from "./room_effects.ts";
import { type RoomState, STORAGE_RETRY_MS } from "./room_state.ts";
import type { RoomTally } from "./room_tally.ts";
import type { Session } from "./session.ts";
import { closedRecord, openedRecord } from "./stay_record.ts";

/** The comings and goings of one room. */
export class Stays implements Eviction {
  readonly #state: RoomState;
  readonly #tally: RoomTally;
  /** What is gathered for those who listen, and in the log of newcomers. */
  readonly #feed: Pick<Feed, "flush">;
  readonly #notice = new JoinNotice();
  /** Sessions whose leave overtook their join: lanes keep no order. */
  readonly #gone = new WeakSet<Session>();
  /** Sessions whose stay is over, or was refused. */
  readonly #past = new WeakSet<Session>();

  constructor(
    state: RoomState,
    tally: RoomTally,
    feed: Pick<Feed, "flush">,
  ) {
    this.#state = state;
    this.#tally = tally;
    this.#feed = feed;
  }

  /** When the next notice of joins and leaves is due, in epoch ms. */
  get noticeDueAt(): number | undefined {
    return this.#notice.dueAt;
  }

  /** Whether a session has left or was put out, so that it hears nothing. */
  isOver(session: Session): boolean {
    return this.#gone.has(session) || this.#past.has(session);
  }

  /** Begins a stay, or says why not: to its reply, when it has one. */
  join(newcomer: Newcomer, context: TurnContext): void {
    const { session, reply } = newcomer;
    // Its code is heard by nobody, but whoever waits for the reply has it.
    if (this.#gone.has(session)) return reply?.refused("disconnected");
    const replaced = this.#replacedBy(session);
    const refusal = this.#refusal(session, context) ??
      this.#record(session, replaced, context);
    if (refusal !== undefined) return this.#refuse(newcomer, refusal, context);
    const { presence } = this.#state;
    const isFirst = !presence.isHere(session.userId);
    for (const older of replaced) this.#replace(older, context);
    const isNews = replaced.length > 0 || !presence.isHere(session.userId);
    presence.add(session, context.now);
    this.#state.totalJoins += 1;
    this.#state.peakUsers = Math.max(this.#state.peakUsers, presence.userCount);
    this.#state.emptySinceAt = null;
    this.#tally.joins += 1;
    if (isNews && this.#isTold) this.#notice.noteJoin(session, context.now);
    this.#feed.flush(context.effects);
    const isListening = welcome(newcomer, this.#state, context);
    if (!this.#isTold) return;
    const isHeard = isFirst &&
      tellArrival(session, this.#state, context.effects);
    if (isListening && !isHeard) tellSelf(session, context.effects);
  }

  /** Ends a stay whose connection is gone. */
  leave(session: Session, closeCode: number, context: TurnContext): void {
    if (!this.#remove(session, closeCode, context)) {
      this.#gone.add(session);
      return;
    }
    context.effects.dismiss(session);
    this.#noteLeave(session, context);
  }

  /** Sends what a session still misses, or lets it listen. */
  replayed(session: Session, throughSeq: number, context: TurnContext): void {
    if (!this.#state.presence.has(session)) return;
    const { effects } = context;
    this.#feed.flush(effects);
    const isListening = catchUp(session, throughSeq, this.#state, effects);
    if (isListening && this.#isTold) tellSelf(session, effects);
  }

  /** Ends the stay of a session that cannot be sent what it misses. */
  replayFailed(session: Session, context: TurnContext): void {
    if (!this.#state.presence.has(session)) return;
    const code = "storage_unavailable";
    const retryAfterMs = STORAGE_RETRY_MS;
    context.effects.send(session, { type: "error", code, retryAfterMs });
    this.#end(session, code, context);
    this.#noteLeave(session, context);
  }

  /** Tells of joins and leaves, if a notice is due. */
  tellNotice({ now, effects }: TurnContext): void {
    const notice = this.#notice.take(now);
    if (notice === undefined) return;
    if (notice.kind !== "stats") {
      const { session } = notice;
      const options = { droppable: true, except: [session] };
      return effects.broadcast(noticeEvent(notice), options);
    }
    const { presence, peakUsers } = this.#state;
    const currentUsers = presence.userCount;
    effects.broadcast({ type: "room_stats", currentUsers, peakUsers }, {
      droppable: true,
    });
  }

  evict(userId: string, code: ErrorCode, context: TurnContext): void {
    const sessions = this.#state.presence.sessionsOf(userId);
    for (const session of sessions) {
      context.effects.send(session, { type: "you_are_kicked", code });
      this.#end(session, code, context);
    }
    const last = sessions.at(-1);
    if (last !== undefined) this.#noteLeave(last, context);
  }

  evictAll(code: ErrorCode, context: TurnContext): void {
    for (const session of [...this.#state.presence.sessions()]) {
      this.#end(session, code, context);
    }
  }

  /** Whether those who are here are told of others who come and go. */
  get #isTold(): boolean {
    return isForUsers(this.#state);
  }

  #refuse(
    { session, reply }: Newcomer,
    code: ErrorCode,
    { effects }: TurnContext,
  ): void {
    this.#past.add(session);
    if (reply !== undefined) return reply.refused(code);
    effects.send(session, { type: "error", code });
    effects.dismiss(session, code);
  }

  /** Says why a session may not join. */
  #refusal(session: Session, { now }: TurnContext): ErrorCode | undefined {
    const exclusion = exclusionOf(this.#state, session, now);
    if (exclusion !== undefined) return exclusion;
    const isFull = this.#userCountWith(session) > this.#state.membersMax;
    return isFull ? "room_full" : undefined;
  }

  /**
   * Ends the stays that a session takes the place of, and begins its own, in
   * that order and in one write: nobody ever sees the user gone between them,
   * or as here when the newer stay came to nothing.
   */
  #record(
    session: Session,
    replaced: readonly Session[],
    { now, effects }: TurnContext,
  ): ErrorCode | undefined {
    const state = this.#state;
    const peakUsers = Math.max(state.peakUsers, this.#userCountWith(session));
    const closeCode = closeCodeOf("session_replaced");
    const isKept = effects.record([
      ...replaced.map((older) =>
        closedRecord(older, state, { now, closeCode })
      ),
      openedRecord(session, state, { now, peakUsers }),
    ]);
    return isKept ? undefined : "storage_unavailable";
  }

  #userCountWith({ userId }: Session): number {
    const { presence } = this.#state;
    return presence.userCount + (presence.isHere(userId) ? 0 : 1);
  }

  /** The sessions of its user that are too many once it is here. */
  #replacedBy({ userId }: Session): readonly Session[] {
    const sessions = this.#state.presence.sessionsOf(userId);
    const { sessionsPerUserMax } = this.#state;
    const surplus = Math.max(0, sessions.length + 1 - sessionsPerUserMax);
    return sessions.slice(0, surplus);
  }

  /** Puts out a session whose end is recorded. */
  #replace(session: Session, { effects }: TurnContext): void {
    const code = "session_replaced";
    effects.send(session, { type: "you_are_kicked", code });
    this.#forget(session);
    effects.dismiss(session, code);
  }

  /** A user has left once none of their sessions is here. */
  #noteLeave(session: Session, { now, effects }: TurnContext): void {
    if (!this.#isTold || this.#state.presence.isHere(session.userId)) return;
    this.#notice.noteLeave(session, now);
    tellDeparture(session, this.#state, effects);
  }

  /** Ends a stay that the room itself breaks off. */
  #end(session: Session, code: ErrorCode, context: TurnContext): void {
    this.#remove(session, closeCodeOf(code), context);
    context.effects.dismiss(session, code);
  }

  #remove(
    session: Session,
    closeCode: number,
    { now, effects }: TurnContext,
  ): boolean {
    const state = this.#state;
    if (!this.#forget(session)) return false;
    effects.recordOwed([closedRecord(session, state, { now, closeCode })]);
    if (state.presence.userCount === 0) this.#noteEmpty(now);
    return true;
  }

  /**
   * Nobody is here. There may be ten thousand device rooms that stay so, each
   * of one device that was here once: they hold no memory.
   */
  #noteEmpty(now: number): void {
    const state = this.#state;
    state.emptySinceAt = now;
    if (state.kind === "device") state.recent.forget();
  }

  #forget(session: Session): boolean {
    if (!this.#state.presence.remove(session)) return false;
    this.#past.add(session);
    return true;
  }
}
