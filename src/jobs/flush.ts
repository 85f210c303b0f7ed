/**
 * The guarantee that no message stays pending for ever.
 *
 * The batcher's own timer flushes on time; this job finds what a lost or late
 * timer left behind.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import type { Job } from "./schedule.ts";

/** What this job asks of the batcher. */
export interface DueFlush {
  /**
   * Flushes if the oldest pending message is overdue.
   *
   * @returns how many were flushed.
   */
  flushDue(): Promise<number>;
}

/** Looks for overdue messages each minute. */
export function flushJob(batcher: DueFlush, log: Log): Job {
  return {
    name: "flush",
    schedule: "* * * * *",
    run: async () => {
      const count = await batcher.flushDue();
      if (count === 0) return;
      log.warn(`Found ${count} overdue messages and flushed them`, {
        event: "overdue_flushed",
        count,
      });
    },
  };
}
