/**
 * A database in a thread of its own, from the side of the main thread.
 *
 * Requests are numbered and answered in the order they were made. At most
 * `requestsMax` wait at a time, and none waits for ever: a disk that hangs
 * costs its callers an error and not their turn.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { failureOf, storeError } from "./sqlite_failure.ts";
import type {
  SqlGroup,
  SqliteAnswers,
  SqliteReply,
  SqliteTask,
  SqlRow,
  SqlStatement,
} from "./sqlite_protocol.ts";
import { SqliteReads } from "./sqlite_reads.ts";
import {
  type SqliteListener,
  type SqliteThread,
  startSqliteThread,
} from "./sqlite_thread.ts";

/** Requests that may wait when the options do not say. */
const REQUESTS_MAX = 1000;
/** How long a request may take unless it says so itself, in ms. */
const ANSWER_MS_MAX = 30_000;
/** How long a backup may take, in ms: it copies the whole file. */
const BACKUP_MS_MAX = 600_000;
/** How long closing may take before the thread is ended, in ms. */
const CLOSE_MS_MAX = 5000;

/** What a connection needs. */
export interface SqliteConnectionOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Requests that may wait at a time; one more is refused as `busy`. */
  readonly requestsMax?: number;
  /** Told when no request waits any more, be it answered or lost in a crash. */
  readonly onFree?: () => void;
  /** How the thread is started; a test may give one of its own. */
  readonly start?: (listener: SqliteListener) => SqliteThread;
}

/** Which database, and how it is set up. */
export interface SqliteTarget {
  /** A file, made when it does not exist, or `:memory:`. */
  readonly path: string;
  /** Each without its leading word, such as `synchronous = NORMAL`. */
  readonly pragmas: readonly string[];
  /** Whether SQLite is to refuse every write, and to make no file. */
  readonly isReadOnly?: boolean;
}

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: Disposable;
}

/**
 * One database. Every method but `close` rejects with `StoreError` when the
 * database cannot do it.
 */
export class SqliteConnection extends SqliteReads {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #requestsMax: number;
  readonly #onFree: () => void;
  readonly #thread: SqliteThread;
  readonly #waiting = new Map<number, Waiter>();
  #lastId = 0;
  #crash: string | undefined;
  #closing: Promise<void> | undefined;

  /** Starts the thread. The first thing to ask is `open`. */
  constructor(options: SqliteConnectionOptions) {
    super();
    this.#clock = options.clock;
    this.#log = options.log;
    this.#requestsMax = options.requestsMax ?? REQUESTS_MAX;
    this.#onFree = options.onFree ?? (() => {});
    this.#thread = (options.start ?? startSqliteThread)({
      onReply: (reply) => this.#onReply(reply),
      onCrash: (reason) => this.#onCrash(reason),
    });
  }

  /** Requests that the thread is not done with, overdue ones included. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Whether the thread ended by itself: then nothing is done any more. */
  get hasCrashed(): boolean {
    return this.#crash !== undefined;
  }

  /** Opens the database. When that fails, nothing is left running. */
  async open(target: SqliteTarget): Promise<void> {
    try {
      await this.#ask({ op: "open", ...target }, ANSWER_MS_MAX);
    } catch (error) {
      this.#closing = Promise.resolve();
      this.#end();
      throw error;
    }
  }

  /**
   * Runs groups in order, all of them or none. It is refused as `busy` when it
   * takes longer than `answerMsMax`, and may be done all the same.
   *
   * @returns how many rows the first statement of each group changed.
   */
  transaction(
    groups: readonly SqlGroup[],
    answerMsMax = ANSWER_MS_MAX,
  ): Promise<number[]> {
    return this.#ask({ op: "transaction", groups }, answerMsMax);
  }

  override query(...queries: readonly SqlStatement[]): Promise<SqlRow[][]> {
    return this.#ask({ op: "query", queries }, ANSWER_MS_MAX);
  }

  /** Copies the database over a file. Nothing else is done meanwhile. */
  async backup(path: string): Promise<void> {
    await this.#ask({ op: "backup", path }, BACKUP_MS_MAX);
  }

  /**
   * Finishes what was asked, then closes; ends the thread when that takes more
   * than 5 s. What is asked later, and what was not finished, is refused as
   * `closed`. May be called twice.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#post({ op: "close" }, CLOSE_MS_MAX);
    } catch (error) {
      this.#log.warn("The database did not close by itself", {
        event: "database_close_forced",
        error,
      });
    }
    this.#end();
  }

  #ask<Op extends SqliteTask["op"]>(
    task: Extract<SqliteTask, { op: Op }>,
    answerMsMax: number,
  ): Promise<SqliteAnswers[Op]> {
    if (this.#closing !== undefined) {
      return Promise.reject(storeError("closed"));
    }
    if (this.#waiting.size >= this.#requestsMax) {
      const detail = `${this.#requestsMax} requests wait for the database`;
      return Promise.reject(storeError("busy", detail));
    }
    return this.#post(task, answerMsMax) as Promise<SqliteAnswers[Op]>;
  }

  #post(task: SqliteTask, answerMsMax: number): Promise<unknown> {
    if (this.#crash !== undefined) {
      return Promise.reject(storeError("other", this.#crash));
    }
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(answerMsMax, () => {
        // It stays in the table, and counts, until the thread is done with it.
        this.#log.warn("The database did not answer in time", {
          event: "database_answer_overdue",
          op: task.op,
          answerMsMax,
        });
        reject(storeError("busy", `No answer in ${answerMsMax} ms`));
      });
      this.#waiting.set(id, { resolve, reject, timer });
      this.#thread.post({ id, task });
    });
  }

  #onReply(reply: SqliteReply): void {
    const waiter = this.#waiting.get(reply.id);
    if (waiter === undefined) return;
    this.#waiting.delete(reply.id);
    waiter.timer[Symbol.dispose]();
    if (reply.ok) waiter.resolve(reply.value);
    else waiter.reject(storeError(failureOf(reply.errcode), reply.message));
    if (this.#waiting.size === 0) this.#onFree();
  }

  #onCrash(reason: string): void {
    this.#log.error("The database's thread ended", {
      event: "database_thread_crashed",
      reason,
    });
    this.#crash = reason;
    this.#thread.terminate();
    this.#rejectAll(storeError("other", reason));
    this.#onFree();
  }

  #end(): void {
    this.#thread.terminate();
    this.#rejectAll(storeError("closed"));
  }

  #rejectAll(error: Error): void {
    for (const waiter of this.#waiting.values()) {
      waiter.timer[Symbol.dispose]();
      waiter.reject(error);
    }
    this.#waiting.clear();
  }
}
