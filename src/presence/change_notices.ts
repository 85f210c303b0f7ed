/**
 * Tells of users who changed, at most once a second for all of them.
 *
 * The first change is told at once. A thousand users who come within a second
 * are one notice more. While one is being told no other is: what changes
 * meanwhile is gathered, each user once.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";

/** Least time between two notices, in ms. */
export const NOTICE_MS = 1000;

/** Hears who changed; a promise settles once that was passed on. */
export type OnChange = (userIds: readonly string[]) => void | Promise<void>;

export interface ChangeNoticesOptions {
  readonly clock: Pick<Clock, "monotonic" | "after">;
  readonly log: Log;
  /** Hears of each user that changed, once a notice. */
  readonly onChange: OnChange;
}

/** Gathers changes between two notices. Its bound is that of users. */
export class ChangeNotices {
  readonly #options: ChangeNoticesOptions;
  #changed = new Set<string>();
  #toldAt = -Infinity;
  #isTelling = false;
  #timer: Disposable | undefined;
  #isStopped = false;

  constructor(options: ChangeNoticesOptions) {
    this.#options = options;
  }

  note(userId: string): void {
    if (this.#isStopped) return;
    this.#changed.add(userId);
    this.#arm();
  }

  /** Forgets what was not told, and tells nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#changed.clear();
  }

  #arm(): void {
    const isArmed = this.#timer !== undefined || this.#isTelling;
    if (isArmed || this.#isStopped || this.#changed.size === 0) return;
    const { clock } = this.#options;
    const waitMs = this.#toldAt + NOTICE_MS - clock.monotonic();
    this.#timer = clock.after(Math.max(0, waitMs), () => this.#tell());
  }

  #tell(): void {
    const { clock, onChange } = this.#options;
    const userIds = [...this.#changed];
    this.#changed = new Set();
    this.#timer = undefined;
    this.#toldAt = clock.monotonic();
    try {
      const telling = onChange(userIds);
      if (telling !== undefined) void this.#await(telling);
    } catch (error) {
      this.#onFailed(error);
    }
  }

  async #await(telling: Promise<void>): Promise<void> {
    this.#isTelling = true;
    try {
      await telling;
    } catch (error) {
      this.#onFailed(error);
    } finally {
      this.#isTelling = false;
      this.#arm();
    }
  }

  #onFailed(error: unknown): void {
    this.#options.log.error("A notice of changed users failed", {
      event: "presence_notice_failed",
      error,
    });
  }
}
