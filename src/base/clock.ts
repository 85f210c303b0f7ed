/**
 * Time as an interface, so that a test can hold it in its hand.
 *
 * Nothing but {@linkcode SystemClock} reads the real clock or arms a real
 * timer; the lint plugin keeps it so.
 *
 * @module
 */

/** Where time comes from and how one waits for it. */
export interface Clock {
  /** The wall clock, in epoch ms. It may step back when the host's clock does. */
  now(): number;
  /** A clock that never steps back, in ms from an arbitrary start. */
  monotonic(): number;
  /**
   * Calls `run` once, `delayMs` from now.
   *
   * @returns a handle; disposing it cancels a call that has not happened.
   */
  after(delayMs: number, run: () => void): Disposable;
}

/** The longest delay that a runtime timer holds, in ms (about 24.8 days). */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's own clock. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  after(delayMs: number, run: () => void): Disposable {
    const wait = Math.min(Math.max(0, delayMs), TIMER_MS_MAX);
    const timer = setTimeout(run, wait);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  }
}
