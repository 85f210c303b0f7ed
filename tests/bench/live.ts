/**
 * Live rooms: what comes from outside, and who watches.
 *
 * The upstream is a process of its own that says messages which were made
 * before, so that it is never what is measured.
 *
 * @module
 */

import { liveFeedRows } from "./live_feed.ts";
import { liveFlapRows } from "./live_flaps.ts";
import { type FloodOptions, liveFloodRow } from "./live_flood.ts";
import { liveIdleRows } from "./live_idle.ts";
import { liveWatchingRows } from "./live_watching.ts";
import { statsFault } from "./process_stats.ts";
import { type Row, skippedRow } from "./report.ts";

export interface LiveOptions extends FloodOptions {
  /** For how long a room is fed, and watched, and links flap. */
  readonly feedMs: number;
  readonly watchMs: number;
  readonly flapMs: number;
}

/** Measures all of it. */
export async function liveRows(options: LiveOptions): Promise<Row[]> {
  const fault = statsFault();
  if (fault !== undefined) {
    return [skippedRow({ name: "live rooms", goal: "-" }, fault)];
  }
  const { feedMs, flapMs, watchMs } = options;
  return [
    ...await liveFeedRows(feedMs),
    ...await liveWatchingRows(watchMs),
    await liveFloodRow(options),
    ...await liveFlapRows(flapMs),
    ...await liveIdleRows(),
  ];
}
