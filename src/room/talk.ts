/**
 * Chat: who may say what when, and the receipt of what was said.
 *
 * Whoever speaks does so over a connection or over HTTP; the rules are the
 * same, and only how the speaker hears of the outcome differs.
 *
 * @module
 */

import type { ChatCommand } from "../wire/command.ts";
import type { EntryPayloads } from "../wire/entry.ts";
import type { Refusal, YouAreMuted } from "../wire/event.ts";
import type { Person } from "../wire/person.ts";
import { ChatLimiter } from "./chat_limiter.ts";
import type { TurnContext } from "./room_effects.ts";
import { type RoomState, STORAGE_RETRY_MS } from "./room_state.ts";
import type { RoomTally } from "./room_tally.ts";
import { type Receipt, SendLedger } from "./send_ledger.ts";
import { tell } from "./tell.ts";

/** Who says it. */
export interface Speaker extends Person {
  /** Admins are not slowed down. */
  readonly isAdmin: boolean;
}

/** What became of a message. */
export type Answer =
  | {
    readonly type: "accepted";
    readonly receipt: Receipt;
    /** Whether it was accepted before, and is not said again. */
    readonly isRepeated: boolean;
  }
  | Refusal
  | YouAreMuted;

/** The chat of one room. */
export class Talk {
  readonly #state: RoomState;
  readonly #tally: RoomTally;
  readonly #limiter = new ChatLimiter();
  readonly #ledger: SendLedger;

  constructor(state: RoomState, tally: RoomTally) {
    this.#state = state;
    this.#tally = tally;
    this.#ledger = new SendLedger({ sizeMax: state.options.sendsMax });
  }

  /** Remembers a message of the log, as if it had just been accepted. */
  remember(userId: string, clientMsgId: string, receipt: Receipt): void {
    this.#tally.evictedSends += this.#ledger.keep(userId, clientMsgId, receipt);
  }

  /**
   * Accepts a message, or says why not. One that was accepted before, by its
   * speaker's own id for it, is answered with the same receipt and not said
   * again.
   */
  say(speaker: Speaker, chat: ChatCommand, context: TurnContext): Answer {
    const repeated = this.#repeated(speaker, chat, context);
    if (repeated !== undefined) return accepted(repeated, true);
    const mute = this.#state.mutes.find(speaker.userId, context.now);
    if (mute !== undefined) return { type: "you_are_muted", until: mute.until };
    const retryAfterMs = this.waitMs(speaker, context.now);
    if (retryAfterMs > 0) {
      return { type: "error", code: "rate_limited", retryAfterMs };
    }
    const receipt = this.#accept(speaker, chat, context);
    if (receipt !== undefined) return accepted(receipt, false);
    return {
      type: "error",
      code: "storage_unavailable",
      retryAfterMs: STORAGE_RETRY_MS,
    };
  }

  /** How long a user must still wait before they may speak, in ms. */
  waitMs(
    { userId, isAdmin }: Pick<Speaker, "userId" | "isAdmin">,
    now: number,
  ): number {
    if (isAdmin) return 0;
    return this.#limiter.waitMs(userId, this.#state.chatIntervalMs, now);
  }

  /** A user has spoken, here or otherwise. */
  noteSaid(userId: string, now: number): void {
    this.#limiter.note(userId, this.#state.chatIntervalMs, now);
  }

  #accept(
    speaker: Speaker,
    chat: ChatCommand,
    context: TurnContext,
  ): Receipt | undefined {
    const { now, effects } = context;
    const { userId } = speaker;
    const payload = payloadOf(speaker, chat);
    const draft = { kind: "message", actor: userId, payload } as const;
    const entry = this.#state.append(draft, context);
    if (entry === undefined) return undefined;
    this.noteSaid(userId, now);
    this.#state.lastMessageAt = now;
    this.#tally.accepted += 1;
    tell(entry, this.#state, effects, { droppable: true });
    const { id, seq, at } = entry;
    const receipt = { id, seq, at };
    const { clientMsgId } = chat;
    if (clientMsgId !== undefined) this.remember(userId, clientMsgId, receipt);
    return receipt;
  }

  /** The receipt of the same send, when it was accepted before. */
  #repeated(
    { userId }: Speaker,
    { clientMsgId }: ChatCommand,
    { now }: TurnContext,
  ): Receipt | undefined {
    if (clientMsgId === undefined) return undefined;
    const receipt = this.#ledger.find(userId, clientMsgId, now);
    if (receipt !== undefined) this.#tally.repeated += 1;
    return receipt;
  }
}

function accepted(receipt: Receipt, isRepeated: boolean): Answer {
  return { type: "accepted", receipt, isRepeated };
}

function payloadOf(
  { nickname, isAdmin }: Speaker,
  chat: ChatCommand,
): EntryPayloads["message"] {
  const { content, clientMsgId } = chat;
  const payload: EntryPayloads["message"] = { nickname, content, isAdmin };
  if (clientMsgId !== undefined) payload.clientMsgId = clientMsgId;
  if (chat.messageType !== undefined) payload.messageType = chat.messageType;
  if (chat.fileUrl !== undefined) payload.fileUrl = chat.fileUrl;
  if (chat.fileName !== undefined) payload.fileName = chat.fileName;
  if (chat.senderType !== undefined) payload.senderType = chat.senderType;
  return payload;
}
