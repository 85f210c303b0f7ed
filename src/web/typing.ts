/**
 * Who is typing: what the user tells, and what others told.
 *
 * @module
 */
// deno-lint-ignore-file camelcase
/// <reference lib="dom" />

import type { ChatFrames, Frame } from "./frames.ts";
import { fill } from "./fill.ts";
import { words } from "./words.ts";

/** How often it is said again while it lasts, in ms. */
const SAY_MS = 3000;
/** Silence after which typing is over, on either side, in ms. */
const OVER_MS = 6000;

/** Says that the user types, and that they do not any more. */
export class OwnTyping {
  readonly #say: (frame: Frame) => unknown;
  #saidAt = -Infinity;
  #over: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (frame: Frame) => unknown) {
    this.#say = say;
  }

  /** The user changed the text. */
  typed(): void {
    clearTimeout(this.#over);
    this.#over = setTimeout(() => this.stop(), OVER_MS);
    if (performance.now() - this.#saidAt < SAY_MS) return;
    this.#saidAt = performance.now();
    this.#say({ type: "typing", is_typing: true });
  }

  /** The text was sent, or is empty, or was left. */
  stop(): void {
    clearTimeout(this.#over);
    if (this.#saidAt === -Infinity) return;
    this.#saidAt = -Infinity;
    this.#say({ type: "typing", is_typing: false });
  }
}

/** Shows who else types. */
export class OthersTyping {
  readonly #element: HTMLElement;
  readonly #userId: string;
  readonly #names = new Map<string, string>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(element: HTMLElement, userId: string) {
    this.#element = element;
    this.#userId = userId;
  }

  /** Somebody types, or does not. */
  on({ username, display_name, is_typing }: ChatFrames["user_typing"]): void {
    if (username === this.#userId) return;
    if (!is_typing) return this.stop(username);
    clearTimeout(this.#timers.get(username));
    this.#timers.set(username, setTimeout(() => this.stop(username), OVER_MS));
    this.#names.set(username, display_name);
    this.#show();
  }

  /** Somebody said something, or is gone. */
  stop(userId: string): void {
    clearTimeout(this.#timers.get(userId));
    this.#timers.delete(userId);
    if (this.#names.delete(userId)) this.#show();
  }

  #show(): void {
    const [name] = this.#names.values();
    this.#element.textContent = name === undefined
      ? ""
      : this.#names.size === 1
      ? fill(words.chatTyping, { name })
      : words.chatTypingMany;
  }
}
