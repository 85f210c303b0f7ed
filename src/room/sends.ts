/**
 * What every send goes through, whether a user says something or a device
 * passes something on: it is accepted once, not while its sender is muted, and
 * not too soon after the last.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { Refusal, YouAreMuted } from "../wire/event.ts";
import { ChatLimiter } from "./chat_limiter.ts";
import type { TurnContext } from "./room_effects.ts";
import {
  type EntryDraft,
  type RoomState,
  STORAGE_RETRY_MS,
} from "./room_state.ts";
import type { RoomTally } from "./room_tally.ts";
import { type Receipt, SendLedger } from "./send_ledger.ts";

/** What became of a send. */
export type Answer =
  | {
    readonly type: "accepted";
    readonly receipt: Receipt;
    /** Whether it was accepted before, and is not said again. */
    readonly isRepeated: boolean;
  }
  | Refusal
  | YouAreMuted;

/** What is sent, by whom. */
export type SendDraft =
  & Extract<EntryDraft, { kind: "message" | "relay" }>
  & { readonly actor: string };

/** The sends of one room. */
export class Sends {
  readonly #state: RoomState;
  readonly #tally: RoomTally;
  readonly #limiter = new ChatLimiter();
  readonly #ledger: SendLedger;

  constructor(state: RoomState, tally: RoomTally) {
    this.#state = state;
    this.#tally = tally;
    this.#ledger = new SendLedger({ sizeMax: state.options.sendsMax });
  }

  /** Remembers a send of the log, as if it had just been accepted. */
  remember(userId: string, clientMsgId: string, receipt: Receipt): void {
    this.#tally.evictedSends += this.#ledger.keep(userId, clientMsgId, receipt);
  }

  /**
   * What the same send, by its sender's own id for it, was answered when it was
   * accepted before.
   */
  repeated(
    userId: string,
    clientMsgId: string | undefined,
    now: number,
  ): Answer | undefined {
    if (clientMsgId === undefined) return undefined;
    const receipt = this.#ledger.find(userId, clientMsgId, now);
    if (receipt === undefined) return undefined;
    this.#tally.repeated += 1;
    return { type: "accepted", receipt, isRepeated: true };
  }

  /** What a user is told who is muted. */
  muted(userId: string, now: number): YouAreMuted | undefined {
    const mute = this.#state.mutes.find(userId, now);
    return mute && { type: "you_are_muted", until: mute.until };
  }

  /** What a user is told whose last send was too short a time ago. */
  slowed(userId: string, isAdmin: boolean, now: number): Refusal | undefined {
    const retryAfterMs = this.waitMs({ userId, isAdmin }, now);
    if (retryAfterMs === 0) return undefined;
    return { type: "error", code: "rate_limited", retryAfterMs };
  }

  /** How long a user must still wait before they may send, in ms. */
  waitMs(
    { userId, isAdmin }: {
      readonly userId: string;
      /** Admins are not slowed down. */
      readonly isAdmin: boolean;
    },
    now: number,
  ): number {
    if (isAdmin) return 0;
    return this.#limiter.waitMs(userId, this.#state.chatIntervalMs, now);
  }

  /** A user has sent something, here or otherwise. */
  noteSaid(userId: string, now: number): void {
    this.#limiter.note(userId, this.#state.chatIntervalMs, now);
  }

  /**
   * Gives a send its number, keeps it and remembers it.
   *
   * @returns `undefined` when it cannot be kept; then nothing has changed.
   */
  keep(draft: SendDraft, context: TurnContext): LogEntry | undefined {
    const entry = this.#state.append(draft, context);
    if (entry === undefined) return undefined;
    const { actor, payload: { clientMsgId } } = draft;
    this.noteSaid(actor, context.now);
    this.#state.lastMessageAt = context.now;
    if (clientMsgId !== undefined) {
      this.remember(actor, clientMsgId, receiptOf(entry));
    }
    return entry;
  }
}

/** The answer to a send that was kept. */
export function accepted(entry: LogEntry): Answer {
  return { type: "accepted", receipt: receiptOf(entry), isRepeated: false };
}

/** The answer to a send that cannot be kept. */
export function unkept(): Refusal {
  return {
    type: "error",
    code: "storage_unavailable",
    retryAfterMs: STORAGE_RETRY_MS,
  };
}

function receiptOf({ id, seq, at }: LogEntry): Receipt {
  return { id, seq, at };
}
