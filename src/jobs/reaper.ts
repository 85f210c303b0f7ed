/**
 * Ends rooms that nobody is in any more, and says why a room stays.
 *
 * A run makes a plan and carries it out; a rehearsal makes the same plan and
 * stops there. Carrying out takes time, so each room is judged again right
 * before its end is put into its mailbox. A room with anything in the mailbox
 * is left for the next run: it may be somebody who joins.
 *
 * @module
 */

import { inTime } from "../base/deadline.ts";
import type { Log } from "../base/log.ts";
import { ChatError } from "../wire/errors.ts";
import type { RoomKind } from "../wire/record.ts";
import {
  countSpared,
  type DueRoom,
  type PlannerOptions,
  type ReapableRoom,
  type ReapPlan,
  ReapPlanner,
  type SparedCounts,
} from "./reap_plan.ts";
import { type ReapBounds, spare, type Verdict } from "./reap_rule.ts";

/** Rooms that are being ended at the same time. */
const ENDS_MAX = 50;

/** How long one room may take to end before the run goes on, in ms. */
const END_MS_MAX = 10_000;

export interface ReaperOptions extends PlannerOptions {
  /** How long nobody must have been there, in ms. */
  readonly idleMs: number;
  /** The same for a device room, in ms; 0 is never. */
  readonly deviceTtlMs: number;
  /** The same for a live room that is not fed any more, in ms; 0 is never. */
  readonly liveTtlMs: number;
  readonly log: Log;
  /** Called for each room that was ended. */
  readonly onReaped?: () => void;
}

/** Which rooms to end. */
export interface ReapRequest {
  /**
   * How long nobody was there, in minutes; absent is the setting. Device
   * and live rooms that never end stay all the same.
   */
  readonly minutes?: number;
  /** Lifts every bound of time; never ends a room with somebody in it. */
  readonly force: boolean;
  /** Only says which rooms. */
  readonly dryRun: boolean;
}

/** One room of the plan. */
export interface ReapedRoom {
  readonly roomId: string;
  readonly kind: RoomKind;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Since when nobody was there, in epoch ms. */
  readonly emptySinceAt: number | null;
  /** Why it could not be ended. */
  readonly error?: string;
}

/** What a run did, or would do. */
export interface ReapReport {
  /** What was ended or failed to end; of a rehearsal, what would be ended. */
  readonly rooms: readonly ReapedRoom[];
  /** How many rooms stay, by the reason. */
  readonly spared: SparedCounts;
  /** As {@linkcode ReapPlan} says. */
  readonly nextDueInMs: number | null;
}

/** What became of one room of the plan. */
type Ending = { readonly ended: ReapedRoom } | { readonly spared: Verdict };

/** Ends the rooms of one server that are due. */
export class Reaper {
  readonly #options: ReaperOptions;
  readonly #planner: ReapPlanner;

  constructor(options: ReaperOptions) {
    this.#options = options;
    this.#planner = new ReapPlanner(options);
  }

  /**
   * Ends what is due, each room by itself: one failure stops no other.
   *
   * @param signal once it aborts, the rest is left for another run.
   */
  async reap(request: ReapRequest, signal?: AbortSignal): Promise<ReapReport> {
    const bounds = this.#bounds(request);
    const plan = await this.#planner.plan(bounds, signal);
    if (!request.dryRun) return await this.#carryOut(plan, bounds, signal);
    const { due, spared, nextDueInMs } = plan;
    return { rooms: due.map(reapedRoom), spared, nextDueInMs };
  }

  /** Why a room would go, or would not. */
  judge(
    room: ReapableRoom,
    request: Pick<ReapRequest, "minutes" | "force">,
  ): Verdict {
    return this.#planner.judge(room, this.#bounds(request));
  }

  #bounds(
    { minutes, force }: Pick<ReapRequest, "minutes" | "force">,
  ): ReapBounds {
    const { deviceTtlMs, idleMs, liveTtlMs } = this.#options;
    const askedMs = minutes === undefined ? undefined : minutes * 60_000;
    return {
      idleMs: askedMs ?? idleMs,
      deviceIdleMs: deviceTtlMs === 0 ? null : askedMs ?? deviceTtlMs,
      liveIdleMs: liveTtlMs === 0 ? null : askedMs ?? liveTtlMs,
      force,
    };
  }

  async #carryOut(
    { due, spared, nextDueInMs }: ReapPlan,
    bounds: ReapBounds,
    signal: AbortSignal | undefined,
  ): Promise<ReapReport> {
    const rooms: ReapedRoom[] = [];
    for (let first = 0; first < due.length; first += ENDS_MAX) {
      if (signal?.aborted === true) break;
      const together = due.slice(first, first + ENDS_MAX);
      const endings = await Promise.all(
        together.map(({ room }) => this.#end(room, bounds)),
      );
      for (const ending of endings) {
        if ("ended" in ending) rooms.push(ending.ended);
        else countSpared(spared, ending.spared.reason);
      }
    }
    return { rooms, spared, nextDueInMs };
  }

  async #end(room: ReapableRoom, bounds: ReapBounds): Promise<Ending> {
    const verdict = this.#planner.judge(room, bounds);
    if (verdict.reason !== "due") return { spared: verdict };
    if (room.depth > 0) return { spared: spare("busy") };
    // Nothing may be awaited between the look and the command.
    const reaped = reapedRoom({ room, facts: room.facts() });
    try {
      await this.#endInTime(room);
    } catch (error) {
      if (hasEnded(error)) return { spared: spare("ended") };
      return { ended: { ...reaped, error: this.#tellFailure(room, error) } };
    }
    const { log, onReaped } = this.#options;
    onReaped?.();
    log.info("Reaped a room", {
      event: "room_reaped",
      room: room.id,
      kind: reaped.kind,
    });
    return { ended: reaped };
  }

  async #endInTime(room: ReapableRoom): Promise<void> {
    const { clock } = this.#options;
    const end = room.operate({ type: "end", reason: "reaped" });
    const work = end.then(() => true);
    const isDone = await inTime(work, {
      clock,
      msMax: END_MS_MAX,
      late: false,
    });
    if (!isDone) throw new ChatError("busy");
  }

  /** What the caller may hear of a failure; the log hears all of it. */
  #tellFailure(room: ReapableRoom, error: unknown): string {
    this.#options.log.error("Failed to reap a room", {
      event: "room_reap_failed",
      room: room.id,
      error,
    });
    const isForCaller = error instanceof ChatError;
    return isForCaller ? error.message : new ChatError("internal").message;
  }
}

function reapedRoom(
  { room, facts: { kind, createdAt, emptySinceAt } }: DueRoom,
): ReapedRoom {
  return { roomId: room.id, kind, createdAt, emptySinceAt };
}

/** Whether somebody else was faster. */
function hasEnded(error: unknown): boolean {
  return error instanceof ChatError && error.code === "room_ended";
}
