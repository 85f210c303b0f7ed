/**
 * SQLite's result codes as the few failures that Parlor tells apart.
 *
 * @module
 */

import { StoreError, type StoreFailure } from "./store.ts";

/** By primary result code; any other is `other`. */
const FAILURES: ReadonlyMap<number, StoreFailure> = new Map([
  [5, "busy"], // SQLITE_BUSY
  [6, "busy"], // SQLITE_LOCKED
  [8, "io"], // SQLITE_READONLY
  [10, "io"], // SQLITE_IOERR
  [11, "corrupt"], // SQLITE_CORRUPT
  [13, "full"], // SQLITE_FULL
  [14, "io"], // SQLITE_CANTOPEN
  [26, "corrupt"], // SQLITE_NOTADB
]);

/** What a client may read about each. */
const TEXTS: Readonly<Record<StoreFailure, string>> = {
  busy: "The database is busy",
  full: "The disk that holds the database is full",
  io: "The database cannot be read or written",
  corrupt: "The database is damaged",
  closed: "The database is closed",
  other: "The database failed",
};

/** The lower byte of an extended result code is its primary one. */
const PRIMARY_CODE = 0xff;

/** What a result code of SQLite means; `null` is a fault outside of SQLite. */
export function failureOf(errcode: number | null): StoreFailure {
  if (errcode === null) return "other";
  return FAILURES.get(errcode & PRIMARY_CODE) ?? "other";
}

/** The error to throw; `detail` is for the log alone. */
export function storeError(failure: StoreFailure, detail?: string): StoreError {
  const options = detail === undefined ? {} : { cause: new Error(detail) };
  return new StoreError(failure, TEXTS[failure], options);
}
