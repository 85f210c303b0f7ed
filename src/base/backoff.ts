/**
 * How long to wait before the next attempt.
 *
 * @module
 */

/** The shape of a series of waits. */
export interface BackoffOptions {
  /** The wait after the first failure, in ms; each further one doubles it. */
  readonly baseMs: number;
  /** No wait is longer, in ms. */
  readonly maxMs: number;
  /** The share of a wait, from 0 to 1, that chance may take off. */
  readonly jitter: number;
  /** The chance itself, in [0, 1): `Ids.fraction()`. */
  readonly fraction: number;
}

/**
 * The wait after a failed attempt, in whole ms.
 *
 * @param attempt 1 after the first failure; less counts as 1.
 */
export function backoffMs(attempt: number, options: BackoffOptions): number {
  const { baseMs, maxMs, jitter, fraction } = options;
  const doublings = Math.max(0, attempt - 1);
  const full = Math.min(maxMs, baseMs * 2 ** doublings);
  return Math.round(full * (1 - jitter * fraction));
}
