/**
 * A cron that fires when the test says so.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { CronPort } from "../../src/jobs/schedule.ts";

/** Pass `cron` where the real one goes. */
export class FakeCron {
  readonly #runs = new Map<string, () => Promise<void>>();
  /** `name schedule` of each job, in the order of their start. */
  readonly scheduled: string[] = [];

  readonly cron: CronPort = (name, schedule, { signal }, run) => {
    assert(!this.#runs.has(name), `job ${name} is scheduled twice`);
    this.#runs.set(name, run);
    this.scheduled.push(`${name} ${schedule}`);
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  };

  /** What the calendar would do at the job's minute. */
  fire(name: string): Promise<void> {
    const run = this.#runs.get(name);
    assert(run, `no job ${name} is scheduled`);
    return run();
  }
}
