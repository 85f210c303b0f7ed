/**
 * What room actors share, in a test's hand: time, yields, journal, database.
 *
 * @module
 */

import { Metrics } from "../../src/base/metrics.ts";
import type { LogReader } from "../../src/room/log_window.ts";
import { Replayer } from "../../src/room/replayer.ts";
import { Room } from "../../src/room/room.ts";
import { RoomActor } from "../../src/room/room_actor.ts";
import type { RoomInput } from "../../src/room/room_input.ts";
import type { RoomOptions, RoomStart } from "../../src/room/room_state.ts";
import type { RoomRecorder, RoomWorld } from "../../src/room/room_world.ts";
import { Scheduler } from "../../src/room/scheduler.ts";
import type { Session } from "../../src/room/session.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import {
  FakeSession,
  type FakeSessionOptions,
} from "../support/fake_session.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { countingIds, newMessage, newStart, ROOM_OPTIONS } from "./fixture.ts";

/** Rounds of the event loop after which a world should have settled. */
const ROUNDS_MAX = 2000;

/** A clock on which work can take time without any timer falling due. */
export class WorkClock extends FakeClock {
  workedMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.workedMs;
  }
}

/** A recorder of an array. */
export class FakeRecorder implements RoomRecorder {
  readonly records: DurableRecord[] = [];
  /** Whether records can be kept now. */
  isStorable = true;
  /** Whether what is accepted waits for `sync` to be durable. */
  isSynced = false;
  /** Called before records are kept; it may throw. */
  onAccept: (records: readonly DurableRecord[]) => void = () => {};
  #waiting: ((ok: boolean) => void)[] = [];

  accept(records: readonly DurableRecord[]): boolean {
    if (!this.isStorable) return false;
    this.onAccept(records);
    this.records.push(...records);
    return true;
  }

  acceptOwed(records: readonly DurableRecord[]): void {
    this.records.push(...records);
  }

  afterDurable(run: (ok: boolean) => void): void {
    if (this.isSynced) this.#waiting.push(run);
    else run(true);
  }

  /** Says what became of all that waits to be durable. */
  sync(ok: boolean): void {
    for (const run of this.#waiting.splice(0)) run(ok);
  }

  /** The log of a room. */
  entries(roomId: string): LogEntry[] {
    return this.records.flatMap((record) =>
      record.type === "entry" && record.entry.roomId === roomId
        ? [record.entry]
        : []
    );
  }

  /** The log of a room, each entry as its kind and number. */
  words(roomId = "r"): string[] {
    return this.entries(roomId).map(({ kind, seq }) => `${kind} ${seq}`);
  }
}

/** A database that holds what was there before, and all that was accepted. */
export class FakeReader implements LogReader {
  /** What every read is refused with. */
  failure: Error | undefined;
  readonly reads: { afterSeq: number; limit: number }[] = [];
  /** Messages that were looked up before they were marked as read. */
  readonly lookUps: number[][] = [];
  /** Messages of the log before the room was recovered. */
  readonly #before: readonly LogEntry<"message">[];
  readonly #recorder: FakeRecorder;
  #hold: PromiseWithResolvers<void> | undefined;

  constructor(recorder: FakeRecorder, before: readonly LogEntry<"message">[]) {
    this.#recorder = recorder;
    this.#before = before;
  }

  /** Lets reads wait until `release`. */
  hold(): void {
    this.#hold ??= Promise.withResolvers();
  }

  release(): void {
    this.#hold?.resolve();
    this.#hold = undefined;
  }

  async read(
    roomId: string,
    range: { afterSeq: number; limit: number },
  ): Promise<LogEntry[]> {
    this.reads.push(range);
    await this.#turn();
    return this.#log(roomId)
      .filter(({ seq }) => seq > range.afterSeq).slice(0, range.limit);
  }

  async message(
    roomId: string,
    wantedSeq: number,
  ): Promise<LogEntry<"message"> | undefined> {
    await this.#turn();
    const found = this.#log(roomId).find(({ seq }) => seq === wantedSeq);
    return found?.kind === "message" ? found : undefined;
  }

  async unread(
    roomId: string,
    userId: string,
    seqs: readonly number[],
  ): Promise<number[]> {
    this.lookUps.push([...seqs]);
    await this.#turn();
    const log = this.#log(roomId);
    const read = new Set(
      log.flatMap((entry) => entry.kind === "read" ? entry.payload.seqs : []),
    );
    return log.flatMap(({ kind, actor, seq }) =>
      kind === "message" && actor !== userId && seqs.includes(seq) &&
        !read.has(seq)
        ? [seq]
        : []
    );
  }

