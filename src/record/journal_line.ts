/**
 * One line of the journal: a record, a checksum, and how many lines follow.
 *
 * `{"crc":"0a1b2c3d","more":0,"record":{…}}` and a newline. `crc` is the CRC32
 * of everything after it up to the newline, in UTF-8. `more` is how many lines
 * of the same append follow: an append counts only when all its lines are
 * there. So a half-written append whose tail could not be cut off cannot come
 * back as records that were refused.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import type { DurableRecord } from "../wire/record.ts";
import { isDurableRecord } from "./record_schema.ts";

/** The longest line, in bytes. A longer one is neither written nor read. */
export const LINE_BYTES_MAX = 4 * 1024 * 1024;

const CRC_AT = '{"crc":"'.length;
const CRC_DIGITS = 8;
/** Where the text that the checksum covers begins. */
const REST_AT = CRC_AT + CRC_DIGITS + '",'.length;

/** A line that was read, or why it could not be. */
export type ParsedLine =
  | { readonly record: DurableRecord; readonly more: number }
  | { readonly problem: string };

/** The text of a record's line, its newline included. */
export function journalLine(record: DurableRecord, more: number): string {
  const rest = `"more":${more},"record":${JSON.stringify(record)}}`;
  const crc = crc32(rest).toString(16).padStart(CRC_DIGITS, "0");
  return `{"crc":"${crc}",${rest}\n`;
}

/** Reads a line without its newline. */
export function parseJournalLine(bytes: Uint8Array<ArrayBuffer>): ParsedLine {
  const line = parseJson(bytes);
  if (typeof line !== "object" || line === null) {
    return { problem: "it is not a JSON object" };
  }
  const { crc, more, record } = line as Record<string, unknown>;
  const sum = crc32(bytes.subarray(REST_AT));
  if (crc !== sum.toString(16).padStart(CRC_DIGITS, "0")) {
    return { problem: "its checksum does not fit" };
  }
  const isCount = typeof more === "number" && Number.isInteger(more) &&
    more >= 0;
  if (!isCount || !isDurableRecord(record)) {
    return { problem: "it is not a record that this version knows" };
  }
  return { record, more };
}

function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
