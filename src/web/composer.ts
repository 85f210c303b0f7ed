/**
 * Where the user writes: Enter sends, Shift and Enter begin a line.
 *
 * @module
 */
/// <reference lib="dom" />

import { byId } from "./elements.ts";
import { fill } from "./fill.ts";
import { words } from "./words.ts";

/** What a composer tells the page. */
export interface ComposerListener {
  /** A text, trimmed and not empty; answers whether it was taken. */
  onSend(text: string): boolean;
  onTyped(): void;
  /** The text is empty now, or was left. */
  onPaused(): void;
  onFiles(files: readonly File[]): void;
}

/** From this part of the most characters on, their number is shown. */
const SHOWN_FROM = 0.8;
/** Most CSS pixels that the field grows to. */
const HEIGHT_PX_MAX = 160;

/** The form of a room. */
export class Composer {
  readonly #listener: ComposerListener;
  readonly #charsMax: number;
  readonly #form = byId("composer", HTMLFormElement);
  readonly #text = byId("text", HTMLTextAreaElement);
  readonly #file = byId("file", HTMLInputElement);

  constructor(charsMax: number, listener: ComposerListener) {
    this.#charsMax = charsMax;
    this.#listener = listener;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#onInput());
    this.#text.addEventListener("blur", () => listener.onPaused());
    this.#text.addEventListener("keydown", (event) => {
      // While an input method is open, Enter is its own.
      const isSend = event.key === "Enter" && !event.shiftKey &&
        !event.isComposing;
      if (!isSend) return;
      event.preventDefault();
      this.#send();
    });
    byId("attach", HTMLButtonElement).addEventListener("click", () => {
      this.#file.click();
    });
    this.#file.addEventListener("change", () => {
      listener.onFiles([...this.#file.files ?? []]);
      this.#file.value = "";
    });
    this.#text.addEventListener("paste", ({ clipboardData }) => {
      const files = [...clipboardData?.files ?? []];
      if (files.length > 0) listener.onFiles(files);
    });
  }

  /** Takes nothing any more. */
  disable(): void {
    for (const control of this.#form.elements) {
      control.setAttribute("disabled", "");
    }
  }

  #send(): void {
    const text = this.#text.value.trim();
    if (text === "" || !this.#listener.onSend(text)) return;
    this.#text.value = "";
    this.#fit();
    this.#listener.onPaused();
    this.#text.focus();
  }

  #onInput(): void {
    this.#fit();
    if (this.#text.value === "") this.#listener.onPaused();
    else this.#listener.onTyped();
  }

  #fit(): void {
    this.#text.style.height = "auto";
    const height = Math.min(this.#text.scrollHeight + 2, HEIGHT_PX_MAX);
    this.#text.style.height = `${height}px`;
    const count = this.#text.value.length;
    const max = this.#charsMax;
    const isNear = count >= max * SHOWN_FROM;
    byId("length", HTMLElement).textContent = isNear
      ? fill(words.chatTooLong, { count, max })
      : "";
  }
}
