/**
 * The ids of device rooms: short enough to read out and to type.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";

const RADIX = 36;
const HALF_CHARS = 4;
const HALF_COUNT = RADIX ** HALF_CHARS;
/** 48 bits, all of them random, on either side of a UUID's fixed digits. */
const RANDOM_DIGITS = 12;

/**
 * A random id of 8 characters, each A–Z or 0–9. Whether it is in use is the
 * caller's to find out.
 *
 * No id is likelier than another by more than one part in 50 million.
 */
export function newRoomId(ids: Ids): string {
  const digits = ids.uuid().replaceAll("-", "");
  const head = digits.slice(0, RANDOM_DIGITS);
  const tail = digits.slice(-RANDOM_DIGITS);
  return half(head) + half(tail);
}

function half(hexDigits: string): string {
  const number = Number.parseInt(hexDigits, 16) % HALF_COUNT;
  return number.toString(RADIX).toUpperCase().padStart(HALF_CHARS, "0");
}
