/**
 * A wish to leave, which cuts short whatever a loop waits for.
 *
 * @module
 */

import type { Clock } from "../src/base/clock.ts";

/** Starts unset; once due, it stays so. */
export class Leave {
  readonly #clock: Clock;
  readonly #due = Promise.withResolvers<undefined>();
  #isDue = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the wish was said. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Says it. */
  now(): void {
    this.#isDue = true;
    this.#due.resolve(undefined);
  }

  /** The outcome, or `undefined` as soon as it is time to leave. */
  or<Value>(outcome: Promise<Value>): Promise<Value | undefined> {
    return Promise.race([outcome, this.#due.promise]);
  }

  /** Waits so long, in ms, or until it is time to leave. */
  async orAfter(delayMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _timer = this.#clock.after(delayMs, resolve);
    await this.or(promise);
  }
}
