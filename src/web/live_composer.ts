/**
 * The field of a live room for who may write there.
 *
 * A message waits until the room has it. It is said again on the next
 * connection under the same id, by which the room knows it, and its text comes
 * back to the writer when it is refused.
 *
 * @module
 */
/// <reference lib="dom" />

import { byId, showText } from "./elements.ts";
import type { Frame } from "./frames.ts";
import { newMessageId } from "./message_id.ts";
import { words } from "./words.ts";

/** Messages that may wait. */
const WAITING_MAX = 20;

/** Takes what the reader writes. */
export class LiveComposer {
  readonly #say: (frame: Frame) => boolean;
  readonly #field = byId("text", HTMLInputElement);
  readonly #fault = byId("write-fault", HTMLElement);
  /** Texts by the id under which they are said. */
  readonly #waiting = new Map<string, string>();

  /** @param say `false` when there is no connection to say it on. */
  constructor(say: (frame: Frame) => boolean) {
    this.#say = say;
    byId("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** A connection is there: what waits is said on it. */
  onOpen(): void {
    for (const [id, text] of this.#waiting) this.#tell(id, text);
  }

  /** The room has a message. */
  onKept(id: string): void {
    this.#waiting.delete(id);
  }

  /** A message is refused, or something else is where it has no id. */
  onRefused(id: string | undefined, reason: string): void {
    showText(this.#fault, reason);
    const text = this.#waiting.get(id ?? "");
    if (id === undefined || text === undefined) return;
    this.#waiting.delete(id);
    if (this.#field.value === "") this.#field.value = text;
  }

  #send(): void {
    const text = this.#field.value.trim();
    if (text === "") return;
    const isFull = this.#waiting.size >= WAITING_MAX;
    showText(this.#fault, isFull ? words.chatTooMany : "");
    if (isFull) return;
    const id = newMessageId();
    this.#waiting.set(id, text);
    this.#tell(id, text);
    this.#field.value = "";
  }

  #tell(id: string, content: string): void {
    this.#say({ type: "chat", content, client_msg_id: id });
  }
}
