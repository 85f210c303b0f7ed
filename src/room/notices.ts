/**
 * What is told to those who are here and to nobody later: typing, calls, and
 * that something was posted elsewhere (COMPAT 0.3).
 *
 * A notice that carries words is slowed down like a message, or it would be a
 * way around the room's slow mode.
 *
 * @module
 */

import { TokenBuckets } from "../base/token_buckets.ts";
import type { Notice } from "../wire/command.ts";
import { ChatError } from "../wire/errors.ts";
import { isAdminOf, isForUsers } from "./admission.ts";
import type { TurnContext } from "./room_effects.ts";
import type { RoomState } from "./room_state.ts";
import type { RoomTally } from "./room_tally.ts";
import type { Sends } from "./sends.ts";
import type { Session } from "./session.ts";

/** How often one user may give notice of anything. */
const ANY = { burst: 10, refillMs: 200 };

/** How often one user may call. */
const CALLS = { burst: 3, refillMs: 3000 };

/** The notices of one room. */
export class Notices {
  readonly #state: RoomState;
  readonly #tally: RoomTally;
  readonly #sends: Pick<Sends, "waitMs" | "noteSaid">;
  readonly #any = new TokenBuckets(ANY);
  readonly #calls = new TokenBuckets(CALLS);

  constructor(
    state: RoomState,
    tally: RoomTally,
    sends: Pick<Sends, "waitMs" | "noteSaid">,
  ) {
    this.#state = state;
    this.#tally = tally;
    this.#sends = sends;
  }

  /**
   * Passes a notice on. That a muted user types is kept from the others; a
   * muted user who calls is told why nobody answers. One who types too often
   * is passed over.
   *
   * @throws ChatError `rate_limited` for any other notice that comes too soon,
   * `unknown_type` in rooms that are not for users.
   */
  passOn(notice: Notice, session: Session, context: TurnContext): void {
    if (!isForUsers(this.#state)) throw new ChatError("unknown_type");
    const { now, effects } = context;
    const mute = this.#state.mutes.find(session.userId, now);
    if (mute !== undefined) {
      if (!isCall(notice)) return;
      const { until } = mute;
      return effects.send(session, { type: "you_are_muted", until });
    }
    const retryAfterMs = this.#waitMs(notice, session, now);
    if (retryAfterMs === 0) {
      this.#take(notice, session, now);
      return this.#tell(notice, session, context);
    }
    if (notice.type !== "typing") {
      throw new ChatError("rate_limited", { retryAfterMs });
    }
    this.#tally.noticesSkipped += 1;
  }

  #waitMs(notice: Notice, session: Session, now: number): number {
    const { userId } = session;
    const anyMs = this.#any.waitMs(userId, now);
    if (notice.type === "typing") return anyMs;
    const isAdmin = isAdminOf(this.#state, session);
    const speechMs = this.#sends.waitMs({ userId, isAdmin }, now);
    const isInvite = notice.type === "call_invite";
    const callMs = isInvite ? this.#calls.waitMs(userId, now) : 0;
    return Math.max(anyMs, speechMs, callMs);
  }

  #take(notice: Notice, { userId }: Session, now: number): void {
    this.#any.take(userId, now);
    if (notice.type !== "typing") this.#sends.noteSaid(userId, now);
    if (notice.type === "call_invite") this.#calls.take(userId, now);
  }

  #tell(
    notice: Notice,
    { userId, nickname }: Session,
    { effects }: TurnContext,
  ): void {
    const { id, presence } = this.#state;
    const isNameless = notice.type === "call_invite" &&
      notice.callRoomId === undefined;
    const event = {
      type: "notice",
      user: { userId, nickname },
      notice: isNameless ? { ...notice, callRoomId: id } : notice,
    } as const;
    const others = notice.type === "typing"
      ? {}
      : { except: presence.sessionsOf(userId) };
    effects.broadcast(event, { droppable: true, ...others });
  }
}

function isCall({ type }: Notice): boolean {
  return type === "call_invite" || type === "call_status";
}
