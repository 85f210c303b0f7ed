/**
 * Many waiters, one sync: whoever asks while a sync runs shares the next one.
 *
 * A sync costs about the same for one record as for thousands. Waiters are
 * released together, in the order in which they came.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import { type Failing, FailureStreak } from "./failure_streak.ts";

/** Told once whether what it waits for is on disk. */
export type SyncWaiter = (ok: boolean) => void;

/** What is synced, and for how many at once. */
export interface GroupSyncOptions {
  /** Resolves when all that was written before the call is on disk. */
  readonly sync: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How many may wait; one more is told `false` at once. */
  readonly waitersMax: number;
}

/** Runs one sync at a time for all who wait. */
export class GroupSync {
  readonly #options: GroupSyncOptions;
  readonly #streak = new FailureStreak();
  #waiting: SyncWaiter[] = [];
  #running: Promise<void> | undefined;

  constructor(options: GroupSyncOptions) {
    this.#options = options;
  }

  get failing(): Failing | null {
    return this.#streak.current;
  }

  /** Calls `waiter` after a sync that begins after this call. */
  wait(waiter: SyncWaiter): void {
    if (this.#waiting.length >= this.#options.waitersMax) {
      this.#options.metrics.journalFailures.inc();
      return waiter(false);
    }
    this.#waiting.push(waiter);
    this.#running ??= this.#run();
  }

  /** Resolves when nobody waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // The turn that asked first ends first, so that all of it is one group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      const ok = await this.#sync();
      for (const waiter of group) this.#release(waiter, ok);
    }
    this.#running = undefined;
  }

  async #sync(): Promise<boolean> {
    const { clock, log, metrics, sync } = this.#options;
    const startedMs = clock.monotonic();
    try {
      await sync();
    } catch (error) {
      metrics.journalFailures.inc();
      const { attempts, error: text } = this.#streak.note(error, clock.now());
      if (attempts === 1) {
        log.error(`Failed to sync the journal: ${text}`, {
          event: "journal_sync_failed",
        });
      }
      return false;
    } finally {
      const tookMs = clock.monotonic() - startedMs;
      metrics.journalSyncSeconds.observe(tookMs / 1000);
    }
    if (this.#streak.end() !== null) {
      log.info("The journal syncs again", { event: "journal_sync_recovered" });
    }
    return true;
  }

  #release(waiter: SyncWaiter, ok: boolean): void {
    try {
      waiter(ok);
    } catch (error) {
      // A bug of one waiter must not hold back the others.
      this.#options.log.error("A waiter for the journal failed", {
        event: "journal_waiter_failed",
        error,
      });
    }
  }
}
