/**
 * What all rooms of a server share.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { DurableRecord } from "../wire/record.ts";
import type { LogReader } from "./log_window.ts";
import type { Replayer } from "./replayer.ts";
import type { Scheduler } from "./scheduler.ts";

/** What keeps a room's records. */
export interface RoomRecorder {
  /** Journals records in one write; `false` when none can be kept now. */
  accept(records: readonly DurableRecord[]): boolean;
  /** Keeps records that cannot be refused, journalled or not. */
  acceptOwed(records: readonly DurableRecord[]): void;
  /** Calls once all accepted so far is as safe as the server promises. */
  afterDurable(run: (ok: boolean) => void): void;
}

/** What all actors of a server share. */
export interface RoomWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: RoomRecorder;
  readonly reader: LogReader;
  readonly replayer: Replayer;
  readonly scheduler: Scheduler;
  /** Most inputs that wait in one lane. */
  readonly laneMax: number;
  /** Most low inputs of one turn. */
  readonly lowRunMax: number;
}
