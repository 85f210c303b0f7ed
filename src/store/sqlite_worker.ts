/**
 * The thread that holds one SQLite database and does what it is told, in order.
 *
 * It imports nothing but the runtime's own modules (and types, which vanish),
 * because it is started from its text: see `sqlite_thread.ts`. It knows no table: what SQL means is the
 * business of those who send it.
 *
 * `exec()` is never used: its errors carry no result code, and without one a
 * full disk cannot be told from a busy database.
 *
 * @module
 */

import { backup, DatabaseSync, type StatementSync } from "node:sqlite";
import type {
  SqlGroup,
  SqliteReply,
  SqliteRequest,
  SqliteTask,
  SqlRow,
  SqlStatement,
} from "./sqlite_protocol.ts";

/** Prepared statements kept; past it the oldest is forgotten. */
const STATEMENTS_MAX = 256;
/** SQLite's code for a file that it cannot open. */
const SQLITE_CANTOPEN = 14;
/** A backup in one step: a second step starts over when a write came between. */
const ALL_PAGES = -1;

/** The side of a worker's global scope that faces its owner. */
interface Port {
  onmessage: ((event: MessageEvent<SqliteRequest>) => void) | null;
  postMessage(reply: SqliteReply): void;
}

type OpenTask = Extract<SqliteTask, { op: "open" }>;

class Database {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #backup: Promise<unknown> = Promise.resolve();

  constructor({ path, pragmas, isReadOnly = false }: OpenTask) {
    this.#database = new DatabaseSync(path, { readOnly: isReadOnly });
    for (const pragma of pragmas) this.#all({ sql: `PRAGMA ${pragma}` });
  }

  transaction(groups: readonly SqlGroup[]): number[] {
    return this.#within("BEGIN IMMEDIATE", () => {
      return groups.map((group) => this.#runGroup(group));
    });
  }

  query(queries: readonly SqlStatement[]): SqlRow[][] {
    return this.#within("BEGIN", () => {
      return queries.map((query) => this.#all(query));
    });
  }

  async backup(path: string): Promise<null> {
    const copied = backup(this.#database, path, { rate: ALL_PAGES });
    this.#backup = copied.catch(() => {});
    await copied;
    return null;
  }

  async close(): Promise<null> {
    await this.#backup;
    this.#statements.clear();
    this.#database.close();
    return null;
  }

  #within<Value>(begin: string, work: () => Value): Value {
    this.#run({ sql: begin });
    try {
      const value = work();
      this.#run({ sql: "COMMIT" });
      return value;
    } catch (error) {
      // A full disk or a failed read has rolled the transaction back already.
      if (this.#database.isTransaction) this.#run({ sql: "ROLLBACK" });
      throw error;
    }
  }

  #runGroup(group: SqlGroup): number {
    let guardChanges = 0;
    for (const [index, statement] of group.entries()) {
      const changes = this.#run(statement);
      if (index === 0) guardChanges = changes;
      if (guardChanges === 0) break;
    }
    return guardChanges;
  }

  #run({ sql, params = [] }: SqlStatement): number {
    const statement = this.#prepare(sql);
    const { changes } = isList(params)
      ? statement.run(...params)
      : statement.run(params);
    return Number(changes);
  }

  #all({ sql, params = [] }: SqlStatement): SqlRow[] {
    const statement = this.#prepare(sql);
    return isList(params) ? statement.all(...params) : statement.all(params);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    if (this.#statements.size >= STATEMENTS_MAX) {
      const [oldest] = this.#statements.keys();
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** `Array.isArray`, which does not narrow a read-only list. */
function isList<Item>(
  value: readonly Item[] | Readonly<Record<string, Item>>,
): value is readonly Item[] {
  return Array.isArray(value);
}

let database: Database | undefined;

async function perform(task: SqliteTask): Promise<unknown> {
  if (task.op === "open") {
    database = new Database(task);
    return null;
  }
  if (database === undefined) throw new Error("No database is open");
  switch (task.op) {
    case "transaction":
      return database.transaction(task.groups);
    case "query":
      return database.query(task.queries);
    case "backup":
      return await database.backup(task.path);
    case "close":
      return await database.close();
  }
}

async function answer({ id, task }: SqliteRequest): Promise<SqliteReply> {
  try {
    return { id, ok: true, value: await perform(task) };
  } catch (error) {
    const errcode = resultCode(error);
    // The constructor's errors carry no code; it fails on nothing but the file.
    const fallback = task.op === "open" ? SQLITE_CANTOPEN : null;
    return { id, ok: false, errcode: errcode ?? fallback, message: `${error}` };
  }
}

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  return typeof error.errcode === "number" ? error.errcode : null;
}

const port = self as unknown as Port;
port.onmessage = async ({ data }) => {
  port.postMessage(await answer(data));
};
