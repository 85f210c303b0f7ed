/**
 * One process of the server: put together as `src/core.ts` does, over a disk
 * and a database that outlive it.
 *
 * @module
 */

import type { Metrics } from "../../src/base/metrics.ts";
import { Recorder } from "../../src/record/recorder.ts";
import type { LogReader } from "../../src/room/log_window.ts";
import { Replayer } from "../../src/room/replayer.ts";
import type { RoomRecorder, RoomWorld } from "../../src/room/room_world.ts";
import type { NewRoomSpec } from "../../src/room/room_registry.ts";
import type { RoomOptions, RoomStart } from "../../src/room/room_state.ts";
import { Scheduler } from "../../src/room/scheduler.ts";
import { Backups } from "../../src/store/backup.ts";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import { SqliteStore } from "../../src/store/sqlite_store.ts";
import { IDEMPOTENCY_MS } from "../../src/wire/limits.ts";
import type { DurableRecord, NewRoom } from "../../src/wire/record.ts";
import { ProcessClock } from "./process_clock.ts";
import type { SimWorld } from "./sim_world.ts";
import { WatchedActor } from "./watched_actor.ts";

/** Bounds small enough to be met. */
const BATCH = { sizeMax: 12, ageMsMax: 5000, pendingBytesMax: 40_000 };
const LANE_MAX = 40;
const LOW_RUN_MAX = 5;
const REPLAYS_MAX = 2;

/** How long a stop may flush, in ms. */
const STOP_MS_MAX = 3000;

/** One run of the program, from its start to its stop or its death. */
export class SimServer {
  readonly clock: ProcessClock;
  readonly actors = new Map<string, WatchedActor>();
  readonly #world: SimWorld;
  readonly #roomWorld: RoomWorld;
  readonly store: SqliteStore;
  readonly recorder: Recorder;
  #yields: (() => void)[] = [];
  #isDead = false;
  /** Records accepted, and those that the database has, of this process. */
  acceptedCount = 0;
  storedCount = 0;
  /** Joins less leaves of this process, by room. */
  readonly #stays = new Map<string, number>();

  /** Starts a process. @throws when the journal cannot be brought in. */
  static async start(world: SimWorld): Promise<SimServer> {
    const clock = new ProcessClock(world.clock);
    const { database, log } = world;
    const connection = new SqliteConnection({
      clock,
      log,
      start: (listener) => database.thread(listener),
    });
    await connection.open({ path: ":memory:", pragmas: [] });
    await migrate(connection, MIGRATIONS);
    const reader = () => Promise.reject(new Error("Cannot copy here"));
    const backups = new Backups(reader, reader);
    const release = () => {};
    const store = new SqliteStore({ connection, backups, clock, release });
    const server = new SimServer(world, clock, store);
    await server.recorder.start();
    server.storedCount = 0;
    await server.#recover();
    return server;
  }

  constructor(
    world: SimWorld,
    clock: ProcessClock,
    store: SqliteStore,
  ) {
    this.#world = world;
    this.clock = clock;
    this.store = store;
    const { broken, disk, durability, ids, log, metrics } = world;
    const directory = disk.mount();
    const sink = {
      apply: async (records: readonly DurableRecord[]) => {
        await store.apply(records);
        this.storedCount += records.length;
        world.stored(records);
      },
    };
    this.recorder = new Recorder({
      durability,
      directory: broken.directory?.(directory) ?? directory,
      sink: broken.sink?.(sink) ?? sink,
      limits: BATCH,
      clock,
      ids,
      log,
      metrics,
    });
    this.#roomWorld = this.#newRoomWorld();
  }

  /** What a connection needs. */
  get edge(): Pick<RoomWorld, "clock" | "log"> & { metrics: Metrics } {
    const { log, metrics } = this.#world;
    return { clock: this.clock, log, metrics };
  }

  /** Sessions that joined a room and did not leave it. */
  stayCount(roomId: string): number {
    return this.#stays.get(roomId) ?? 0;
  }

  /** Runs what waits for the next turn of the event loop, once each. */
  slice(): boolean {
    const due = this.#yields;
    this.#yields = [];
    for (const next of due) next();
    return due.length > 0;
  }

