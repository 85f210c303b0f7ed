/**
 * A cron that goes on when the wall clock is set back.
 *
 * The runtime's own waits for an instant of the wall clock: set that back an
 * hour, and nothing happens for an hour. For as long as the wall clock is
 * behind where it has been, a timer calls what is due each minute.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { CronPort } from "./schedule.ts";

const MINUTE_MS = 60_000;
const EACH_MINUTE = "* * * * *";

/**
 * Guards jobs that run each minute. Others wait, as they would without it: by
 * the calendar they are not due.
 */
export function steadyCron(cron: CronPort, clock: Clock): CronPort {
  return async (name, schedule, options, run) => {
    if (schedule !== EACH_MINUTE) {
      return await cron(name, schedule, options, run);
    }
    using _stand = standIn(clock, run);
    await cron(name, schedule, options, run);
  };
}

/** Calls `run` each minute in which the wall clock is behind. */
function standIn(clock: Clock, run: () => Promise<void>): Disposable {
  let furthestAt = clock.now();
  let timer = clock.after(MINUTE_MS, look);
  function look(): void {
    timer = clock.after(MINUTE_MS, look);
    const now = clock.now();
    if (now < furthestAt) void run();
    else furthestAt = now;
  }
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
