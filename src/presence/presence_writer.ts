/**
 * Brings users to the database, a second after they changed.
 *
 * Only the newest state of a user is written, so a user who comes and goes all
 * the time is one row a second at most. What could not be written is tried
 * again, and stays here until it was.
 *
 * @module
 */

import { backoffMs } from "../base/backoff.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { type PresenceStore, ROWS_MAX } from "./presence_store.ts";
import type { UserPresence } from "./user_presence.ts";

/** How long changes are gathered, in ms. */
export const WRITE_MS = 1000;

/** The longest wait after failures, in ms. */
const RETRY_MS_MAX = 60_000;

export interface PresenceWriterOptions {
  readonly store: Pick<PresenceStore, "savePresence">;
  readonly clock: Pick<Clock, "after">;
  readonly log: Log;
  /** Hears of each user whose newest state the database has. */
  readonly onWritten: (user: UserPresence) => void;
}

/** Users that the database does not know as they are. */
export class PresenceWriter {
  readonly #options: PresenceWriterOptions;
  readonly #unwritten = new Set<UserPresence>();
  readonly #inFlight = new Set<UserPresence>();
  #timer: Disposable | undefined;
  #writing: Promise<void> | undefined;
  #failures = 0;
  #isStopped = false;

  constructor(options: PresenceWriterOptions) {
    this.#options = options;
  }

  /** Users that are to be written, those being written included. */
  get pendingCount(): number {
    return this.#unwritten.size + this.#inFlight.size;
  }

  /** Failed writes in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** A user changed. */
  mark(user: UserPresence): void {
    this.#unwritten.add(user);
    this.#arm();
  }

  /** A user is not to be written any more. */
  forget(user: UserPresence): void {
    this.#unwritten.delete(user);
    this.#inFlight.delete(user);
  }

  /** Writes all that is unwritten now. A failure is logged, not thrown. */
  async flush(): Promise<void> {
    await this.#writing;
    await this.#write();
  }

  /** Arms no timer any more; `flush` still writes. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #arm(): void {
    const isArmed = this.#timer !== undefined || this.#writing !== undefined;
    if (isArmed || this.#isStopped || this.#unwritten.size === 0) return;
    const waitMs = backoffMs(this.#failures + 1, {
      baseMs: WRITE_MS,
      maxMs: RETRY_MS_MAX,
      jitter: 0,
      fraction: 0,
    });
    this.#timer = this.#options.clock.after(waitMs, () => void this.#write());
  }

  /** One run at a time: who comes during it joins it. */
  #write(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      this.#arm();
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    // Whoever changes from here on waits for the next run.
    let left = this.#unwritten.size;
    while (left > 0) {
      left -= ROWS_MAX;
      if (!await this.#writeSome()) return;
    }
  }

  async #writeSome(): Promise<boolean> {
    const { store } = this.#options;
    for (const user of this.#unwritten) {
      if (this.#inFlight.size === ROWS_MAX) break;
      this.#unwritten.delete(user);
      this.#inFlight.add(user);
    }
    const users = [...this.#inFlight];
    if (users.length === 0) return true;
    try {
      await store.savePresence(users.map((user) => user.row()));
    } catch (error) {
      this.#onFailed(error);
      return false;
    }
    this.#onSaved();
    return true;
  }

  #onSaved(): void {
    const { log, onWritten } = this.#options;
    const saved = [...this.#inFlight];
    this.#inFlight.clear();
    if (this.#failures > 0) {
      log.info("Presence is written again", { event: "presence_recovered" });
    }
    this.#failures = 0;
    for (const user of saved) {
      if (!this.#unwritten.has(user)) onWritten(user);
    }
  }

  #onFailed(error: unknown): void {
    for (const user of this.#inFlight) this.#unwritten.add(user);
    this.#inFlight.clear();
    this.#failures += 1;
    if (this.#failures > 1) return;
    this.#options.log.warn("Presence cannot be written; it will be retried", {
      event: "presence_write_failed",
      error,
    });
  }
}
