/**
 * What users do to a room over HTTP, without a connection to it.
 *
 * The rules are those of a connection. There is no stay to look at, so whether
 * the user may have a part in the room is asked anew with each post.
 *
 * @module
 */

import type { PostCommand } from "../wire/command.ts";
import type { LogEntry } from "../wire/entry.ts";
import { ChatError } from "../wire/errors.ts";
import { exclusionOf, isAdminOf } from "./admission.ts";
import type { Moderation } from "./moderation.ts";
import { markRead } from "./read_marks.ts";
import type { TurnContext } from "./room_effects.ts";
import type { Author, Outcome } from "./room_input.ts";
import type { RoomState } from "./room_state.ts";
import type { Answer } from "./sends.ts";
import type { Talk } from "./talk.ts";

/** Where the posts of one room go. */
export class Posts {
  readonly #state: RoomState;
  readonly #talk: Talk;
  readonly #moderation: Moderation;

  constructor(state: RoomState, talk: Talk, moderation: Moderation) {
    this.#state = state;
    this.#talk = talk;
    this.#moderation = moderation;
  }

  /**
   * Carries out a post.
   *
   * @throws ChatError with the reason why not.
   */
  carryOut(
    author: Author,
    command: PostCommand,
    context: TurnContext,
  ): Outcome {
    const exclusion = exclusionOf(this.#state, author, context.now);
    if (exclusion !== undefined) throw new ChatError(exclusion);
    const { userId, nickname } = author;
    switch (command.type) {
      case "chat": {
        const isAdmin = isAdminOf(this.#state, author);
        const speaker = { userId, nickname, isAdmin };
        return receiptOf(this.#talk.say(speaker, command, context));
      }
      case "read": {
        const { seqs } = command;
        return outcomeOf(markRead(this.#state, { userId, seqs }, context));
      }
      case "delete_message":
        return outcomeOf(this.#moderation.apply(command, userId, context));
    }
    command satisfies never;
  }
}

/** What became of a command, by the entry that it made. */
export function outcomeOf(entry: LogEntry | undefined): Outcome {
  const { seq = null, id = null, at = null } = entry ?? {};
  return { seq, id, at, isRepeated: false };
}

function receiptOf(answer: Answer): Outcome {
  switch (answer.type) {
    case "accepted":
      return { ...answer.receipt, isRepeated: answer.isRepeated };
    case "you_are_muted":
      throw new ChatError("user_muted");
    case "error": {
      const { code, retryAfterMs } = answer;
      const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
      throw new ChatError(code, retry);
    }
  }
}
