/**
 * Ends rooms that nobody is in any more (seed 0, COMPAT 0.2).
 *
 * A room is reaped when it may end by itself, is old enough, and its users have
 * all been gone for long enough. A user who is connected and silent counts as
 * here: only the end of the last connection starts the time.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { OperatorCommand } from "../wire/command.ts";
import type { Job } from "./schedule.ts";

/** A room younger than this is spared, in ms, unless forced. */
const AGE_MS_MIN = 300_000;

/** A room that may be reaped. */
export interface ReapableRoom {
  readonly id: string;
  facts(): {
    readonly autoClose: boolean;
    /** Epoch ms. */
    readonly createdAt: number;
    /** Since when nobody is here, in epoch ms; `null` while someone is. */
    readonly emptySinceAt: number | null;
  };
  operate(command: OperatorCommand): Promise<unknown>;
}

export interface ReaperOptions {
  readonly rooms: () => Iterable<ReapableRoom>;
  /** How many rooms there are, by status. */
  readonly counts: () => Promise<{ active: number; ended: number }>;
  /** How long nobody must have been there, in ms. */
  readonly idleMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Which rooms to end. */
export interface ReapRequest {
  /** How long nobody was there, in minutes; absent is the setting. */
  readonly minutes?: number;
  /** Lifts the bound on a room's age, and no other. */
  readonly force: boolean;
  /** Only says which rooms. */
  readonly dryRun: boolean;
}

/** One room of the plan. */
export interface ReapedRoom {
  readonly roomId: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Why it could not be ended. */
  readonly error?: string;
}

/** What a run did, or would do. */
export interface ReapReport {
  readonly rooms: readonly ReapedRoom[];
  /** After the run. */
  readonly counts: { active: number; ended: number; waiting: number };
}

/** Ends the rooms of one server that are due. */
export class Reaper {
  readonly #options: ReaperOptions;

  constructor(options: ReaperOptions) {
    this.#options = options;
  }

  /** Ends what is due, and counts the rooms that there are then. */
  async reap(request: ReapRequest): Promise<ReapReport> {
    const rooms = await this.endDue(request);
    const counts = await this.#options.counts();
    // A room of this server is active from its first moment.
    return { rooms, counts: { ...counts, waiting: 0 } };
  }

  /** Ends what is due, each room by itself: one failure stops no other. */
  async endDue(request: ReapRequest): Promise<ReapedRoom[]> {
    const rooms: ReapedRoom[] = [];
    for (const room of [...this.#options.rooms()]) {
      // Asked of each in its turn: ending the others takes time.
      if (!this.#isDue(room, request)) continue;
      const { createdAt } = room.facts();
      const error = request.dryRun ? undefined : await this.#end(room);
      const failed = error === undefined ? {} : { error };
      rooms.push({ roomId: room.id, createdAt, ...failed });
    }
    return rooms;
  }

  #isDue(room: ReapableRoom, { minutes, force }: ReapRequest): boolean {
    const { clock, idleMs } = this.#options;
    const now = clock.now();
    const waitMs = minutes === undefined ? idleMs : minutes * 60_000;
    const { autoClose, createdAt, emptySinceAt } = room.facts();
    if (!autoClose || emptySinceAt === null) return false;
    const isOldEnough = force || now - createdAt >= AGE_MS_MIN;
    return isOldEnough && now - emptySinceAt >= waitMs;
  }

  async #end(room: ReapableRoom): Promise<string | undefined> {
    const { log } = this.#options;
    try {
      await room.operate({ type: "end", reason: "reaped" });
      log.info("Reaped a room", { event: "room_reaped", room: room.id });
      return undefined;
    } catch (error) {
      log.error("Failed to reap a room", {
        event: "room_reap_failed",
        room: room.id,
        error,
      });
      return error instanceof Error ? error.message : "Unknown failure";
    }
  }
}

/** Reaps each minute. */
export function reapJob(reaper: Reaper): Job {
  return {
    name: "reap",
    schedule: "* * * * *",
    run: async () => {
      await reaper.endDue({ force: false, dryRun: false });
    },
  };
}
