/**
 * Leaves a trace each minute, so that after a crash it is known until when the
 * server ran.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Store } from "../store/store.ts";
import type { Job } from "./schedule.ts";

/** Notes the time in the database each minute. */
export function aliveJob(store: Pick<Store, "touch">, clock: Clock): Job {
  return {
    name: "alive",
    schedule: "* * * * *",
    run: () => store.touch(clock.now()),
  };
}
