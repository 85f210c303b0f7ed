/**
 * How long a link waits before it tries again.
 *
 * The wait grows to a minute and stays there, for ever. What has failed for an
 * hour is tried less often still: the platform has then been asked dozens of
 * times, and an operator who knows better asks for an attempt at once.
 *
 * @module
 */

import { backoffMs } from "../base/backoff.ts";

const FIRST_MS = 1000;
const FAST_MAX_MS = 60_000;
const SLOW_MAX_MS = 300_000;
/** After failing for this long, waits double on from a minute. */
const SLOW_AFTER_MS = 3_600_000;

/** What the waits go by. */
export interface LadderOptions {
  /** The share of a wait, from 0 to 1, that chance adds or takes off. */
  readonly jitter: number;
  /** The chance itself, in [0, 1): `Ids.fraction()`. */
  readonly fraction: () => number;
}

/** The waits of one link. */
export class Ladder {
  readonly #options: LadderOptions;
  #slowSteps = 0;

  constructor(options: LadderOptions) {
    this.#options = options;
  }

  /**
   * The next wait, in whole ms.
   *
   * @param attempts made since the link last delivered a message.
   * @param failingMs for how long it has been failing.
   */
  next(attempts: number, failingMs: number): number {
    const { jitter, fraction } = this.#options;
    const spread = 1 + jitter * (2 * fraction() - 1);
    return Math.round(this.#exact(attempts, failingMs) * spread);
  }

  /** A message was delivered. */
  reset(): void {
    this.#slowSteps = 0;
  }

  #exact(attempts: number, failingMs: number): number {
    const isSlow = failingMs >= SLOW_AFTER_MS;
    if (isSlow) this.#slowSteps += 1;
    return backoffMs(isSlow ? this.#slowSteps + 1 : attempts + 1, {
      baseMs: isSlow ? FAST_MAX_MS : FIRST_MS,
      maxMs: isSlow ? SLOW_MAX_MS : FAST_MAX_MS,
      jitter: 0,
      fraction: 0,
    });
  }
}
