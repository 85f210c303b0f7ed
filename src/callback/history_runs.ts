/**
 * What is told of rooms by the calendar: batches of their records, snapshots,
 * and the last words of those that ended.
 *
 * A run only writes rows into the outbox; delivering them is not waited for.
 * What is pending is flushed first, so that a run misses nothing that was
 * accepted before it. Batches are made whether or not an endpoint wants them:
 * they are part of the stream of events too.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { BatchSize, BatchSource, HistoryKind } from "./outbox.ts";
import { SharedRun } from "./shared_run.ts";

/** Most bytes of stored messages in a batch of more than one. */
export const BATCH_BYTES_MAX = 1024 * 1024;

/** Rooms that are read at a time. */
const ROOMS_MAX = 100;

/** Failing rooms of one run that the log names; more are counted. */
const NAMED_FAILURES_MAX = 10;

/** What runs are made of. */
export interface HistoryRunsOptions {
  readonly source: BatchSource;
  /** Brings what is pending to the database; rejects when it cannot. */
  readonly flush: () => Promise<void>;
  /** Tells those who deliver that there is news. */
  readonly wake: () => void;
  readonly size: BatchSize;
  /** Whether `PERIODIC_SYNC_CALLBACK_URL` is set. */
  readonly hasPeriodic: boolean;
  /** Whether `DATA_CALLBACK_URL` is set. */
  readonly hasSync: boolean;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** What a run did. */
export interface RunReport {
  /** Batches, snapshots, or rooms closed. */
  readonly queued: number;
  /** Rooms that the next run tries again. */
  readonly failed: number;
}

const NOTHING: RunReport = { queued: 0, failed: 0 };

/**
 * The runs over all rooms of a server.
 *
 * Each is single-flight: asked again while it runs, it runs once more after.
 * Each rejects when nothing could be flushed or rooms could not be listed; one
 * room that fails is logged and stops no other.
 */
export class HistoryRuns {
  readonly #options: HistoryRunsOptions;
  readonly #chat = this.#shared("chat", () => this.#queueBatches("chat"));
  readonly #session = this.#shared(
    "session",
    () => this.#queueBatches("session"),
  );
  readonly #snapshots = this.#shared("snapshots", () => this.#queueSnapshots());
  readonly #closings = this.#shared("closings", () => this.#queueClosings());
  readonly #snapshotTypes: readonly ("PeriodicSync" | "RoomSync")[];
  readonly #syncNow = new SharedRun(() => this.#runAll());
  #isStopped = false;

