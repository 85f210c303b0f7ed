/**
 * What the management API asks of the cleanup.
 *
 * @module
 */

import type { CleanupReport } from "../jobs/cleanup.ts";
import type { Explanation } from "../jobs/explanation.ts";
import type { ReapRequest } from "../jobs/reaper.ts";

/** What cleans up. */
export interface CleanupDesk {
  /** How long nobody must have been there where a request does not say. */
  readonly idleMinutes: number;
  /** The same for a device room; 0 is never. */
  readonly deviceMinutes: number;
  /** The same for a live room that is not fed any more; 0 is never. */
  readonly liveMinutes: number;
  run(request: ReapRequest): Promise<CleanupReport>;
  explain(
    roomId: string,
    request: Pick<ReapRequest, "minutes" | "force">,
  ): Promise<Explanation>;
  /** Lets requests for a match expire that are too old. */
  sweepLinks(): Promise<LinkSweep>;
}

/** What became of the requests for a match. */
export interface LinkSweep {
  /** How many expired by this. */
  readonly expired: number;
  /** How many wait, and how many are matched, after it. */
  readonly pending: number;
  readonly matched: number;
}
