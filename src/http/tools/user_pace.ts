/**
 * How often a user may do what costs others: a room, a look-up, a match.
 *
 * Of each user one instant is remembered: when all that they did is worn off.
 * At the bound the user is forgotten who did something longest ago.
 *
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import { ChatError } from "../../wire/errors.ts";

/** How often a user may at once, and in each minute after that. */
export const PER_MINUTE_MAX = 20;

/** Most users that are remembered. */
export const PACED_USERS_MAX = 100_000;

const MINUTE_MS = 60_000;
const STEP_MS = MINUTE_MS / PER_MINUTE_MAX;

/** The pace of one kind of request. */
export class UserPace {
  readonly #clock: Pick<Clock, "monotonic">;
  /** When a user's requests are worn off; who asked last comes last. */
  readonly #wornOffMs = new Map<string, number>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** How many users are remembered. */
  get size(): number {
    return this.#wornOffMs.size;
  }

  /**
   * Counts a request.
   *
   * @throws {ChatError} `rate_limited` when it is one too many.
   */
  spend(userId: string): void {
    const nowMs = this.#clock.monotonic();
    const wornOffMs = Math.max(nowMs, this.#wornOffMs.get(userId) ?? 0);
    const overMs = wornOffMs + STEP_MS - nowMs - MINUTE_MS;
    if (overMs > 0) {
      throw new ChatError("rate_limited", { retryAfterMs: Math.ceil(overMs) });
    }
    this.#wornOffMs.delete(userId);
    this.#forgetOld(nowMs);
    this.#wornOffMs.set(userId, wornOffMs + STEP_MS);
  }

  #forgetOld(nowMs: number): void {
    for (const [userId, wornOffMs] of this.#wornOffMs) {
      const isFull = this.#wornOffMs.size >= PACED_USERS_MAX;
      if (wornOffMs > nowMs && !isFull) return;
      this.#wornOffMs.delete(userId);
    }
  }
}
