/**
 * A run of failures of the database: told once when it begins and once when it
 * ends, with growing waits between.
 *
 * @module
 */

import { backoffMs } from "../base/backoff.ts";
import type { Ids } from "../base/ids.ts";
import type { Log, LogFields } from "../base/log.ts";

/** What is said. */
export interface StoreFailuresOptions {
  readonly ids: Ids;
  readonly log: Log;
  /** What cannot be done now, as a sentence. */
  readonly failedLine: string;
  /** That it can be done again. */
  readonly workedLine: string;
  /** The events are `<noun>_failed` and `<noun>_recovered`. */
  readonly noun: string;
  readonly fields?: LogFields;
}

const WAIT = { baseMs: 1000, maxMs: 30_000, jitter: 0.2 };

/** Counts failures until something works. */
export class StoreFailures {
  readonly #options: StoreFailuresOptions;
  #count = 0;

  constructor(options: StoreFailuresOptions) {
    this.#options = options;
  }

  get isFailing(): boolean {
    return this.#count > 0;
  }

  /**
   * Notes a failure.
   *
   * @returns how long to wait, in ms.
   */
  failed(error: unknown): number {
    const { fields, ids, log, failedLine, noun } = this.#options;
    this.#count += 1;
    if (this.#count === 1) {
      log.error(failedLine, { ...fields, event: `${noun}_failed`, error });
    }
    return backoffMs(this.#count, { ...WAIT, fraction: ids.fraction() });
  }

  /** Notes that it works. */
  worked(): void {
    if (this.#count === 0) return;
    this.#count = 0;
    const { fields, log, workedLine, noun } = this.#options;
    log.info(workedLine, { ...fields, event: `${noun}_recovered` });
  }
}
