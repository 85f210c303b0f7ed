/**
 * The made-up parts of a visit, which a browser's own code would make.
 *
 * @module
 */

import type { Ids } from "../../../base/ids.ts";

const TOKEN_CHARS =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const TOKEN_LENGTH = 182;
const ID_DIGITS = 19;

/** A value of `msToken`. */
export function newMsToken(ids: Pick<Ids, "fraction">): string {
  return randomText(TOKEN_CHARS, TOKEN_LENGTH, ids);
}

/** An id as the platform gives them: 19 digits, the first of them a 7. */
export function newPlatformId(ids: Pick<Ids, "fraction">): string {
  return `7${randomText("0123456789", ID_DIGITS - 1, ids)}`;
}

function randomText(
  chars: string,
  length: number,
  ids: Pick<Ids, "fraction">,
): string {
  return Array.from(
    { length },
    () => chars.charAt(Math.floor(ids.fraction() * chars.length)),
  ).join("");
}
