/**
 * A clock that a test holds in its hand.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../../src/base/clock.ts";

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
}

/** Where a fake clock starts, in epoch ms: a round instant of 2026. */
export const START_AT = Date.UTC(2026, 0, 1);

export class FakeClock implements Clock {
  #now = START_AT;
  #setBackMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now - this.#setBackMs;
  }

  monotonic(): number {
    return this.#now - START_AT;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer = {
      dueAt: this.#now + Math.max(0, delayMs),
      order: this.#order++,
      run,
    };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Sets the wall clock back, as the host's may be; timers run on. */
  setBack(ms: number): void {
    this.#setBackMs += ms;
  }

  /** How many timers wait. */
  get armed(): number {
    return this.#timers.size;
  }

  /**
   * Moves time on, running what falls due in due order; promises and
   * macrotasks settle between two timers and at the end.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#earliest();
      if (next === undefined || next.dueAt > until) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.run();
      await settle();
    }
    this.#now = until;
    await settle();
  }

  #earliest(): Timer | undefined {
    let best: Timer | undefined;
    for (const timer of this.#timers) {
      const isEarlier = best === undefined || timer.dueAt < best.dueAt ||
        (timer.dueAt === best.dueAt && timer.order < best.order);
      if (isEarlier) best = timer;
    }
    return best;
  }
}

/** Lets promises and macrotasks that are already due run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
