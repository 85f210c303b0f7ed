/**
 * Everything that can leave a room.
 *
 * A sink and not a returned list: a room says what it wants while it handles
 * an input, and a test passes a recorder.
 *
 * @module
 */

import type { ErrorCode } from "../wire/errors.ts";
import type { Ack, RoomEvent } from "../wire/event.ts";
import type { DurableRecord } from "../wire/record.ts";
import type { Fed, FeedReply, Outcome, Reply } from "./room_input.ts";
import type { Session } from "./session.ts";

export interface BroadcastOptions {
  /** A session that lags may miss it. */
  readonly droppable?: boolean;
  /** Sessions that are not told. */
  readonly except?: readonly Session[];
  /**
   * The sessions of the user who caused it, as far as they are here: in a
   * personal dialect they read another text than the others.
   */
  readonly authors?: readonly Session[];
  /**
   * Newer entries were told before it. Whoever misses it is told of no gap:
   * one is between what came before and what comes after.
   */
  readonly isLate?: boolean;
}

/** The sink of one turn. */
export interface RoomEffects {
  /**
   * Keeps records for good, before anyone hears of them.
   *
   * @returns `false` when they cannot be kept now: then none of them is, and
   * the room must refuse what caused them.
   */
  record(records: readonly DurableRecord[]): boolean;
  /** Keeps records that cannot be refused, as safely as is possible now. */
  recordOwed(records: readonly DurableRecord[]): void;
  /** Says something to every admitted session. */
  broadcast(event: RoomEvent, options?: BroadcastOptions): void;
  /** Says something to one session, admitted or not. */
  send(session: Session, event: RoomEvent): void;
  /** Sends a receipt once the message is as safe as it says. */
  acknowledge(session: Session, ack: Ack): void;
  /** Answers an operator or a user who posts, once what changed is as safe as it gets. */
  answer(reply: Reply, outcome: Outcome): void;
  /**
   * Tells who feeds the room what was kept, once it is as safe as it gets. It
   * is kept even when it could not be made as safe as is promised: a source
   * that fed it again would have it told twice.
   */
  confirm(reply: FeedReply, fed: Fed): void;
  /** From here on the session hears broadcasts. */
  admit(session: Session): void;
  /** From here on it does not; a code closes its connection. */
  dismiss(session: Session, code?: ErrorCode): void;
  /**
   * Sends the session the log after a number, then posts `replayed` or
   * `replay_failed`.
   */
  replay(session: Session, afterSeq: number): void;
  /** Asks for a `wake` input at an instant, in epoch ms; the last call counts. */
  wakeAt(at: number | undefined): void;
}

/** What every step of a turn needs. */
export interface TurnContext {
  /** Epoch ms; the same for the whole input. */
  readonly now: number;
  readonly effects: RoomEffects;
}
