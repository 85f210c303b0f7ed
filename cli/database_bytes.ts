/**
 * The bytes of a database on their way into a file, looked at as they pass.
 *
 * A backup that is not one must be found out now and not when it is needed.
 *
 * @module
 */

import { CliError } from "./cli_error.ts";

/** What every SQLite file begins with. */
const MAGIC = new TextEncoder().encode("SQLite format 3\0");

/** A stream that fails unless it is a database, and how long it was. */
export interface DatabaseBytes {
  readonly stream: ReadableStream<Uint8Array>;
  /** Bytes that passed so far. */
  count(): number;
}

/** Watches the stream. */
export function databaseBytes(
  source: ReadableStream<Uint8Array>,
): DatabaseBytes {
  let count = 0;
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      checkMagic(chunk, count);
      count += chunk.byteLength;
      controller.enqueue(chunk);
    },
    flush() {
      if (count < MAGIC.length) throw notDatabase();
    },
  });
  return { stream: source.pipeThrough(watch), count: () => count };
}

/** @param at where the chunk begins in the file. */
function checkMagic(chunk: Uint8Array, at: number): void {
  const end = Math.min(MAGIC.length - at, chunk.byteLength);
  for (let index = 0; index < end; index++) {
    if (chunk[index] !== MAGIC[at + index]) throw notDatabase();
  }
}

function notDatabase(): CliError {
  return new CliError(
    "The server did not answer with a database: " +
      "it may be of another version, or not Parlor",
  );
}
