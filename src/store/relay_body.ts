/**
 * What a device sent, in a column of its own: text as text, bytes as bytes.
 *
 * As base64 within the payload bytes would take a third more, and whoever reads
 * the table would have to know.
 *
 * @module
 */

import type { EntryPayloads } from "../wire/entry.ts";
import { storeError } from "./sqlite_failure.ts";
import type { SqlRow } from "./sqlite_protocol.ts";

type Relay = EntryPayloads["relay"];

/** The two columns of an entry's payload. */
export interface RelayRow {
  readonly body: string | Uint8Array | null;
  /** The payload without what is in `body`. */
  readonly payload: Omit<Relay, "text" | "base64">;
}

/** Takes a payload apart. */
export function relayRow({ base64, text, ...payload }: Relay): RelayRow {
  if (text !== undefined) return { body: text, payload };
  // An array of its own: it is sent to the database's thread as it is.
  const body = base64 === undefined ? null : Uint8Array.fromBase64(base64);
  return { body, payload };
}

/** What the payload had; nothing where the column was not asked for. */
export function bodyOf({ body }: SqlRow): Pick<Relay, "text" | "base64"> {
  if (typeof body === "string") return { text: body };
  if (body instanceof Uint8Array) return { base64: body.toBase64() };
  if (body === null) return {};
  throw storeError("corrupt", "Unexpected value in column body");
}
