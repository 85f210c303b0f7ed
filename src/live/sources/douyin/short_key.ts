/**
 * Keys of what is remembered, made of texts that others chose the length of.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** Most characters of a text that is its own key. */
const KEY_CHARS_MAX = 128;

/** A key of at most 128 characters, of its own for each text. */
export function shortKey(text: string): string {
  if (text.length <= KEY_CHARS_MAX) return text;
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
