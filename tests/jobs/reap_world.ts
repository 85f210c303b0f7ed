/**
 * Rooms for a reaper, on a clock that a test moves.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ReapableFacts, ReapableRoom } from "../../src/jobs/reap_plan.ts";
import { Reaper } from "../../src/jobs/reaper.ts";
import { type Quiet, QuietWatch } from "../../src/room/quiet_watch.ts";
import type { OperatorCommand } from "../../src/wire/command.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

export const MINUTE_MS = 60_000;

/** What a run does by the calendar. */
export const BY_ITSELF = { force: false, dryRun: false };

type Changeable<Facts> = { -readonly [Name in keyof Facts]: Facts[Name] };

/** A room that users enter and leave. */
export class SketchedRoom implements ReapableRoom {
  readonly id: string;
  readonly #clock: FakeClock;
  depth = 0;
  isEnded = false;
  current: Changeable<ReapableFacts>;
  #watch: QuietWatch;
  /** What the next command is refused with. */
  refusal: Error | undefined;
  /** Whether commands are answered at all. */
  isStuck = false;
  /** Runs before a command is carried out. */
  onOperate = () => {};

  constructor(id: string, clock: FakeClock) {
    this.id = id;
    this.#clock = clock;
    this.current = {
      kind: "chat",
      autoClose: true,
      createdAt: clock.now(),
      emptySinceAt: clock.now(),
      lastMessageAt: null,
      pinned: null,
      sessions: 0,
      chat: null,
      live: null,
    };
    this.#watch = this.#newWatch();
  }

  /** Has the room be what it is recovered as. */
  set(facts: Partial<ReapableFacts>): this {
    Object.assign(this.current, facts);
    this.#watch = this.#newWatch();
    return this;
  }

  enter(): void {
    this.#change({ sessions: 1, emptySinceAt: null });
  }

  leave(): void {
    this.#change({ sessions: 0, emptySinceAt: this.#clock.now() });
  }

  speak(): void {
    this.#change({ lastMessageAt: this.#clock.now() });
  }

  quiet(): Quiet | null {
    return this.#watch.quiet();
  }

  facts(): ReapableFacts {
    return this.current;
  }

  operate(command: OperatorCommand): Promise<unknown> {
    assert.deepEqual(command, { type: "end", reason: "reaped" });
    assert.equal(this.current.sessions, 0, `${this.id} is in use`);
    this.onOperate();
    if (this.isStuck) return new Promise(() => {});
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    if (this.isEnded) return Promise.reject(new ChatError("room_ended"));
    this.isEnded = true;
    return Promise.resolve();
  }

  #change(facts: Partial<ReapableFacts>): void {
    Object.assign(this.current, facts);
    this.#watch.look();
  }

  #newWatch(): QuietWatch {
    return new QuietWatch(this.current, this.#clock);
  }
}

/** A server's rooms and its reaper; ten minutes are long enough. */
export class ReapWorld {
  readonly clock: FakeClock;
  readonly log = new RecordingLog();
  readonly rooms: SketchedRoom[] = [];
  readonly reaper: Reaper;
  /** How often rooms and sockets got their turn. */
  yields = 0;
  /** Runs at each of these. */
  onYield = () => {};

  constructor(
    clock = new FakeClock(),
    { deviceTtlMs = 10 * MINUTE_MS, liveTtlMs = 10 * MINUTE_MS }: {
      deviceTtlMs?: number;
      liveTtlMs?: number;
    } = {},
  ) {
    this.clock = clock;
    this.reaper = new Reaper({
      rooms: () => this.live,
      idleMs: 10 * MINUTE_MS,
      deviceTtlMs,
      liveTtlMs,
      clock: this.clock,
      log: this.log,
      yield: (next) => {
        this.yields += 1;
        this.onYield();
        queueMicrotask(next);
      },
    });
  }

  get live(): SketchedRoom[] {
    return this.rooms.filter(({ isEnded }) => !isEnded);
  }

  /** Ids of the rooms that have ended. */
  get ended(): string[] {
    return this.rooms.filter(({ isEnded }) => isEnded).map(({ id }) => id);
  }

  /** A room that is made now, and that nobody ever entered. */
  open(id: string, facts: Partial<ReapableFacts> = {}): SketchedRoom {
    const room = new SketchedRoom(id, this.clock).set(facts);
    this.rooms.push(room);
    return room;
  }

  /** Reaps as the calendar does; answers which rooms that ended. */
  async run(): Promise<string[]> {
    const { rooms } = await this.reaper.reap(BY_ITSELF);
    return rooms.map(({ roomId }) => roomId);
  }
}
