/**
 * Why something was refused, in the language of the page. The API speaks the
 * language of the clients that it was made for.
 *
 * @module
 */
/// <reference lib="dom" />

import { words } from "./words.ts";

const BY_CODE: ReadonlyMap<unknown, string> = new Map([
  ["busy", words.refusedBusy],
  ["file_refused", words.refusedFile],
  ["file_too_large", words.refusedSize],
  ["limit_reached", words.refusedLimit],
  ["not_participant", words.refusedStranger],
  ["rate_limited", words.refusedPace],
  ["room_ended", words.chatEnded],
  ["uploads_full", words.refusedStorage],
  ["user_banned", words.refusedStranger],
  ["user_muted", words.refusedMuted],
]);

/** The page's words for a code, or what the server said. */
export function refusalText(code: unknown, said: string): string {
  return BY_CODE.get(code) ?? said;
}
