/**
 * How often a user may do what costs others: a room, a look-up, a match.
 *
 * By the monotonic clock; at the bound the user is forgotten who did something
 * longest ago.
 *
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import { TokenBuckets } from "../../base/token_buckets.ts";
import { ChatError } from "../../wire/errors.ts";

/** How often a user may at once, and in each minute after that. */
export const PER_MINUTE_MAX = 20;

/** Most users that are remembered. */
export const PACED_USERS_MAX = 100_000;

const MINUTE_MS = 60_000;

/** The pace of one kind of request. */
export class UserPace {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #buckets = new TokenBuckets({
    burst: PER_MINUTE_MAX,
    refillMs: MINUTE_MS / PER_MINUTE_MAX,
    keysMax: PACED_USERS_MAX,
  });

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** How many users are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Counts a request.
   *
   * @throws {ChatError} `rate_limited` when it is one too many.
   */
  spend(userId: string): void {
    const nowMs = this.#clock.monotonic();
    const waitMs = this.#buckets.waitMs(userId, nowMs);
    if (waitMs > 0) {
      throw new ChatError("rate_limited", { retryAfterMs: Math.ceil(waitMs) });
    }
    this.#buckets.take(userId, nowMs);
  }
}
