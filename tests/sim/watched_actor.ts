/**
 * A room and its actor, with what goes in and what is handled compared.
 *
 * @module
 */

import type { Ids } from "../../src/base/ids.ts";
import type { Lane } from "../../src/room/mailbox.ts";
import { Room } from "../../src/room/room.ts";
import { RoomActor } from "../../src/room/room_actor.ts";
import type { RoomWorld } from "../../src/room/room_world.ts";
import type { RoomEffects } from "../../src/room/room_effects.ts";
import { laneOf, type RoomInput } from "../../src/room/room_input.ts";
import type { RoomOptions, RoomStart } from "../../src/room/room_state.ts";
import type { Verdict } from "./verdict.ts";

/** What a watched room is made of. */
export interface WatchedActorOptions {
  readonly start: RoomStart;
  readonly room: RoomOptions;
  readonly world: RoomWorld;
  readonly ids: Ids;
  readonly verdict: Verdict;
  /** Takes the time that handling an input takes. */
  readonly work: () => void;
  readonly onEnded: (actor: RoomActor) => void;
}

/** Counts what waits in each lane as the lanes should be. */
class LaneWatch {
  readonly #verdict: Verdict;
  readonly #lowRunMax: number;
  readonly #waiting: Record<Lane, RoomInput[]> = { high: [], low: [] };
  #atStart: Record<Lane, number> = { high: 0, low: 0 };
  #taken: Record<Lane, number> = { high: 0, low: 0 };
  turnCount = 0;

  constructor(verdict: Verdict, lowRunMax: number) {
    this.#verdict = verdict;
    this.#lowRunMax = lowRunMax;
  }

  offered(input: RoomInput): void {
    this.#waiting[laneOf(input)].push(input);
  }

  handling(input: RoomInput): void {
    const lane = laneOf(input);
    if (this.#taken.high + this.#taken.low === 0) this.turnCount += 1;
    this.#taken[lane] += 1;
    const first = this.#waiting[lane].shift();
    this.#verdict.check(
      first === input,
      "lanes",
      () => `${input.kind} overtook ${first?.kind} in the ${lane} lane`,
    );
  }

  beginRun(): void {
    const { high, low } = this.#waiting;
    this.#atStart = { high: high.length, low: low.length };
    this.#taken = { high: 0, low: 0 };
  }

  /** A run that took anything must have taken something of each lane. */
  endRun(): void {
    const { high, low } = this.#taken;
    if (high + low === 0) return;
    for (const lane of ["high", "low"] as const) {
      this.#verdict.check(
        this.#atStart[lane] === 0 || this.#taken[lane] > 0,
        "lanes",
        () => `the ${lane} lane waited for more than a run of the other`,
      );
    }
    this.#verdict.check(
      low <= this.#lowRunMax,
      "lanes",
      () => `${low} low inputs in one turn`,
    );
  }
}

/** A room that says what it handles. */
class WatchedRoom extends Room {
  readonly #onHandle: (input: RoomInput) => void;

  constructor(
    { start, room, ids }: WatchedActorOptions,
    onHandle: (input: RoomInput) => void,
  ) {
    super(start, room, ids);
    this.#onHandle = onHandle;
  }

  override handle(input: RoomInput, now: number, effects: RoomEffects): void {
    this.#onHandle(input);
    super.handle(input, now, effects);
  }
}

/** An actor whose lanes are watched. */
export class WatchedActor extends RoomActor {
  readonly #lanes: LaneWatch;
  /** The turn in which a session's leave was handled, by session id. */
  readonly #leftIn = new Map<string, number>();

  constructor(options: WatchedActorOptions) {
    const { verdict, world } = options;
    const lanes = new LaneWatch(verdict, world.lowRunMax);
    const leftIn = new Map<string, number>();
    const room = new WatchedRoom(options, (input) => {
      lanes.handling(input);
      options.work();
      if (input.kind !== "leave") return;
      leftIn.set(input.session.id, lanes.turnCount);
    });
    super(room, world, { onEnded: options.onEnded });
    this.#lanes = lanes;
    this.#leftIn = leftIn;
  }

  override offer(input: RoomInput): boolean {
    const isOffered = super.offer(input);
    if (isOffered) this.#lanes.offered(input);
    return isOffered;
  }

  override run(): boolean {
    this.#lanes.beginRun();
    const isMore = super.run();
    this.#lanes.endRun();
    return isMore;
  }

  /** Whether a session's leave was handled in an earlier turn. */
  hasLeft(sessionId: string): boolean {
    const turn = this.#leftIn.get(sessionId);
    return turn !== undefined && turn < this.#lanes.turnCount;
  }
}
