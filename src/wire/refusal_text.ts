/**
 * What a refusal says to people.
 *
 * @module
 */

import { errorRow } from "./errors.ts";
import type { Refusal } from "./event.ts";

/** Its own text, or the table's, or for one who is too fast the seed's. */
export function refusalText({ code, message, retryAfterMs }: Refusal): string {
  if (message !== undefined) return message;
  if (code !== "rate_limited" || retryAfterMs === undefined) {
    return errorRow(code).text;
  }
  return `发送过于频繁，请${Math.ceil(retryAfterMs / 1000)}秒后再试`;
}
