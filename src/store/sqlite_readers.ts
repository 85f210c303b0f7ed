/**
 * Read-only connections that serve reads beside the connection that writes.
 *
 * A reader is given one read at a time, and the others wait in one line for
 * whichever reader is free first: a read that takes long keeps one reader and
 * delays nothing while there is another. Lines of their own would put reads
 * behind it whenever the other readers had a read each.
 *
 * Each read is a transaction that begins when a reader takes it. With a
 * write-ahead log that sees every write that was answered before, and a write
 * waits for no read.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { SqliteConnection, SqliteTarget } from "./sqlite_connection.ts";
import { storeError } from "./sqlite_failure.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import { SqliteReader } from "./sqlite_reader.ts";
import { SqliteReads } from "./sqlite_reads.ts";

/** Reads that may wait in line when the options do not say. */
const WAITING_MAX = 1000;
/** How long a read may wait in line, in ms. */
const WAITING_MS_MAX = 30_000;

/** What readers need. */
export interface SqliteReadersOptions {
  /** At least 1. */
  readonly readerCount: number;
  /** A file that exists, has a write-ahead log and all its tables. */
  readonly target: SqliteTarget;
  /** Starts a connection, which is not open yet. */
  readonly start: (onFree: () => void) => SqliteConnection;
  /** Serves while no reader can. */
  readonly writer: Pick<SqliteConnection, "query">;
  readonly clock: Clock;
  readonly log: Log;
  /** Reads that may wait in line; one more is refused as `busy`. */
  readonly waitingMax?: number;
}

interface Waiter {
  readonly queries: readonly SqlStatement[];
  readonly resolve: (rows: Promise<SqlRow[][]>) => void;
  readonly timer: Disposable;
}

/** Reads reject with `StoreError` when the database cannot do it. */
export class SqliteReaders extends SqliteReads {
  readonly #options: SqliteReadersOptions;
  readonly #waitingMax: number;
  readonly #readers: readonly SqliteReader[];
  readonly #line = new Set<Waiter>();
  #closing: Promise<void> | undefined;

  constructor(options: SqliteReadersOptions) {
    super();
    this.#options = options;
    this.#waitingMax = options.waitingMax ?? WAITING_MAX;
    const onChange = () => this.#dispatch();
    this.#readers = Array.from(
      { length: options.readerCount },
      () => new SqliteReader({ ...options, onChange }),
    );
  }

  /** Opens them all. One that fails is logged, and tried again when needed. */
  async open(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.open()));
  }

  override query(...queries: readonly SqlStatement[]): Promise<SqlRow[][]> {
    if (this.#closing !== undefined) {
      return Promise.reject(storeError("closed"));
    }
    // What the lost ones need is not waited for.
    for (const reader of this.#readers) void reader.open();
    const server = this.#server();
    if (server !== undefined) return server.query(...queries);
    if (this.#line.size >= this.#waitingMax) {
      const detail = `${this.#waitingMax} reads wait for the database`;
      return Promise.reject(storeError("busy", detail));
    }
    return this.#wait(queries);
  }

  /**
   * Finishes what was asked, then closes. What is asked later, and what 5 s did
   * not finish, is refused as `closed`. May be called twice.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#dispatch(() => this.#server() ?? this.#shortest());
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  #wait(queries: readonly SqlStatement[]): Promise<SqlRow[][]> {
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.after(WAITING_MS_MAX, () => {
        this.#line.delete(waiter);
        reject(storeError("busy", `No reader in ${WAITING_MS_MAX} ms`));
      });
      const waiter = { queries, resolve, timer };
      this.#line.add(waiter);
    });
  }

  #dispatch(choose = () => this.#server()): void {
    for (const waiter of this.#line) {
      const server = choose();
      if (server === undefined) return;
      this.#line.delete(waiter);
      waiter.timer[Symbol.dispose]();
      waiter.resolve(server.query(...waiter.queries));
    }
  }

  /** Who takes a read now; nobody while every reader has one. */
  #server(): Pick<SqliteConnection, "query"> | undefined {
    const free = this.#readers.find((reader) => reader.isFree);
    if (free !== undefined) return free;
    const areLost = this.#readers.every((reader) => reader.isLost);
    return areLost ? this.#options.writer : undefined;
  }

  /** The reader that is done first, if all reads took equally long. */
  #shortest(): SqliteReader | undefined {
    const usable = this.#readers.filter((reader) => !reader.isLost);
    return usable.reduce<SqliteReader | undefined>((best, reader) => {
      const isBetter = best === undefined ||
        reader.waitingCount < best.waitingCount;
      return isBetter ? reader : best;
    }, undefined);
  }
}
