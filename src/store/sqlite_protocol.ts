/**
 * What the main thread and a database's thread say to each other.
 *
 * Types only: the thread's file is started from its text and can import
 * nothing of ours that survives compilation.
 *
 * @module
 */

/** A value as SQLite holds it. Integers are answered as numbers. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** One SQL statement, with its values by position or by name. */
export interface SqlStatement {
  readonly sql: string;
  readonly params?: readonly SqlValue[] | Readonly<Record<string, SqlValue>>;
}

/**
 * Statements that belong together. When the first changes no row, the rest of
 * the group is skipped: so a fact that is known already has no effect again.
 */
export type SqlGroup = readonly SqlStatement[];

/** One row of an answer, by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** What a database's thread can be asked. */
export type SqliteTask =
  | {
    readonly op: "open";
    /** A file, made when it does not exist, or `:memory:`. */
    readonly path: string;
    /** Each without its leading word, such as `synchronous = NORMAL`. */
    readonly pragmas: readonly string[];
    /** Whether SQLite is to refuse every write, and to make no file. */
    readonly isReadOnly?: boolean;
  }
  /** Runs the groups in order; all of them, or, when one fails, none. */
  | { readonly op: "transaction"; readonly groups: readonly SqlGroup[] }
  /** Reads, all of one state of the database. */
  | { readonly op: "query"; readonly queries: readonly SqlStatement[] }
  /** Copies the database over the file at `path`. */
  | { readonly op: "backup"; readonly path: string }
  | { readonly op: "close" };

/** What each task answers. */
export interface SqliteAnswers {
  open: null;
  /** How many rows the first statement of each group changed. */
  transaction: number[];
  /** The rows of each query. */
  query: SqlRow[][];
  backup: null;
  close: null;
}

/** One task; its answer carries the same `id`. */
export interface SqliteRequest {
  readonly id: number;
  readonly task: SqliteTask;
}

export type SqliteReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
    readonly id: number;
    readonly ok: false;
    /** SQLite's extended result code; `null` when the fault is not SQLite's. */
    readonly errcode: number | null;
    readonly message: string;
  };
