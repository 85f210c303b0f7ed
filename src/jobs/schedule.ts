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

import {
  type FlightOptions,
  SingleFlight,
  type Task,
} from "./single_flight.ts";

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
export interface Job extends Task {
  /** Five cron fields, in UTC. */
  readonly schedule: string;
}

/**
 * Schedules `jobs`.
 *
 * A job that is due again while it still runs is skipped, and the log says so
 * once; see {@linkcode SingleFlight}.
 *
 * @returns a promise that settles once `signal` has aborted and no run is left.
 */
export async function startJobs(
  cron: CronPort,
  jobs: readonly Job[],
  options: FlightOptions,
): Promise<void> {
  const { signal } = options;
  const stops = jobs.map(async (job) => {
    const flight = new SingleFlight(job, options);
    await cron(job.name, job.schedule, { signal }, () => flight.run());
    await flight.landed;
  });
  await Promise.all(stops);
}
