/**
 * Tasks that run every so many seconds.
 *
 * Whole minutes are the calendar's: cron looks each minute whether another
 * stretch of that length has begun. So a minute that cron missed is made up for
 * at the next, and a clock that was set back moves the runs and holds up none.
 * Anything finer, and 90 s, is beyond cron, and a monotonic timer's.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { CronPort } from "./schedule.ts";
import {
  type FlightOptions,
  SingleFlight,
  type Task,
} from "./single_flight.ts";

const MINUTE_MS = 60_000;

/** A task and its pace. */
export interface IntervalTask extends Task {
  /** From one run to the next, in ms; 0 is never. */
  readonly intervalMs: number;
}

/** What the tasks run under; aborting `signal` stops every one. */
export interface IntervalOptions extends FlightOptions {
  readonly clock: Clock;
}

/**
 * Starts `tasks`; none runs before its first interval ends.
 *
 * A task that is due while it still runs is skipped: see {@linkcode
 * SingleFlight}.
 *
 * @returns a promise that settles once `signal` has aborted and no run is left.
 */
export async function startIntervals(
  cron: CronPort,
  tasks: readonly IntervalTask[],
  options: IntervalOptions,
): Promise<void> {
  const stops = tasks.filter(({ intervalMs }) => intervalMs > 0).map(
    async (task) => {
      const flight = new SingleFlight(task, options);
      const isByCalendar = task.intervalMs % MINUTE_MS === 0;
      if (isByCalendar) await runByCalendar(cron, task, { flight, ...options });
      else await runByTimer(task, { flight, ...options });
      await flight.landed;
    },
  );
  await Promise.all(stops);
}

interface Run extends IntervalOptions {
  readonly flight: SingleFlight;
}

function runByCalendar(
  cron: CronPort,
  { name, intervalMs }: IntervalTask,
  { clock, flight, signal }: Run,
): Promise<void> {
  function stretchNow(): number {
    return Math.floor(clock.now() / intervalMs);
  }
  let stretch = stretchNow();
  return cron(name, "* * * * *", { signal }, async () => {
    const current = stretchNow();
    if (current === stretch) return;
    stretch = current;
    await flight.run();
  });
}

/** Settles once `signal` aborts. */
function runByTimer(
  { intervalMs }: IntervalTask,
  { clock, flight, signal }: Run,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  let timer: Disposable;
  function arm(): void {
    timer = clock.after(intervalMs, () => {
      arm();
      void flight.run();
    });
  }
  arm();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      timer[Symbol.dispose]();
      resolve();
    }, { once: true });
  });
}
