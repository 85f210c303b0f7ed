/**
 * Jobs that run by the calendar, on `Deno.cron`.
 *
 * Cron knows nothing finer than a minute, and a backward step of the wall
 * clock stalls it, so it is never the only driver of something that is due
 * sooner: a timer drives that, and cron is the guarantee behind it.
 *
 * `Deno.cron` runs a throwing handler again at once and up to five times, so
 * nothing is thrown at it: a job that failed waits for its next minute.
 *
 * @module
 */

import type { Log } from "../base/log.ts";

/** What `Deno.cron` is to the jobs. Settles once `signal` aborts. */
export type CronPort = (
  name: string,
  schedule: string,
  options: { signal: AbortSignal },
  run: () => Promise<void>,
) => Promise<void>;

/** The runtime's own cron. It refuses a second job of the same name. */
export function denoCron(
  ...[name, schedule, options, run]: Parameters<CronPort>
): Promise<void> {
  return Deno.cron(name, schedule, options, run);
}

/** Something to do by the calendar. */
export interface Job {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  /** Five cron fields, in UTC. */
  readonly schedule: string;
  /** `signal` aborts when the jobs stop; a long run should heed it. */
  run(signal: AbortSignal): Promise<void>;
}

/** What the jobs run under. */
export interface JobsOptions {
  /** Aborting it stops every job. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Schedules `jobs`.
 *
 * A job that is due again while it still runs is skipped, and the log counts
 * the skips of that run.
 *
 * @returns a promise that settles once `signal` has aborted and no run is left.
 */
export async function startJobs(
  cron: CronPort,
  jobs: readonly Job[],
  options: JobsOptions,
): Promise<void> {
  const { signal } = options;
  const stops = jobs.map(async (job) => {
    const flight = new SingleFlight(job, options);
    await cron(job.name, job.schedule, { signal }, () => flight.run());
    await flight.landed;
  });
  await Promise.all(stops);
}

/** Runs one job, never twice at once. */
class SingleFlight {
  readonly #job: Job;
  readonly #options: JobsOptions;
  #current: Promise<void> | undefined;
  #skippedCount = 0;

  constructor(job: Job, options: JobsOptions) {
    this.#job = job;
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
  }

  async #runOnce(): Promise<void> {
    const { name } = this.#job;
    try {
      await this.#job.run(this.#options.signal);
    } catch (error) {
      this.#options.log.error(`Job ${name} failed`, {
        event: "job_failed",
        job: name,
        error,
      });
    }
  }

  #skip(): void {
    const { name } = this.#job;
    this.#skippedCount += 1;
    this.#options.log.warn(`Job ${name} is due and still running`, {
      event: "job_skipped",
      job: name,
      count: this.#skippedCount,
    });
  }
}
