/**
 * What a client sends before it is in its room: kept, with a bound, until
 * somebody can take it.
 *
 * Once a frame is refused, all that follow it are, until the others are handed
 * over: so what is taken is always the beginning of what was said.
 *
 * @module
 */

import type { Frame } from "../wire/packet.ts";
import type { FrameSink } from "./socket.ts";

/** Most frames that wait on one connection. */
export const WAITING_FRAMES_MAX = 100;
/** Most UTF-16 units and bytes that wait on one connection. */
export const WAITING_BYTES_MAX = 2 ** 20;

/** The frames of one connection that wait. */
export class EarlyFrames implements FrameSink {
  readonly #onRefused: () => void;
  #waiting: Frame[] = [];
  #size = 0;
  #isFull = false;

  /** @param onRefused called for each frame that finds no place. */
  constructor(onRefused: () => void) {
    this.#onRefused = onRefused;
  }

  onText(text: string): void {
    this.#offer(text);
  }

  onBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.#offer(bytes);
  }

  /** Gives all that waits to somebody, in order. */
  handOver(sink: FrameSink): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    this.#isFull = false;
    for (const frame of waiting) {
      if (typeof frame === "string") sink.onText(frame);
      else sink.onBinary(frame);
    }
  }

  #offer(frame: Frame): void {
    const size = this.#size + frame.length;
    this.#isFull ||= size > WAITING_BYTES_MAX ||
      this.#waiting.length >= WAITING_FRAMES_MAX;
    if (this.#isFull) return this.#onRefused();
    this.#waiting.push(frame);
    this.#size = size;
  }
}