  async #turn(): Promise<void> {
    await this.#hold?.promise;
    if (this.failure !== undefined) throw this.failure;
  }

  #log(roomId: string): LogEntry[] {
    return [...this.#before, ...this.#recorder.entries(roomId)];
  }
}

export interface WorldOptions {
  readonly start?: Partial<RoomStart>;
  readonly options?: Partial<RoomOptions>;
  readonly laneMax?: number;
  readonly lowRunMax?: number;
  readonly replaysMax?: number;
}

/** One actor, `r`, and more of them on demand. */
export class ActorWorld implements RoomWorld, Disposable {
  readonly clock = new WorkClock();
  readonly log = new RecordingLog();
  readonly metrics = new Metrics();
  readonly recorder = new FakeRecorder();
  readonly reader: FakeReader;
  readonly scheduler: Scheduler;
  readonly replayer: Replayer;
  readonly laneMax: number;
  readonly lowRunMax: number;
  readonly actor: RoomActor;
  /** Rooms that ended. */
  readonly ended: string[] = [];
  /** Rooms whose people changed, once for each turn in which they did. */
  readonly changed: string[] = [];
  /** Called as well; it may throw. */
  onPeopleChanged: () => void = () => {};
  readonly #options: WorldOptions;
  readonly #actors: RoomActor[] = [];
  #yields: (() => void)[] = [];

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.laneMax = options.laneMax ?? 10_000;
    this.lowRunMax = options.lowRunMax ?? 200;
    const lastSeq = options.start?.lastSeq ?? 0;
    const before = Array.from(
      { length: lastSeq },
      (_, index) => newMessage(index + 1),
    );
    this.reader = new FakeReader(this.recorder, before);
    this.scheduler = new Scheduler({
      clock: this.clock,
      yield: (next) => void this.#yields.push(next),
    });
    this.replayer = new Replayer({
      log: this.log,
      metrics: this.metrics,
      runningMax: options.replaysMax ?? 4,
    });
    this.actor = this.newActor();
  }

  newActor(start: Partial<RoomStart> = {}): RoomActor {
    const { options } = this.#options;
    const room = new Room(
      newStart({ ...this.#options.start, ...start }),
      { ...ROOM_OPTIONS, chatIntervalMs: 0, membersMax: 100_000, ...options },
      countingIds(),
    );
    const actor = new RoomActor(room, this, {
      onPeopleChanged: ({ id }) => {
        this.changed.push(id);
        this.onPeopleChanged();
      },
      onEnded: ({ id }) => void this.ended.push(id),
    });
    this.#actors.push(actor);
    return actor;
  }

  /** Runs what waits for the next turn of the event loop; once each. */
  slice(): boolean {
    const due = this.#yields;
    this.#yields = [];
    for (const next of due) next();
    return due.length > 0;
  }

  /** Runs until nothing is left to do but wait for time. */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      await settle();
      if (!this.slice()) return;
    }
    throw new Error(`Cannot settle: still at work after ${ROUNDS_MAX} rounds`);
  }

  /** Offers a join, and leaves the turn to the test. */
  join(
    who: string | FakeSession,
    { actor = this.actor, sinceSeq, ...options }: FakeSessionOptions & {
      actor?: RoomActor;
      sinceSeq?: number;
    } = {},
  ): FakeSession {
    const session = typeof who === "string"
      ? new FakeSession(who, options)
      : who;
    const resume = sinceSeq === undefined
      ? null
      : { sinceSeq, epoch: "epoch-1" };
    actor.offer({ kind: "join", session, resume });
    return session;
  }

  /** Lets users join, and takes that turn. */
  joined(...userIds: string[]): FakeSession[] {
    const sessions = userIds.map((userId) =>
      this.join(userId, { isProven: true })
    );
    while (this.slice());
    for (const session of sessions) session.clear();
    return sessions;
  }

  /** Offers a message; `false` when the lane is full. */
  say(session: Session, content = "hi", actor = this.actor): boolean {
    return actor.offer(chat(session, content));
  }

  [Symbol.dispose](): void {
    for (const actor of this.#actors) actor[Symbol.dispose]();
  }
}

/** A message, as an input. */
export function chat(session: Session, content = "hi"): RoomInput {
  return { kind: "command", session, command: { type: "chat", content } };
}

/** A custom event, as an input of the high lane. */
export function customEvent(session: Session, payload: unknown = 1): RoomInput {
  const command = { type: "custom_event", eventType: "e", payload } as const;
  return { kind: "command", session, command };
}
