/**
 * Which of a server's rooms are due, found in slices of time.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Yield } from "../base/turn.ts";
import type { Quiet } from "../room/quiet_watch.ts";
import type { OperatorCommand } from "../wire/command.ts";
import type { RoomKind } from "../wire/record.ts";
import {
  judgeRoom,
  type ReapBounds,
  type ReapReason,
  type RoomStanding,
  type Verdict,
} from "./reap_rule.ts";
import { inSlices } from "./slices.ts";

/**
 * How long rooms are looked at before others get their turn, in ms. A slice may
 * be up to 5 ms: the rest is for what a collection of garbage adds.
 */
const SLICE_MS = 3;

/** A room that may be due. */
export interface ReapableRoom {
  readonly id: string;
  /** Inputs that wait for the room's next turn. */
  readonly depth: number;
  facts(): ReapableFacts;
  /**
   * How long ago things were, however the wall clock was set; `null` while
   * someone is here.
   */
  quiet(): Quiet | null;
  /**
   * Carries out a command. It waits behind what was there when it was called,
   * and before all that comes later.
   */
  operate(command: OperatorCommand): Promise<unknown>;
}

/** What is known of such a room. Instants are in epoch ms. */
export interface ReapableFacts {
  readonly kind: RoomKind;
  readonly autoClose: boolean;
  readonly createdAt: number;
  /** Since when nobody is here; `null` while someone is. */
  readonly emptySinceAt: number | null;
  /** `null` when nobody spoke yet. */
  readonly lastMessageAt: number | null;
  readonly pinned: string | null;
  /** How many connections are open. */
  readonly sessions: number;
  /** `null` where nobody is ever waited for. */
  readonly chat: { readonly isWaiting: boolean } | null;
  /** `null` where nothing comes from outside. */
  readonly live: {
    /** Whether its link is to be kept up; `null` before that is known. */
    readonly isWanted: boolean | null;
  } | null;
}

/** A room that is due, and what it was when it was looked at. */
export interface DueRoom {
  readonly room: ReapableRoom;
  readonly facts: Pick<ReapableFacts, "kind" | "createdAt" | "emptySinceAt">;
}

/** The rooms that are due, and how many are not, by the reason. */
export interface ReapPlan {
  readonly due: readonly DueRoom[];
  readonly spared: SparedCounts;
  /**
   * When the next room goes if nothing happens, in ms from now; `null` when
   * time alone ends none.
   */
  readonly nextDueInMs: number | null;
}

/** How many rooms each reason spared. */
export type SparedCounts = Partial<Record<ReapReason, number>>;

export interface PlannerOptions {
  readonly rooms: () => Iterable<ReapableRoom>;
  readonly clock: Clock;
  readonly yield: Yield;
}

/** Finds what is due. */
export class ReapPlanner {
  readonly #options: PlannerOptions;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /** Decides about one room, as it is now. */
  judge(room: ReapableRoom, bounds: ReapBounds): Verdict {
    return judge(room, room.facts(), bounds);
  }

  /** Looks at every room that there is now, oldest first. */
  async plan(bounds: ReapBounds, signal?: AbortSignal): Promise<ReapPlan> {
    const due: DueRoom[] = [];
    const spared: SparedCounts = {};
    let nextDueInMs: number | null = null;
    await inSlices([...this.#options.rooms()], (room) => {
      const facts = room.facts();
      const { reason, dueInMs } = judge(room, facts, bounds);
      if (reason === "due") return void due.push(dueRoom(room, facts));
      countSpared(spared, reason);
      if (dueInMs === null) return;
      nextDueInMs = Math.min(nextDueInMs ?? dueInMs, dueInMs);
    }, { ...this.#options, sliceMs: SLICE_MS, signal });
    return { due, spared, nextDueInMs };
  }
}

function judge(
  room: ReapableRoom,
  facts: ReapableFacts,
  bounds: ReapBounds,
): Verdict {
  return judgeRoom(standingOf(room, facts), bounds);
}

function standingOf(room: ReapableRoom, facts: ReapableFacts): RoomStanding {
  return {
    kind: facts.kind,
    isWaiting: facts.chat?.isWaiting ?? false,
    autoClose: facts.autoClose,
    isPinned: facts.pinned !== null,
    isFed: facts.live !== null && facts.live.isWanted !== false,
    quiet: facts.sessions > 0 ? null : room.quiet(),
  };
}

function dueRoom(
  room: ReapableRoom,
  { kind, createdAt, emptySinceAt }: ReapableFacts,
): DueRoom {
  return { room, facts: { kind, createdAt, emptySinceAt } };
}

/** One more room that a reason spared. */
export function countSpared(counts: SparedCounts, reason: ReapReason): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}
