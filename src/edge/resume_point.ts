/**
 * From where on a client wants to hear what it missed, as its query says.
 *
 * @module
 */

import type { ResumePoint } from "../room/room_input.ts";
import { ChatError } from "../wire/errors.ts";

/** The largest number that a client may name: `seq` stays far below. */
const SEQ_MAX = Number.MAX_SAFE_INTEGER;

/**
 * Reads `since` and `epoch`; unless both are there, nothing is resumed.
 *
 * @throws ChatError `bad_request` when `since` is no number.
 */
export function resumePointOf({ searchParams }: URL): ResumePoint | null {
  const since = searchParams.get("since");
  const epoch = searchParams.get("epoch");
  if (since === null || epoch === null) return null;
  const sinceSeq = /^\d+$/.test(since) ? Number(since) : NaN;
  if (!(sinceSeq <= SEQ_MAX)) {
    throw new ChatError("bad_request", { message: "since is not a number" });
  }
  return { sinceSeq, epoch };
}
