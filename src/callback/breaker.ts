/**
 * Spares an endpoint that does not answer, and this server the trying.
 *
 * Closed, it lets everything through. Failures in a row open it; then there is
 * one attempt at a time, with a growing gap between two, until one succeeds.
 * Attempts that were under way when it opened and fail in its first gap say
 * nothing new and make no gap longer.
 *
 * This is our own and not the cockatiel library: that one reads the global
 * clock, and it wraps a call and retries it in memory. Here a retry is a row
 * in the database, which outlives the process, and what is needed is an answer
 * to "may one begin now, and if not, when".
 *
 * @module
 */

import { backoffMs } from "../base/backoff.ts";
import type { BreakerState } from "./endpoint_status.ts";

/** So many failures in a row open it. */
const FAILURES_MAX = 5;
const GAP = { baseMs: 5000, maxMs: 60_000, jitter: 0, fraction: 0 };

/**
 * Decides when an attempt may begin. Instants are those of a monotonic clock,
 * in ms: a wall clock that is set back must hold nothing up.
 */
export class Breaker {
  #failures = 0;
  #isOpen = false;
  #gaps = 0;
  #gapEndsMs = 0;
  #heldUntilMs = 0;

  get state(): BreakerState {
    return this.#isOpen ? "open" : "closed";
  }

  /** When an attempt may begin at the earliest; in the past when one may. */
  get nextMs(): number {
    return Math.max(this.#gapEndsMs, this.#heldUntilMs);
  }

  /** @param inFlight attempts under way. */
  mayStart(now: number, inFlight: number): boolean {
    if (now < this.nextMs) return false;
    return !this.#isOpen || inFlight === 0;
  }

  /**
   * Notes an attempt that succeeded.
   *
   * @returns whether that closed it.
   */
  noteSuccess(): boolean {
    const hasClosed = this.#isOpen;
    this.#failures = 0;
    this.#isOpen = false;
    this.#gaps = 0;
    this.#gapEndsMs = 0;
    return hasClosed;
  }

  /** Notes an attempt that failed. */
  noteFailure(now: number): void {
    this.#failures += 1;
    if (!this.#isOpen && this.#failures < FAILURES_MAX) return;
    if (this.#isOpen && now < this.#gapEndsMs) return;
    this.#isOpen = true;
    this.#gaps += 1;
    this.#gapEndsMs = now + backoffMs(this.#gaps, GAP);
  }

  /** Lets nothing begin before an instant, as the endpoint asked. */
  hold(until: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, until);
  }

  /** Lets the next attempt begin at once; only a success closes it. */
  ease(): void {
    this.#gapEndsMs = 0;
    this.#heldUntilMs = 0;
  }
}
