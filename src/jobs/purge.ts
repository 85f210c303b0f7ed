/**
 * Removes rooms that ended long ago, with their messages and files, and what
 * belongs to no room and is old.
 *
 * A room's files go before its rows: what is left when that fails is still
 * found by the next run.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { IntervalTask } from "./interval.ts";
import { purgeStale, STALE_MS_MAX, type StaleStore } from "./stale_rows.ts";

/** From one run to the next, in ms. */
const INTERVAL_MS = 3_600_000;
/** How long a run goes on, in ms; the next one takes the rest. */
const RUN_MS_MAX = 60_000;
/** Rooms that are asked for at a time. */
const PAGE_ROOMS_MAX = 100;
/** Failures after which a run gives up: it is not one room's then. */
const FAILURES_MAX = 20;

/** The database's part. */
export interface PurgeStore extends StaleStore {
  /** Ended rooms that nothing waits for any more, those that ended first. */
  purgeable(
    query: { readonly endedBefore: number; readonly limit: number },
  ): Promise<string[]>;
  /** Removes all that is kept of a room, in steps that others can pass. */
  purgeRoom(roomId: string): Promise<void>;
}

export interface RoomPurgeOptions {
  readonly store: PurgeStore;
  /** Removes the files of a room; done again, it changes nothing. */
  readonly removeUploads: (roomId: string) => Promise<void>;
  /**
   * How long an ended room is kept, in ms; 0 is for good. What belongs to no
   * room is kept as long, but never longer than {@linkcode STALE_MS_MAX}.
   */
  readonly retentionMs: number;
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly log: Log;
}

/** What a run did to rooms. */
export interface PurgeReport {
  readonly removed: number;
  readonly failed: number;
}

/** Forgets rooms of one server. */
export class RoomPurge {
  readonly #options: RoomPurgeOptions;

  constructor(options: RoomPurgeOptions) {
    this.#options = options;
  }

  /**
   * Removes what is old enough, until nothing is left, the time is up or
   * `signal` aborts: first what belongs to no room, then each room by itself. A
   * failing room so keeps nothing else from its end.
   *
   * @throws {StoreError} when it cannot be told what is old enough.
   */
  async run(signal?: AbortSignal): Promise<PurgeReport> {
    const { clock } = this.#options;
    const startedMs = clock.monotonic();
    const tried = new Set<string>();
    let failed = 0;
    function isOver(): boolean {
      return signal?.aborted === true || failed >= FAILURES_MAX ||
        clock.monotonic() - startedMs >= RUN_MS_MAX;
    }
    await this.#purgeStale(isOver);
    while (this.#options.retentionMs > 0 && !isOver()) {
      const page = await this.#page(PAGE_ROOMS_MAX + failed);
      const fresh = page.filter((roomId) => !tried.has(roomId));
      if (fresh.length === 0) break;
      for (const roomId of fresh) {
        if (isOver()) break;
        tried.add(roomId);
        if (!await this.#remove(roomId)) failed += 1;
      }
    }
    const removed = tried.size - failed;
    this.#report(removed);
    return { removed, failed };
  }

  async #purgeStale(isOver: () => boolean): Promise<void> {
    const { clock, log, retentionMs, store } = this.#options;
    const keptMs = Math.min(retentionMs || STALE_MS_MAX, STALE_MS_MAX);
    const report = await purgeStale(store, clock.now() - keptMs, isOver);
    if (report.devices + report.links + report.users === 0) return;
    log.info("Removed old rows of users, devices and requests", {
      event: "stale_rows_purged",
      ...report,
    });
  }

  #page(limit: number): Promise<string[]> {
    const { clock, retentionMs, store } = this.#options;
    const endedBefore = clock.now() - retentionMs;
    return store.purgeable({ endedBefore, limit });
  }

  async #remove(roomId: string): Promise<boolean> {
    const { log, removeUploads, store } = this.#options;
    try {
      await removeUploads(roomId);
      await store.purgeRoom(roomId);
      return true;
    } catch (error) {
      log.error("Failed to remove an ended room", {
        event: "room_purge_failed",
        room: roomId,
        error,
      });
      return false;
    }
  }

  #report(removed: number): void {
    if (removed === 0) return;
    this.#options.log.info(`Removed rooms that ended long ago: ${removed}`, {
      event: "rooms_purged",
      rooms: removed,
    });
  }
}

/** Purges every hour. */
export function roomPurgeTask(purge: Pick<RoomPurge, "run">): IntervalTask {
  return {
    name: "room_purge",
    intervalMs: INTERVAL_MS,
    run: async (signal) => void await purge.run(signal),
  };
}
