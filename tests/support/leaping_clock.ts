/**
 * A clock that can leap: what a machine that slept finds when it wakes.
 *
 * No timer runs in a leap, so a day costs nothing where a server would have
 * looked at its clock a million times.
 *
 * @module
 */

import { FakeClock } from "./fake_clock.ts";

export class LeapingClock extends FakeClock {
  #leaptMs = 0;

  override now(): number {
    return super.now() + this.#leaptMs;
  }

  override monotonic(): number {
    return super.monotonic() + this.#leaptMs;
  }

  /** Moves time on without running what falls due. */
  leap(ms: number): void {
    this.#leaptMs += ms;
  }
}
