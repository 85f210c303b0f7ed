/**
 * How long events are kept.
 *
 * An event that nobody waits for is kept as long as the stream of events goes
 * back. One that waits, or was given up, is kept for a time of its own, so that
 * a backend may be away for longer than that.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { EventLog, PurgeReport } from "./outbox.ts";

const DAY_MS = 86_400_000;

/**
 * How long an event waits at most before it becomes a dead letter, and how long
 * a dead letter is kept: longer if the stream goes back further, so that it has
 * no holes.
 */
const DEAD_MS = 30 * DAY_MS;

/** Rows that one transaction removes: others write in between. */
const STEP_ROWS_MAX = 5000;

/** What a purge works with. */
export interface RetentionOptions {
  readonly events: Pick<EventLog, "purge">;
  /** How long events are kept that nobody waits for, in ms. */
  readonly retentionMs: number;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Removes what is older than it may be. */
export class Retention {
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /**
   * Removes, in steps, until nothing is left to remove or `signal` aborts.
   *
   * @returns what was done in all steps.
   */
  async purge(signal?: AbortSignal): Promise<PurgeReport> {
    const { clock, events, metrics, retentionMs } = this.#options;
    const now = clock.now();
    const bounds = {
      before: now - retentionMs,
      deadBefore: now - Math.max(DEAD_MS, retentionMs),
      now,
      limit: STEP_ROWS_MAX,
    };
    let total: PurgeReport = { removed: 0, forgotten: 0, died: 0 };
    let isMore = true;
    while (isMore && signal?.aborted !== true) {
      const step = await events.purge(bounds);
      metrics.callbacksExpired.inc(step.died);
      metrics.callbacksForgotten.inc(step.forgotten);
      total = sum(total, step);
      isMore = Math.max(step.removed, step.forgotten, step.died) > 0;
    }
    this.#report(total);
    return total;
  }

  #report({ removed, forgotten, died }: PurgeReport): void {
    const { log } = this.#options;
    if (died > 0 || forgotten > 0) {
      log.warn(
        `Gave up ${died} callbacks that waited too long, ` +
          `forgot ${forgotten} dead letters`,
        { event: "callbacks_forgotten", died, forgotten },
      );
    }
    if (removed === 0) return;
    log.debug(`Removed ${removed} old events`, {
      event: "events_purged",
      removed,
    });
  }
}

function sum(one: PurgeReport, other: PurgeReport): PurgeReport {
  return {
    removed: one.removed + other.removed,
    forgotten: one.forgotten + other.forgotten,
    died: one.died + other.died,
  };
}
