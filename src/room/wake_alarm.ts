/**
 * The one timer of a room.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";

/** Least time until a wake, in ms: what is overdue must not spin. */
const WAKE_MS_MIN = 50;

/** Rings once at the instant that was asked for last. */
export class WakeAlarm implements Disposable {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Disposable | undefined;
  #at: number | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Asks for an instant, in epoch ms, in place of any other. */
  set(at: number | undefined): void {
    if (at === this.#at) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#at = at;
    if (at === undefined) return;
    const delayMs = Math.max(WAKE_MS_MIN, at - this.#clock.now());
    this.#timer = this.#clock.after(delayMs, () => {
      this.#at = undefined;
      this.#ring();
    });
  }

  /** Cancels it. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }
}
