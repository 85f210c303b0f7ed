/**
 * One read-only connection, which comes back after it was lost.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { SqliteConnection, SqliteTarget } from "./sqlite_connection.ts";
import { storeError } from "./sqlite_failure.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";

/** The least time between two attempts to open it, in ms. */
const REOPEN_MS = 60_000;

/** What a reader needs. */
export interface SqliteReaderOptions {
  readonly target: SqliteTarget;
  /** Starts a connection, which is not open yet. */
  readonly start: (onFree: () => void) => SqliteConnection;
  readonly clock: Pick<Clock, "monotonic">;
  readonly log: Log;
  /** Told when the reader may be free now, or lost. */
  readonly onChange: () => void;
}

/** A connection that serves while it can; it is lost until it is opened. */
export class SqliteReader {
  readonly #options: SqliteReaderOptions;
  #connection: SqliteConnection | undefined;
  #isOpen = false;
  #isClosed = false;
  #hasFailed = false;
  /** Of the monotonic clock. */
  #triedAt = -Infinity;

  constructor(options: SqliteReaderOptions) {
    this.#options = options;
  }

  /** Whether it cannot serve: not open yet, closed or crashed. */
  get isLost(): boolean {
    return this.#usable === undefined;
  }

  /** Whether it would begin with a read at once. */
  get isFree(): boolean {
    return this.#usable?.waitingCount === 0;
  }

  /** Reads that it is not done with. */
  get waitingCount(): number {
    return this.#usable?.waitingCount ?? 0;
  }

  /** As {@linkcode SqliteConnection.query}; a lost reader is `closed`. */
  query(...queries: readonly SqlStatement[]): Promise<SqlRow[][]> {
    const connection = this.#usable;
    if (connection === undefined) return Promise.reject(storeError("closed"));
    return connection.query(...queries);
  }

  /**
   * Opens it when it is lost, and not again within a minute. It never rejects;
   * the first of several failures in a row is logged.
   */
  async open(): Promise<void> {
    const { clock, start, target } = this.#options;
    const now = clock.monotonic();
    const isDue = now - this.#triedAt >= REOPEN_MS;
    if (this.#isClosed || !this.isLost || !isDue) return;
    this.#triedAt = now;
    this.#isOpen = false;
    try {
      const connection = start(this.#options.onChange);
      this.#connection = connection;
      await connection.open(target);
    } catch (error) {
      return this.#onFailed(error);
    }
    this.#isOpen = true;
    this.#hasFailed = false;
    this.#options.onChange();
  }

  /** Finishes what was asked, then closes, within 5 s. */
  async close(): Promise<void> {
    this.#isClosed = true;
    // The thread of one that crashed is gone already.
    if (this.#connection?.hasCrashed === false) await this.#connection.close();
  }

  get #usable(): SqliteConnection | undefined {
    const isLost = !this.#isOpen || this.#isClosed ||
      this.#connection?.hasCrashed === true;
    return isLost ? undefined : this.#connection;
  }

  #onFailed(error: unknown): void {
    if (this.#hasFailed || this.#isClosed) return;
    this.#hasFailed = true;
    this.#options.log.warn("A reader of the database cannot be opened", {
      event: "database_reader_failed",
      error,
    });
  }
}
