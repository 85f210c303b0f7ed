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
  ["cross_site_refused", words.refusedCrossSite],
  ["limit_reached", words.refusedLimit],
  ["live_abnormal", words.refusedLiveAbnormal],
  ["live_ended", words.refusedLiveEnded],
  ["live_id_invalid", words.refusedLiveId],
  ["live_links_full", words.refusedLinks],
  ["live_not_found", words.refusedNoLive],
  ["live_source_unknown", words.refusedSource],
  ["live_status_unknown", words.refusedLiveUnknown],
  ["login_required", words.refusedLogin],
  ["not_participant", words.refusedStranger],
  ["rate_limited", words.refusedPace],
  ["read_only", words.refusedReadOnly],
  ["room_ended", words.chatEnded],
  ["storage_unavailable", words.refusedStorage],
  ["too_many_messages", words.refusedPace],
  ["uploads_full", words.refusedStorage],
  ["unauthorized", words.refusedKey],
  ["user_banned", words.refusedStranger],
  ["user_muted", words.refusedMuted],
]);

/** The page's words for a code, or what the server said. */
export function refusalText(code: unknown, said: string): string {
  return BY_CODE.get(code) ?? said;
}
