/**
 * When a delivery that failed is tried again, and when it is given up.
 *
 * First a few attempts at a fixed delay, for an endpoint that restarts. Then,
 * unless turned off, growing waits for up to 72 hours, for one that is down.
 *
 * @module
 */

import { backoffMs } from "../base/backoff.ts";

/** What an operator sets. */
export interface RetryPolicy {
  /** Attempts at the fixed delay, after the first one. */
  readonly retriesMax: number;
  /** That delay, in ms. */
  readonly retryDelayMs: number;
  /** Whether the long phase follows. */
  readonly isLongRetry: boolean;
}

/** An attempt that failed. */
export interface FailedAttempt {
  /** Failed attempts at this event so far, this one included. */
  readonly attempts: number;
  /** When the first of them failed, in epoch ms. */
  readonly failingSince: number;
  /** Epoch ms. */
  readonly now: number;
  /** What the endpoint asked for, in ms from now; `null` if it did not. */
  readonly retryAfterMs: number | null;
  /** Chance, in [0, 1): `Ids.fraction()`. */
  readonly fraction: number;
}

/** How long an event is tried in the long phase, in ms. */
const WINDOW_MS = 72 * 3600 * 1000;
const LONG_WAIT = { baseMs: 60_000, maxMs: 3_600_000, jitter: 0.2 };
/** Without it a delay of 0 would be a loop as fast as the endpoint refuses. */
const DELAY_MS_MIN = 100;

/** When to try again, in epoch ms; `dead` is never. */
export function planRetry(
  policy: RetryPolicy,
  failed: FailedAttempt,
): { readonly dueAt: number } | "dead" {
  const { attempts, now, fraction } = failed;
  const askedMs = askedWaitMs(failed);
  const { retriesMax, retryDelayMs, isLongRetry } = policy;
  if (attempts <= retriesMax) {
    const delayMs = Math.max(DELAY_MS_MIN, retryDelayMs);
    return { dueAt: now + Math.max(delayMs, askedMs) };
  }
  const deadlineAt = failed.failingSince + WINDOW_MS;
  if (!isLongRetry || now >= deadlineAt) return "dead";
  const waitMs = backoffMs(attempts - retriesMax, { ...LONG_WAIT, fraction });
  // The last try is at the deadline itself.
  return { dueAt: Math.min(now + Math.max(waitMs, askedMs), deadlineAt) };
}

/**
 * How long the endpoint asked to be left alone, in ms; 0 when it did not.
 *
 * Never past the end of the window: a year asked for in error ends with it.
 */
export function askedWaitMs(
  { now, failingSince, retryAfterMs }: Pick<
    FailedAttempt,
    "now" | "failingSince" | "retryAfterMs"
  >,
): number {
  const leftMs = Math.max(0, failingSince + WINDOW_MS - now);
  return Math.min(retryAfterMs ?? 0, leftMs);
}
