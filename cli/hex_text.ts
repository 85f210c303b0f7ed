/**
 * Bytes as a person reads them: `hex 4 bytes: 01 02 ff 00`.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Most bytes that are shown. */
const SHOWN_BYTES_MAX = 64;
/** Characters of base64 that hold those: four for every three bytes. */
const SHOWN_CHARS_MAX = Math.ceil(SHOWN_BYTES_MAX / 3) * 4;

/** The first bytes of a base64 text in hex, and how many there are in all. */
export function hexText(base64: string): string {
  const count = Buffer.byteLength(base64, "base64");
  const head = Buffer.from(base64.slice(0, SHOWN_CHARS_MAX), "base64");
  const shown = Array.from(head.subarray(0, SHOWN_BYTES_MAX), hexOf);
  const unit = count === 1 ? "byte" : "bytes";
  if (count > SHOWN_BYTES_MAX) shown.push(`… ${count} ${unit}`);
  return [`hex ${count} ${unit}:`, ...shown].join(" ");
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
