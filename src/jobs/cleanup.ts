/**
 * A cleanup as its user sees it: rooms are reaped, what was done is written
 * down, and how many rooms there are now is told.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import {
  closingLines,
  quietLine,
  type RoomCounts,
  roomLines,
  startLine,
} from "./cleanup_lines.ts";
import type { CleanupLog } from "./cleanup_log.ts";
import type { IntervalTask } from "./interval.ts";
import type { Reaper, ReapReport, ReapRequest } from "./reaper.ts";

/** From one run of the calendar to the next, in ms. */
const INTERVAL_MS = 300_000;

/** How long those who were cut off by a restart have to come back, in ms. */
const GRACE_MS = 120_000;

/** What a run did, or would do, and what there is after it. */
export interface CleanupReport extends ReapReport {
  readonly counts: RoomCounts;
}

export interface CleanupOptions {
  readonly reaper: Pick<Reaper, "reap">;
  /** How many rooms there are, by status. */
  readonly counts: () => Promise<RoomCounts>;
  /** How long nobody must have been there, in ms, unless a request says. */
  readonly idleMs: number;
  readonly file: CleanupLog;
  readonly clock: Pick<Clock, "monotonic">;
  readonly log: Log;
}

/** Cleans up one server's rooms. */
export class Cleanup {
  readonly #options: CleanupOptions;
  readonly #startedMs: number;

  constructor(options: CleanupOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonic();
  }

  /**
   * Does what an operator asks for. A dry run is written down nowhere.
   *
   * @throws {StoreError} when the rooms cannot be counted; those that are due
   * have ended.
   */
  async run(request: ReapRequest): Promise<CleanupReport> {
    const report = await this.#options.reaper.reap(request);
    let counts: RoomCounts | undefined;
    try {
      counts = await this.#options.counts();
      return { ...report, counts };
    } finally {
      if (!request.dryRun) await this.#write(report, { ...request, counts });
    }
  }

  /**
   * Does what is due by the setting. A run that finds nothing says little. Soon
   * after a start nothing is done: a server that was away has itself put out
   * those who are not here yet.
   */
  async runByCalendar(signal: AbortSignal): Promise<void> {
    const { clock, file, reaper } = this.#options;
    if (clock.monotonic() - this.#startedMs < GRACE_MS) return;
    const request = { force: false, dryRun: false };
    const report = await reaper.reap(request, signal);
    if (report.rooms.length === 0) return await file.write([quietLine()]);
    const counts = await this.#countsIfAny();
    await this.#write(report, { counts });
  }

  /** Nobody waits for them, so a database that cannot answer is no failure. */
  async #countsIfAny(): Promise<RoomCounts | undefined> {
    try {
      return await this.#options.counts();
    } catch (error) {
      this.#options.log.warn("Cannot count the rooms after a cleanup", {
        event: "cleanup_count_failed",
        error,
      });
      return undefined;
    }
  }

  async #write(
    { rooms }: ReapReport,
    { minutes, counts }: { minutes?: number; counts: RoomCounts | undefined },
  ): Promise<void> {
    await this.#options.file.write([
      startLine(minutes ?? this.#options.idleMs / 60_000),
      ...roomLines(rooms),
      ...closingLines(rooms, counts),
    ]);
  }
}

/** Cleans up every five minutes. */
export function cleanupTask(
  cleanup: Pick<Cleanup, "runByCalendar">,
): IntervalTask {
  return {
    name: "reap",
    intervalMs: INTERVAL_MS,
    run: (signal) => cleanup.runByCalendar(signal),
  };
}
