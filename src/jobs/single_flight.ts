/**
 * The one way that a job runs, whatever drives it: a calendar or a timer.
 *
 * @module
 */

import type { Log } from "../base/log.ts";

/** Something that is done again and again. */
export interface Task {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  /** `signal` aborts when tasks stop; a long run should heed it. */
  run(signal: AbortSignal): Promise<void>;
}

/** What tasks run under. */
export interface FlightOptions {
  /** Once it aborts, nothing is begun. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Runs one task, never twice at once, and never throws.
 *
 * A run that falls due while another is under way is skipped. The log says so
 * at the first skip, and at the end of the run how many there were.
 */
export class SingleFlight {
  readonly #task: Task;
  readonly #options: FlightOptions;
  #current: Promise<void> | undefined;
  #skippedCount = 0;

  constructor(task: Task, options: FlightOptions) {
    this.#task = task;
    this.#options = options;
  }

  /** Settles when no run is in progress. Never rejects. */
  get landed(): Promise<void> {
    return this.#current ?? Promise.resolve();
  }

  /** Settles when the run that it began, if any, is over. Never rejects. */
  async run(): Promise<void> {
    if (this.#options.signal.aborted) return;
    if (this.#current !== undefined) return this.#skip();
    this.#skippedCount = 0;
    this.#current = this.#runOnce();
    await this.#current;
    this.#current = undefined;
    this.#tellSkips();
  }

  async #runOnce(): Promise<void> {
    const { name } = this.#task;
    try {
      await this.#task.run(this.#options.signal);
    } catch (error) {
      this.#options.log.error(`Job ${name} failed`, {
        event: "job_failed",
        job: name,
        error,
      });
    }
  }

  #skip(): void {
    this.#skippedCount += 1;
    if (this.#skippedCount > 1) return;
    const { name } = this.#task;
    this.#options.log.warn(`Job ${name} is due and still running`, {
      event: "job_skipped",
      job: name,
      count: 1,
    });
  }

  #tellSkips(): void {
    if (this.#skippedCount <= 1) return;
    const { name } = this.#task;
    this.#options.log.warn(
      `Job ${name} was due ${this.#skippedCount} times while it ran`,
      { event: "job_skipped", job: name, count: this.#skippedCount },
    );
  }
}
