/**
 * Chat: who may say what when, and the receipt of what was said.
 *
 * @module
 */

import type { RoomCommand } from "../wire/command.ts";
import type { Refusal, YouAreMuted } from "../wire/event.ts";
import { ChatLimiter } from "./chat_limiter.ts";
import type { TurnContext } from "./room_effects.ts";
import { type RoomState, STORAGE_RETRY_MS } from "./room_state.ts";
import type { RoomTally } from "./room_tally.ts";
import { type Receipt, SendLedger } from "./send_ledger.ts";
import type { Session } from "./session.ts";

/** What a member says. */
export type Chat = Extract<RoomCommand, { type: "chat" }>;

/** Who says it. */
export interface Speaker {
  readonly session: Session;
  /** Admins are not slowed down. */
  readonly isAdmin: boolean;
}

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

  /** Accepts a message or says why not. */
  say(speaker: Speaker, chat: Chat, context: TurnContext): void {
    const { effects } = context;
    if (this.#isRepeated(speaker, chat, context)) return;
    const { clientMsgId } = chat;
    const named = clientMsgId === undefined ? {} : { clientMsgId };
    const refuse = (refusal: Refusal | YouAreMuted) =>
      effects.send(speaker.session, { ...refusal, ...named });
    const mute = this.#state.mutes.find(speaker.session.userId, context.now);
    if (mute !== undefined) {
      return refuse({ type: "you_are_muted", until: mute.until });
    }
    const waitMs = this.#waitMs(speaker, context.now);
    if (waitMs > 0) {
      return refuse({
        type: "error",
        code: "rate_limited",
        retryAfterMs: waitMs,
      });
    }
    const isAccepted = this.#accept(speaker, chat, context);
    if (isAccepted) return;
    refuse({
      type: "error",
      code: "storage_unavailable",
      retryAfterMs: STORAGE_RETRY_MS,
    });
  }

  #waitMs({ session, isAdmin }: Speaker, now: number): number {
    if (isAdmin) return 0;
    const { chatIntervalMs } = this.#state;
    return this.#limiter.waitMs(session.userId, chatIntervalMs, now);
  }

  #accept(
    { session, isAdmin }: Speaker,
    { content, clientMsgId }: Chat,
    context: TurnContext,
  ): boolean {
    const { now, effects } = context;
    const { userId, nickname } = session;
    const named = clientMsgId === undefined ? {} : { clientMsgId };
    const payload = { nickname, content, isAdmin, ...named };
    const draft = { kind: "message", actor: userId, payload } as const;
    const entry = this.#state.append(draft, now, effects);
    if (entry === undefined) return false;
    this.#limiter.note(userId, this.#state.chatIntervalMs, now);
    this.#state.lastMessageAt = now;
    this.#tally.accepted += 1;
    effects.broadcast({ type: "entry", entry }, { droppable: true });
    if (clientMsgId !== undefined) {
      const { id, seq, at } = entry;
      this.remember(userId, clientMsgId, { id, seq, at });
      this.#acknowledge(session, clientMsgId, { id, seq }, context);
    }
    return true;
  }

  /** Answers a send that was accepted before with the same receipt. */
  #isRepeated(
    { session }: Speaker,
    { clientMsgId }: Chat,
    context: TurnContext,
  ): boolean {
    if (clientMsgId === undefined) return false;
    const receipt = this.#ledger.find(session.userId, clientMsgId, context.now);
    if (receipt === undefined) return false;
    this.#tally.repeated += 1;
    this.#acknowledge(session, clientMsgId, receipt, context);
    return true;
  }

  #acknowledge(
    session: Session,
    clientMsgId: string,
    { id, seq }: { id: string; seq: number },
    { effects }: TurnContext,
  ): void {
    const { durability } = this.#state.options;
    effects.acknowledge(session, {
      type: "ack",
      clientMsgId,
      id,
      seq,
      durability,
    });
  }
}
