/**
 * A place in the stream of events, as a backend keeps it.
 *
 * It names the database too: in a copy of it, once that is restored, or in
 * front of another server, the same number would stand for another event. A
 * database whose file was copied by other means than Parlor's keeps its name.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";

/** A cursor, read. */
export interface Cursor {
  /** Of the database that gave it. */
  readonly epoch: string;
  /** Of the last event that was taken. */
  readonly number: number;
}

const FORM = /^([0-9a-z]{1,64})-(0|[1-9][0-9]{0,15})$/;

/** Writes a cursor. */
export function cursorText({ epoch, number }: Cursor): string {
  return `${epoch}-${number}`;
}

/**
 * Reads a cursor that a request named.
 *
 * @throws {ChatError} `bad_request` when it cannot be one.
 */
export function parseCursor(text: string): Cursor {
  const [, epoch, digits] = FORM.exec(text) ?? [];
  const number = Number(digits);
  if (epoch === undefined || !Number.isSafeInteger(number)) {
    throw new ChatError("bad_request", {
      message: "Cannot read the cursor: want one that this server gave",
    });
  }
  return { epoch, number };
}
