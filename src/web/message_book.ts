/**
 * What a room's page shows, in order: messages that have a number, notes
 * between them, and at the end what is on its way.
 *
 * A message of one's own is in the book before the server has it; the server's
 * copy takes its place by the id that the sender gave it, however often and in
 * whatever order the copy, the receipt and a resend come.
 *
 * @module
 */

import type { WireMessage } from "./frames.ts";

/** How far an own message got. */
export type SendState = "sending" | "unsent" | "failed" | "sent";

/** A message that the page shows. */
export interface MessageItem {
  readonly kind: "message";
  /** Its number in the room, or past every number while it has none. */
  place: number;
  /** Epoch ms. */
  at: number;
  author: string;
  name: string;
  text: string;
  type: string;
  fileUrl: string;
  fileName: string;
  isOwn: boolean;
  isRead: boolean;
  isDeleted: boolean;
  state: SendState;
  /** Why it was not taken; empty unless it failed. */
  reason: string;
  /** The sender's own id; `null` for what others said. */
  clientMsgId: string | null;
}

/** A line that nobody said. */
export interface NoteItem {
  readonly kind: "note";
  readonly place: number;
  readonly at: number;
  readonly key: string;
  text: string;
}

export type Item = MessageItem | NoteItem;

/** Who is told what changed; `next` is the item that follows. */
export interface BookListener {
  onPut(item: Item, next: Item | undefined): void;
  onDrop(item: Item): void;
}

/** Something to say, as it is typed. */
export interface Draft {
  readonly clientMsgId: string;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
}

/** The ordered items of one room. */
export class MessageBook {
  readonly #listener: BookListener;
  readonly #items: Item[] = [];
  readonly #bySeq = new Map<number, MessageItem>();
  readonly #byClientId = new Map<string, MessageItem>();
  readonly #notes = new Map<string, NoteItem>();

  constructor(listener: BookListener) {
    this.#listener = listener;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** What is not sent, oldest first. */
  unsent(): MessageItem[] {
    return this.#items.filter((item): item is MessageItem =>
      item.kind === "message" && item.place === Infinity
    );
  }

  /** An own message that the server does not have yet. */
  draft(draft: Draft, author: { id: string; name: string }): void {
    if (this.#byClientId.has(draft.clientMsgId)) return;
    const item: MessageItem = {
      kind: "message",
      place: Infinity,
      at: draft.at,
      author: author.id,
      name: author.name,
      text: draft.text,
      type: "text",
      fileUrl: "",
      fileName: "",
      isOwn: true,
      isRead: false,
      isDeleted: false,
      state: "unsent",
      reason: "",
      clientMsgId: draft.clientMsgId,
    };
    this.#byClientId.set(draft.clientMsgId, item);
    this.#insert(item);
  }

  /**
   * The server's copy of a message, with the sender's id where it has one.
   *
   * @returns whether the book did not have it.
   */
  put(message: WireMessage, clientMsgId?: string): boolean {
    const known = this.#bySeq.get(message.id) ??
      (message.is_own ? this.#byClientId.get(clientMsgId ?? "") : undefined);
    if (known !== undefined) {
      const isMove = known.place !== message.id;
      Object.assign(known, fieldsOf(message), { clientMsgId });
      this.#bySeq.set(message.id, known);
      if (isMove) this.#move(known, message.id);
      else this.#told(known);
      return false;
    }
    const item: MessageItem = {
      kind: "message",
      place: message.id,
      clientMsgId: clientMsgId ?? null,
      ...fieldsOf(message),
    };
    this.#bySeq.set(message.id, item);
    if (message.is_own && clientMsgId !== undefined) {
      this.#byClientId.set(clientMsgId, item);
    }
    this.#insert(item);
    return true;
  }

  /** The server has taken an own message and given it a number. */
  settle(clientMsgId: string, seq: number): void {
    const item = this.#byClientId.get(clientMsgId);
    if (item === undefined || item.place !== Infinity) return;
    item.state = "sent";
    item.reason = "";
    this.#bySeq.set(seq, item);
    this.#move(item, seq);
  }

  /** An own message that has no number got as far as this. */
  mark(clientMsgId: string, state: SendState, reason = ""): void {
    const item = this.#byClientId.get(clientMsgId);
    if (item === undefined || item.place !== Infinity) return;
    item.state = state;
    item.reason = reason;
    this.#told(item);
  }

  /** Gives up an own message that has no number. */
  discard(clientMsgId: string): void {
    const item = this.#byClientId.get(clientMsgId);
    if (item === undefined || item.place !== Infinity) return;
    this.#byClientId.delete(clientMsgId);
    this.#remove(item);
  }

  /** Messages were read by someone else than their author. */
  markRead(seqs: readonly number[]): void {
    for (const seq of seqs) {
      const item = this.#bySeq.get(seq);
      if (item === undefined || item.isRead) continue;
      item.isRead = true;
      this.#told(item);
    }
  }

  /** A message was taken back. */
  markDeleted(seq: number): void {
    const item = this.#bySeq.get(seq);
    if (item === undefined) return;
    Object.assign(item, { isDeleted: true, text: "", fileUrl: "" });
    this.#told(item);
  }

  /** A line after the message of a number, or with the key's new text. */
  note(note: NoteItem): void {
    const known = this.#notes.get(note.key);
    if (known !== undefined) {
      known.text = note.text;
      return this.#told(known);
    }
    this.#notes.set(note.key, note);
    this.#insert(note);
  }

  /** Forgets all but what is on its way: the room's log began anew. */
  reset(): void {
    for (const item of [...this.#items]) {
      if (item.place !== Infinity) this.#remove(item);
    }
    this.#bySeq.clear();
    this.#notes.clear();
    for (const [id, item] of this.#byClientId) {
      if (item.place !== Infinity) this.#byClientId.delete(id);
    }
  }

  #insert(item: Item): void {
    // From the end: nearly everything is new.
    let index = this.#items.length;
    while (index > 0 && (this.#items[index - 1]?.place ?? 0) > item.place) {
      index -= 1;
    }
    this.#items.splice(index, 0, item);
    this.#listener.onPut(item, this.#items[index + 1]);
  }

  #move(item: MessageItem, place: number): void {
    this.#items.splice(this.#items.indexOf(item), 1);
    item.place = place;
    this.#insert(item);
  }

  #remove(item: Item): void {
    this.#items.splice(this.#items.indexOf(item), 1);
    this.#listener.onDrop(item);
  }

  #told(item: Item): void {
    const index = this.#items.indexOf(item);
    this.#listener.onPut(item, this.#items[index + 1]);
  }
}

function fieldsOf(message: WireMessage) {
  return {
    at: Date.parse(message.created_at),
    author: message.sender,
    name: message.sender_name,
    text: message.content,
    type: message.message_type,
    fileUrl: message.file_url,
    fileName: message.file_name,
    isOwn: message.is_own,
    isRead: message.is_read,
    isDeleted: message.deleted ?? false,
    state: "sent" as const,
    reason: "",
  };
}
