/**
 * SQLite in memory, in place of the thread that holds a database.
 *
 * The real statements run on the real library, but when and whether they are
 * answered is the simulation's choice, and so a seed repeats them. It outlives
 * the process that asks.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import type {
  SqlGroup,
  SqliteRequest,
  SqlStatement,
} from "../../src/store/sqlite_protocol.ts";
import type {
  SqliteListener,
  SqliteThread,
} from "../../src/store/sqlite_thread.ts";

/** SQLite's code for a full disk. */
export const SQLITE_FULL = 13;
/** SQLite's code for a database that another one holds. */
export const SQLITE_BUSY = 5;

interface Job {
  readonly request: SqliteRequest;
  readonly listener: SqliteListener;
}

/** A database that fails, and waits, when a test says so. */
export class MemoryDatabase implements Disposable {
  readonly #database = new DatabaseSync(":memory:");
  readonly #statements = new Map<
    string,
    ReturnType<DatabaseSync["prepare"]>
  >();
  #jobs: Job[] = [];
  #generation = 0;
  /** The code that every transaction fails with; `null` while it works. */
  failureCode: number | null = null;
  /** Whether requests wait for {@linkcode heal}. */
  isHeld = false;

  /** The thread of the next process. */
  thread(listener: SqliteListener): SqliteThread {
    const generation = this.#generation;
    return {
      post: (request) => {
        if (generation !== this.#generation) return;
        this.#jobs.push({ request, listener });
        void Promise.resolve().then(() => this.#work());
      },
      terminate: () => {},
    };
  }

  /** All faults are over. */
  heal(): void {
    this.failureCode = null;
    this.isHeld = false;
    this.#work();
  }

  /** The process dies; so many of the requests that wait are still done. */
  crash(doneCount: number): void {
    this.#generation += 1;
    const jobs = this.#jobs.splice(0);
    for (const { request } of jobs.slice(0, doneCount)) {
      if (this.failureCode === null) this.#perform(request);
    }
  }

  /** Requests that wait. */
  get depth(): number {
    return this.#jobs.length;
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#database.close();
  }

  #work(): void {
    while (!this.isHeld) {
      const job = this.#jobs.shift();
      if (job === undefined) return;
      this.#answer(job);
    }
  }

  #answer({ request, listener }: Job): void {
    const { id, task } = request;
    const errcode = this.failureCode;
    if (errcode !== null && task.op === "transaction") {
      listener.onReply({ id, ok: false, errcode, message: "as told" });
      return;
    }
    listener.onReply({ id, ok: true, value: this.#perform(request) });
  }

  #perform({ task }: SqliteRequest): unknown {
    switch (task.op) {
      case "transaction":
        return this.#transaction(task.groups);
      case "query":
        return task.queries.map((query) => {
          const params = query.params as [] ?? [];
          return this.#prepare(query).all(...params);
        });
      default:
        return null;
    }
  }

  #transaction(groups: readonly SqlGroup[]): number[] {
    this.#database.exec("BEGIN");
    try {
      const changes = groups.map((group) => this.#group(group));
      this.#database.exec("COMMIT");
      return changes;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #group(group: SqlGroup): number {
    let guardChanges = 0;
    for (const [index, statement] of group.entries()) {
      const params = statement.params as [] ?? [];
      const { changes } = this.#prepare(statement).run(...params);
      if (index === 0) guardChanges = Number(changes);
      if (guardChanges === 0) break;
    }
    return guardChanges;
  }

  #prepare({ sql }: SqlStatement): ReturnType<DatabaseSync["prepare"]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
