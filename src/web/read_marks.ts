/**
 * Tells the server which messages of others the user has had before their eyes.
 *
 * @module
 */
// deno-lint-ignore-file camelcase
/// <reference lib="dom" />

import type { Frame } from "./frames.ts";

/** How long marks are gathered, in ms. */
const GATHER_MS = 400;
/** Most marks of one frame. */
const MARKS_MAX = 500;

/** Gathers marks while the page is looked at. */
export class ReadMarks {
  readonly #say: (frame: Frame) => boolean;
  readonly #waiting = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (frame: Frame) => boolean) {
    this.#say = say;
    document.addEventListener("visibilitychange", () => this.flushSoon());
    addEventListener("focus", () => this.flushSoon());
  }

  /** A message of somebody else, not read yet, is on the page. */
  add(seq: number): void {
    this.#waiting.add(seq);
    this.flushSoon();
  }

  /** Says what waits once the page is seen and there is a connection. */
  flushSoon(): void {
    if (this.#waiting.size === 0 || document.hidden) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    if (document.hidden) return;
    const message_ids = [...this.#waiting].slice(0, MARKS_MAX);
    if (!this.#say({ type: "read_status", message_ids })) return;
    for (const seq of message_ids) this.#waiting.delete(seq);
    this.flushSoon();
  }
}
