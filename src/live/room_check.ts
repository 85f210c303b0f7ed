/**
 * Asking a source whether a room is live, with an answer in time whatever the
 * source does.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { inTime } from "../base/deadline.ts";
import type { LiveSource, RoomStatus } from "./source.ts";

/** How long a source may take to answer, in ms. */
const CHECK_MS_MAX = 10_000;

/** What is asked, and until when. */
export interface RoomCheck {
  readonly source: LiveSource;
  readonly liveId: string;
  readonly clock: Pick<Clock, "after">;
  /** Aborted: the answer is not wanted any more, and comes at once. */
  readonly signal: AbortSignal;
}

const NO_ANSWER: RoomStatus = { kind: "unknown", fault: "status_unknown" };

/** What the source says; no answer, or none in time, is `unknown`. */
export async function checkRoom(check: RoomCheck): Promise<RoomStatus> {
  const { source, liveId, clock, signal } = check;
  if (signal.aborted) return NO_ANSWER;
  const given = new AbortController();
  const over = Promise.withResolvers<RoomStatus>();
  function giveUp(): void {
    over.resolve(NO_ANSWER);
  }
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const work = Promise.race([
      answerOf(source, liveId, given.signal),
      over.promise,
    ]);
    return await inTime(work, { clock, msMax: CHECK_MS_MAX, late: NO_ANSWER });
  } finally {
    signal.removeEventListener("abort", giveUp);
    given.abort();
  }
}

/** Sources promise not to throw; one that does is no reason to stop. */
async function answerOf(
  source: LiveSource,
  liveId: string,
  signal: AbortSignal,
): Promise<RoomStatus> {
  try {
    return await source.check(liveId, signal);
  } catch {
    return NO_ANSWER;
  }
}
