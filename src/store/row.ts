/**
 * Values in and out of columns.
 *
 * A row that does not hold what Parlor writes is a damaged database, and is
 * said to be one where it is read.
 *
 * @module
 */

import { storeError } from "./sqlite_failure.ts";
import type { SqlRow } from "./sqlite_protocol.ts";

/**
 * Text as a column can give it back: the runtime cuts a text off at NUL when it
 * reads it, and UTF-8 has no lone surrogates. Each becomes U+FFFD, so that two
 * ids that differ stay two where one of them is ordinary.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

/** A text that is always there. */
export function text(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw damaged(column);
  return value;
}

/** A text, or `null` where the column is empty. */
export function textOrNull(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** A number that is always there. */
export function integer(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw damaged(column);
  return value;
}

/** A number, or `null` where the column is empty. */
export function integerOrNull(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

/** A value that was stored as JSON text. */
export function json(row: SqlRow, column: string): unknown {
  try {
    return JSON.parse(text(row, column));
  } catch {
    throw damaged(column);
  }
}

function damaged(column: string): Error {
  return storeError("corrupt", `Unexpected value in column ${column}`);
}