  /** Makes a room; `undefined` when that is refused. */
  create(spec: NewRoomSpec): WatchedActor | undefined {
    const { ids } = this.#world;
    const createdAt = this.clock.now();
    const id = ids.uuid();
    const epoch = ids.uuid();
    const kind = spec.chat === undefined ? "managed" : "chat";
    const room: NewRoom = { ...spec, id, kind, epoch, createdAt };
    const { recorder } = this.#roomWorld;
    if (!recorder.accept([{ type: "room_created", room }])) return undefined;
    return this.#restore({
      ...room,
      lastSeq: 0,
      peakUsers: 0,
      totalJoins: 0,
      lastMessageAt: null,
      bans: [],
      mutes: [],
      recentSends: [],
      emptySinceAt: createdAt,
    });
  }

  /** The process is gone at once. */
  die(): void {
    this.#isDead = true;
    this.#yields = [];
    this.clock[Symbol.dispose]();
  }

  /** Flushes and stops, as far as it comes. */
  async stop(): Promise<void> {
    for (const actor of this.actors.values()) actor[Symbol.dispose]();
    await this.recorder.stop(STOP_MS_MAX);
    await this.store.close();
  }

  async #recover(): Promise<void> {
    await this.store.closeOrphans();
    const sendsSinceAt = this.clock.now() - IDEMPOTENCY_MS;
    const { broken } = this.#world;
    for (
      const { room, ...more } of await this.store.recover({ sendsSinceAt })
    ) {
      const emptySinceAt = room.lastLeftAt ?? room.createdAt;
      const start = { ...room, ...more, emptySinceAt };
      this.#restore(broken.start?.(start) ?? start);
    }
  }

  #restore(start: RoomStart): WatchedActor {
    const { durability, ids, random, settings, verdict } = this.#world;
    const room: RoomOptions = { ...settings, durability };
    const actor = new WatchedActor({
      start,
      room,
      world: this.#roomWorld,
      ids,
      verdict,
      work: () => {
        this.clock.workedMs += random.integer(0, 10) === 0 ? 3 : 0;
      },
      onEnded: ({ id }) => {
        this.actors.get(id)?.[Symbol.dispose]();
        this.actors.delete(id);
        void this.recorder.flushRoom(id).catch(() => {});
      },
    });
    this.actors.set(start.id, actor);
    return actor;
  }

  #newRoomWorld(): RoomWorld {
    const { broken, log, metrics } = this.#world;
    const { clock, recorder, store } = this;
    const reader: LogReader = {
      read: async (roomId, range) => {
        await recorder.flushRoom(roomId);
        return await store.log(roomId, range);
      },
      message: async (roomId, seq) => {
        await recorder.flushRoom(roomId);
        return await store.message(roomId, seq);
      },
      unread: async (roomId, userId, seqs) => {
        await recorder.flushRoom(roomId);
        const query = { seqs, limit: seqs.length };
        return await store.unread(roomId, userId, query);
      },
    };
    return {
      clock,
      log,
      metrics,
      recorder: this.#watched(broken.recorder?.(recorder) ?? recorder),
      reader,
      replayer: new Replayer({ log, metrics, runningMax: REPLAYS_MAX }),
      scheduler: new Scheduler({
        clock,
        yield: (next) => void (this.#isDead || this.#yields.push(next)),
      }),
      laneMax: LANE_MAX,
      lowRunMax: LOW_RUN_MAX,
    };
  }

  /** Writes down what the recorder promises. */
  #watched(recorder: RoomRecorder): RoomRecorder {
    const { promises } = this.#world;
    return {
      accept: (records) => {
        const isKept = recorder.accept(records);
        if (isKept) {
          this.#count(records);
          promises.accepted(records);
        } else promises.refused(records);
        return isKept;
      },
      acceptOwed: (records) => {
        recorder.acceptOwed(records);
        this.#count(records);
        promises.accepted(records);
      },
      afterDurable: (run) => recorder.afterDurable(run),
    };
  }

  #count(records: readonly DurableRecord[]): void {
    this.acceptedCount += records.length;
    for (const { type, ...record } of records) {
      if (!("session" in record)) continue;
      const { roomId } = record.session;
      const change = type === "session_opened" ? 1 : -1;
      this.#stays.set(roomId, this.stayCount(roomId) + change);
    }
  }
}
