/**
 * Looks for users who have done nothing for long enough.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { SilenceWheel } from "./silence_wheel.ts";
import type { UserPresence } from "./user_presence.ts";

/** How often it looks, in ms. */
const SWEEP_MS = 1000;

/** The wait when one look did not see all who are due, in ms. */
const SWEEP_REST_MS = 10;

/** Most users that one look sees: about 1 ms. */
export const SWEEP_MAX = 2000;

export interface SilenceWatchOptions {
  readonly clock: Pick<Clock, "monotonic" | "after">;
  /** How long a user may do nothing, in ms; 0 is for good. */
  readonly awayAfterMs: number;
  /** Hears of each who became `away` by silence. */
  readonly onAway: (user: UserPresence) => void;
}

/** Users who are online and not silent yet. */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  readonly #wheel: SilenceWheel<UserPresence>;
  #timer: Disposable | undefined;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
    this.#wheel = new SilenceWheel(options.clock.monotonic());
  }

  start(): void {
    if (this.#options.awayAfterMs > 0) this.#arm(SWEEP_MS);
  }

  stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** The user is online and did something. */
  watch(user: UserPresence): void {
    const { awayAfterMs } = this.#options;
    if (awayAfterMs === 0 || this.#wheel.has(user)) return;
    this.#wheel.put(user, user.activeAt + awayAfterMs);
  }

  unwatch(user: UserPresence): void {
    this.#wheel.remove(user);
  }

  /**
   * Makes those silent who are.
   *
   * @returns whether there may be more of them: one look has a bound.
   */
  sweep(): boolean {
    const { clock, awayAfterMs, onAway } = this.#options;
    const now = clock.monotonic();
    const due = this.#wheel.take(now, SWEEP_MAX);
    for (const user of due) {
      const silentAt = user.activeAt + awayAfterMs;
      if (silentAt > now) this.#wheel.put(user, silentAt);
      else if (user.fallSilent()) onAway(user);
    }
    return due.length === SWEEP_MAX;
  }

  #arm(waitMs: number): void {
    this.#timer = this.#options.clock.after(waitMs, () => {
      this.#arm(this.sweep() ? SWEEP_REST_MS : SWEEP_MS);
    });
  }
}
