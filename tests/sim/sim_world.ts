/**
 * What outlives a server's process: time, disk, database, clients and what
 * they were promised.
 *
 * @module
 */

import type { Ids } from "../../src/base/ids.ts";
import { type Log, type LogFields, silentLog } from "../../src/base/log.ts";
import { Metrics } from "../../src/base/metrics.ts";
import type { JournalDirectory } from "../../src/record/journal_directory.ts";
import type { RecordSink } from "../../src/record/record_sink.ts";
import type { RoomRecorder } from "../../src/room/room_world.ts";
import type { ResumePoint } from "../../src/room/room_input.ts";
import type { RoomOptions, RoomStart } from "../../src/room/room_state.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import type { Client } from "./client.ts";
import { MemoryDatabase } from "./memory_database.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { Promises } from "./promises.ts";
import { SimServer } from "./sim_server.ts";
import { Verdict } from "./verdict.ts";

/** Parts of the server that do not do what they should. */
export interface Broken {
  readonly directory?: (directory: JournalDirectory) => JournalDirectory;
  readonly sink?: (sink: RecordSink) => RecordSink;
  readonly recorder?: (recorder: RoomRecorder) => RoomRecorder;
  readonly start?: (start: RoomStart) => RoomStart;
}

/** Everything that a run acts on. */
export class SimWorld implements Disposable {
  readonly broken: Broken;
  readonly random: SeededRandom;
  readonly clock = new FakeClock();
  readonly disk = new MemoryDisk();
  readonly database = new MemoryDatabase();
  readonly verdict = new Verdict();
  readonly promises = new Promises(this.verdict);
  readonly metrics = new Metrics();
  readonly log: Log;
  readonly ids: Ids;
  readonly durability: "journal" | "fsync";
  /** Whether there are so many that one delivery takes several slices. */
  readonly isCrowded: boolean;
  readonly settings: Omit<RoomOptions, "durability">;
  /** Where each user's knowledge of each room ends. */
  readonly known = new Map<string, ResumePoint>();
  readonly #storedIds = new Set<string>();
  readonly #keptIds = new Set<string>();
  #server: SimServer | undefined;
  clients: Client[] = [];

  constructor(seed: number, broken: Broken) {
    this.broken = broken;
    this.random = new SeededRandom(seed);
    this.log = newLog(this.verdict);
    this.ids = newIds(this.random);
    const { random } = this;
    this.isCrowded = random.integer(1, 8) === 1;
    this.durability = random.integer(0, 2) === 0 ? "fsync" : "journal";
    this.settings = {
      chatIntervalMs: random.integer(0, 2) === 0 ? 300 : 0,
      membersMax: this.isCrowded ? 200 : 5,
      sessionsPerUserMax: random.integer(1, 2),
      recentEntriesMax: random.integer(5, 80),
      resumeEntriesMax: random.integer(20, 150),
      sendsMax: 10_000,
      penaltiesMax: 100,
    };
  }

  /** The process that runs now. */
  get server(): SimServer {
    if (this.#server === undefined) throw new Error("No server was started");
    return this.#server;
  }

  /** Starts a process; while the database fails it may take two attempts. */
  async start(): Promise<void> {
    const first = await SimServer.start(this).catch(() => undefined);
    if (first === undefined) {
      this.database.heal();
      this.disk.heal();
    }
    this.#server = first ?? await SimServer.start(this);
  }

  /** The database has these records, and has said so. */
  stored(records: readonly DurableRecord[]): void {
    for (const record of records) {
      if (record.type === "entry") this.#storedIds.add(record.entry.id);
    }
  }

  /** Whether an entry is, or was before, in the journal or the database. */
  isKept(id: string): boolean {
    if (this.#keptIds.has(id)) return true;
    const isKept = this.#storedIds.has(id) || this.disk.holds(id);
    if (isKept) this.#keptIds.add(id);
    return isKept;
  }

  /** Takes the clients off a process that is gone. */
  cutClients(): void {
    for (const client of this.clients) {
      this.remember(client);
      client.cut();
    }
    this.clients = [];
  }

  /** Keeps where a client's knowledge ends, for when its user comes back. */
  remember({ actor, listener, userId }: Client): void {
    if (!listener.isWelcome) return;
    const { epoch, knownSeq: sinceSeq } = listener;
    this.known.set(`${actor.id} ${userId}`, { epoch, sinceSeq });
  }

  /** Runs all turns that are due, until there are none. */
  async drain(): Promise<void> {
    for (let round = 0; round < 500; round++) {
      await settle();
      if (!this.server.slice()) return;
    }
    this.verdict.fail("health", "the rooms do not come to an end");
  }

  [Symbol.dispose](): void {
    this.#server?.die();
    this.database[Symbol.dispose]();
  }
}

/** A log in which only our own bugs count. */
function newLog(verdict: Verdict): Log {
  return {
    ...silentLog,
    error: (line: string, { event, error }: LogFields = {}) => {
      const isBug = event === "turn_failed" ||
        event === "journal_waiter_failed";
      const why = error instanceof Error ? error.stack : error;
      if (isBug) verdict.fail("health", `${line}: ${why}`);
    },
  };
}

/** Ids that count, and chance from the seed. */
function newIds(random: SeededRandom): Ids {
  let count = 0;
  return {
    uuid: () => {
      count += 1;
      return `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
    },
    fraction: () => random.fraction(),
  };
}