  constructor(options: HistoryRunsOptions) {
    this.#options = options;
    this.#snapshotTypes = [
      ...(options.hasPeriodic ? ["PeriodicSync"] as const : []),
      ...(options.hasSync ? ["RoomSync"] as const : []),
    ];
  }

  /** Queues batches of chat messages. */
  chat(): Promise<RunReport> {
    return this.#chat.run();
  }

  /** Queues batches of stays that ended. */
  session(): Promise<RunReport> {
    return this.#session.run();
  }

  /** Queues a snapshot of every room that goes on, at endpoints with a URL. */
  snapshots(): Promise<RunReport> {
    if (this.#snapshotTypes.length === 0) return Promise.resolve(NOTHING);
    return this.#snapshots.run();
  }

  /** Queues what is left to say of rooms that ended. */
  closings(): Promise<RunReport> {
    return this.#closings.run();
  }

  /**
   * Closes a room that just ended, with all others that did: so many rooms that
   * end at once are two runs. Never rejects: {@linkcode HistoryRuns.closings}
   * tries again later.
   */
  async close(roomId: string): Promise<void> {
    try {
      await this.closings();
    } catch (error) {
      this.#options.log.warn("Put off the last callbacks of a room", {
        event: "room_closing_put_off",
        room: roomId,
        error,
      });
    }
  }

  /** Batches and snapshots of every room, without waiting for the calendar. */
  syncNow(): Promise<RunReport> {
    return this.#syncNow.run();
  }

  /**
   * Ends what runs after the room that it is at; nothing is done from then on.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#allLanded();
  }

  /** Settles when all that was asked for until now is over. Never rejects. */
  async idle(): Promise<void> {
    await this.#syncNow.landed;
    await this.#allLanded();
  }

  async #allLanded(): Promise<void> {
    const runs = [this.#chat, this.#session, this.#snapshots, this.#closings];
    await Promise.all(runs.map((run) => run.landed));
  }

  #shared(
    name: string,
    work: () => Promise<RunReport>,
  ): SharedRun<RunReport> {
    return new SharedRun(async () => {
      if (this.#isStopped) return NOTHING;
      await this.#options.flush();
      const report = await work();
      const { queued, failed } = report;
      const line = `Callback run ${name} queued ${queued}, failed ${failed}`;
      const fields = { event: "callback_run_ended", run: name, queued, failed };
      if (failed > 0) this.#options.log.warn(line, fields);
      else if (queued > 0) this.#options.log.debug(line, fields);
      return report;
    });
  }

  async #runAll(): Promise<RunReport> {
    const reports = [
      await this.chat(),
      await this.session(),
      await this.snapshots(),
    ];
    return reports.reduce((sum, { queued, failed }) => ({
      queued: sum.queued + queued,
      failed: sum.failed + failed,
    }), NOTHING);
  }

  #queueBatches(kind: HistoryKind): Promise<RunReport> {
    const { clock, size, source } = this.#options;
    return this.#eachRoom(
      () => this.#roomsWithNews(kind),
      (roomId) => source.queueBatches(kind, roomId, { size, at: clock.now() }),
    );
  }

  #queueClosings(): Promise<RunReport> {
    const { clock, size, source } = this.#options;
    return this.#eachRoom(
      (failed) => this.#endedRooms(failed),
      async (roomId) => {
        await source.queueClosing(roomId, { size, at: clock.now() });
        return 1;
      },
    );
  }

  async #queueSnapshots(): Promise<RunReport> {
    const { clock, source, wake } = this.#options;
    const types = this.#snapshotTypes;
    const queued = await source.queueSnapshots(types, clock.now());
    if (queued > 0) wake();
    return { queued, failed: 0 };
  }

  /** Does something about each room; `rooms` is told of those that failed. */
  async #eachRoom(
    rooms: (failed: ReadonlySet<string>) => AsyncIterable<string>,
    queue: (roomId: string) => Promise<number>,
  ): Promise<RunReport> {
    const failed = new Set<string>();
    let queued = 0;
    for await (const roomId of rooms(failed)) {
      if (this.#isStopped) break;
      try {
        const count = await queue(roomId);
        queued += count;
        if (count > 0) this.#options.wake();
      } catch (error) {
        failed.add(roomId);
        if (failed.size <= NAMED_FAILURES_MAX) this.#logFailure(roomId, error);
      }
    }
    return { queued, failed: failed.size };
  }

  async *#roomsWithNews(kind: HistoryKind): AsyncGenerator<string, void, void> {
    const { source } = this.#options;
    let rooms: string[];
    let afterRoomId = "";
    do {
      const page = { afterRoomId, limit: ROOMS_MAX };
      rooms = await source.roomsWithNews(kind, page);
      yield* rooms;
      afterRoomId = rooms.at(-1) ?? afterRoomId;
    } while (rooms.length === ROOMS_MAX);
  }

  /** A room is listed until it is closed: those that failed are passed over. */
  async *#endedRooms(
    failed: ReadonlySet<string>,
  ): AsyncGenerator<string, void, void> {
    const { source } = this.#options;
    let rooms: string[];
    do {
      const listed = await source.endedRooms(ROOMS_MAX + failed.size);
      rooms = listed.filter((roomId) => !failed.has(roomId));
      yield* rooms;
    } while (rooms.length >= ROOMS_MAX);
  }

  #logFailure(roomId: string, error: unknown): void {
    this.#options.log.error("Failed to queue what is to be said of a room", {
      event: "callback_room_failed",
      room: roomId,
      error,
    });
  }
}
