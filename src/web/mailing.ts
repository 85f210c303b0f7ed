/**
 * Gets own messages to the server: shown at once, kept until it has them, and
 * sent again under the same id after a lost connection or a reload.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { Say } from "./catch_up.ts";
import type { Frame } from "./frames.ts";
import type { MessageBook, MessageItem } from "./message_book.ts";
import { newMessageId } from "./message_id.ts";
import { Outbox, RESEND_MS_MAX, type TextStorage } from "./outbox.ts";
import { serverNow } from "./server_time.ts";
import { words } from "./words.ts";

/** What a mailing works with. */
export interface MailingOptions {
  readonly book: MessageBook;
  readonly say: Say;
  readonly storage: TextStorage;
  readonly roomId: string;
  readonly author: { readonly id: string; readonly name: string };
}

/** The own messages of one room. */
export class Mailing {
  readonly #options: MailingOptions;
  readonly #outbox: Outbox;

  constructor(options: MailingOptions) {
    const { book, storage, roomId, author } = options;
    this.#options = options;
    this.#outbox = new Outbox(storage, `parlor-outbox:${author.id}:${roomId}`);
    for (const draft of this.#outbox.all()) book.draft(draft, author);
  }

  /** Takes a text to send; `false` when too many wait already. */
  send(text: string): boolean {
    const draft = { clientMsgId: newMessageId(), text, at: serverNow() };
    if (!this.#outbox.add(draft)) return false;
    const { book, author } = this.#options;
    book.draft(draft, author);
    this.#post(draft.clientMsgId, text);
    return true;
  }

  /** Sends what waits, in order: a connection is there. */
  sendAll(): void {
    const { book } = this.#options;
    const now = serverNow();
    for (const { clientMsgId, text, state, at } of book.unsent()) {
      if (clientMsgId === null || state === "failed") continue;
      // Past this the server would take it for another message.
      const isTooOld = now - at > RESEND_MS_MAX;
      if (isTooOld) book.mark(clientMsgId, "failed", words.offlineReason);
      else this.#post(clientMsgId, text);
    }
  }

  /** The connection is gone: what was not acknowledged waits. */
  onOffline(): void {
    const { book } = this.#options;
    for (const { clientMsgId, state } of book.unsent()) {
      if (clientMsgId !== null && state === "sending") {
        book.mark(clientMsgId, "unsent");
      }
    }
  }

  /** The server has one, under this number. */
  onAck(clientMsgId: string, seq: number): void {
    this.#options.book.settle(clientMsgId, seq);
    this.forget(clientMsgId);
  }

  /** The server does not take one. */
  onRefused(clientMsgId: string, reason: string): void {
    this.#options.book.mark(clientMsgId, "failed", reason);
  }

  /** One that was refused, once more and as a new one. */
  sendAgain(item: MessageItem): void {
    if (item.clientMsgId === null) return;
    this.discard(item);
    this.send(item.text);
  }

  /** The user gives one up. */
  discard({ clientMsgId }: MessageItem): void {
    if (clientMsgId === null) return;
    this.#outbox.remove(clientMsgId);
    this.#options.book.discard(clientMsgId);
  }

  /** Needs not be kept any more. */
  forget(clientMsgId: string): void {
    this.#outbox.remove(clientMsgId);
  }

  #post(clientMsgId: string, content: string): void {
    const frame: Frame = {
      type: "message",
      content,
      client_msg_id: clientMsgId,
    };
    const isSaid = this.#options.say(frame);
    this.#options.book.mark(clientMsgId, isSaid ? "sending" : "unsent");
  }
}
