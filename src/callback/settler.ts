/**
 * Writes what came of deliveries, many at once.
 *
 * A transaction costs about the same for one settlement as for fifty. So while
 * one is under way the others gather, and go together in the next.
 *
 * Whoever settles waits until it is written: a lane is not served again before,
 * so that at most as many settlements wait as there are lanes in flight.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { DeliveryQueue, Settlement } from "./outbox.ts";
import { StoreFailures } from "./store_failures.ts";

/** What a settler works with. */
export interface SettlerOptions {
  readonly queue: Pick<DeliveryQueue, "settle">;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

interface Waiting {
  readonly settlement: Settlement;
  readonly end: (isWritten: boolean) => void;
}

/** Writes settlements, one transaction at a time. */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #failures: StoreFailures;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #isStopping = false;
  #endPause: (() => void) | undefined;

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#failures = new StoreFailures({
      ...options,
      failedLine: "Cannot write what came of callbacks",
      workedLine: "What comes of callbacks is written again",
      noun: "callback_settle",
    });
  }

  /**
   * Writes one.
   *
   * @returns whether it is written; `false` only when stopped. Never rejects.
   */
  settle(settlement: Settlement): Promise<boolean> {
    return new Promise((end) => {
      this.#waiting.push({ settlement, end });
      this.#running ??= this.#run();
    });
  }

  /**
   * Tries once more to write what waits, and what still comes; then gives up:
   * those events are delivered again after the next start.
   */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#endPause?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    // All that is settled in this turn is one transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const isLastTry = this.#isStopping;
      const round = this.#waiting;
      this.#waiting = [];
      const waitMs = await this.#write(round);
      if (waitMs === 0 || isLastTry) {
        for (const { end } of round) end(waitMs === 0);
        continue;
      }
      this.#waiting = round.concat(this.#waiting);
      if (!this.#isStopping) await this.#pause(waitMs);
    }
    this.#running = undefined;
  }

  /** Answers how long to wait before it is tried again; 0 when written. */
  async #write(round: readonly Waiting[]): Promise<number> {
    try {
      const settlements = round.map(({ settlement }) => settlement);
      await this.#options.queue.settle(settlements);
    } catch (error) {
      return this.#failures.failed(error);
    }
    this.#failures.worked();
    return 0;
  }

  async #pause(waitMs: number): Promise<void> {
    const { clock } = this.#options;
    await new Promise<void>((resolve) => {
      const timer = clock.after(waitMs, resolve);
      this.#endPause = () => {
        timer[Symbol.dispose]();
        resolve();
      };
    });
    this.#endPause = undefined;
  }
}
