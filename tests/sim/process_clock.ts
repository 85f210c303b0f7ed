/**
 * The clock of one simulated process: it stops with the process.
 *
 * @module
 */

import type { Clock } from "../../src/base/clock.ts";

/** A clock whose timers die together. */
export class ProcessClock implements Clock, Disposable {
  readonly #world: Clock;
  readonly #timers = new Set<Disposable>();
  #isDead = false;
  /** Time that work took; only the monotonic clock shows it, in ms. */
  workedMs = 0;

  constructor(world: Clock) {
    this.#world = world;
  }

  now(): number {
    return this.#world.now();
  }

  monotonic(): number {
    return this.#world.monotonic() + this.workedMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    if (this.#isDead) return { [Symbol.dispose]: () => {} };
    const timer = this.#world.after(delayMs, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return {
      [Symbol.dispose]: () => {
        this.#timers.delete(timer);
        timer[Symbol.dispose]();
      },
    };
  }

  /** Timers that are armed. */
  get armed(): number {
    return this.#timers.size;
  }

  [Symbol.dispose](): void {
    this.#isDead = true;
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
  }
}
