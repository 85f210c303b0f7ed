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
import type { Refusal } from "../wire/event.ts";
import type { Person } from "../wire/person.ts";
import type { TurnContext } from "./room_effects.ts";
import type { RoomState } from "./room_state.ts";
import type { RoomTally } from "./room_tally.ts";
import { accepted, type Answer, type Sends, unkept } from "./sends.ts";
import { tell } from "./tell.ts";

/** Who says it. */
export interface Speaker extends Person {
  /** Admins are not slowed down. */
  readonly isAdmin: boolean;
}

const READ_ONLY: Refusal = { type: "error", code: "read_only" };

/** The chat of one room. */
export class Talk {
  readonly #state: RoomState;
  readonly #tally: RoomTally;
  readonly #sends: Sends;

  constructor(state: RoomState, tally: RoomTally, sends: Sends) {
    this.#state = state;
    this.#tally = tally;
    this.#sends = sends;
  }

  /**
   * Accepts a message, or says why not. One that was accepted before, by its
   * speaker's own id for it, is answered with the same receipt and not said
   * again.
   */
  say(speaker: Speaker, chat: ChatCommand, context: TurnContext): Answer {
    if (this.#isReadOnly) return READ_ONLY;
    const { userId, isAdmin } = speaker;
    const { now } = context;
    const sends = this.#sends;
    return sends.repeated(userId, chat.clientMsgId, now) ??
      sends.muted(userId, now) ??
      sends.slowed(userId, isAdmin, now) ??
      this.#accept(speaker, chat, context);
  }

  /** What is shown in a live room comes from outside, unless a setting says. */
  get #isReadOnly(): boolean {
    const { kind, options } = this.#state;
    return kind === "live" && options.isLiveChatOpen !== true;
  }

  #accept(speaker: Speaker, chat: ChatCommand, context: TurnContext): Answer {
    const { userId: actor } = speaker;
    const payload = payloadOf(speaker, chat);
    const entry = this.#sends.keep(
      { kind: "message", actor, payload },
      context,
    );
    if (entry === undefined) return unkept();
    this.#tally.accepted += 1;
    tell(entry, this.#state, context.effects, { droppable: true });
    return accepted(entry);
  }
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
