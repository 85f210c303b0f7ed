/**
 * What a room counts; its actor adds it to the metrics after a turn.
 *
 * @module
 */

import type { Metrics } from "../base/metrics.ts";

/** Counts since they were last added. */
export interface RoomTally {
  /** Chat messages that got a number. */
  accepted: number;
  /** Texts, and binary messages, of devices that got a number. */
  relayedTexts: number;
  relayedBinaries: number;
  /** Connections that those were for. */
  relayedOut: number;
  /** Sessions that joined. */
  joins: number;
  /** Sends answered with an earlier receipt. */
  repeated: number;
  /** Receipts forgotten early because there were too many. */
  evictedSends: number;
  /** Notices passed over because their user gave too many. */
  noticesSkipped: number;
  /** Messages of a live room that were told as a sum. */
  liveConflated: number;
}

/** A tally of nothing. */
export function newTally(): RoomTally {
  return {
    accepted: 0,
    relayedTexts: 0,
    relayedBinaries: 0,
    relayedOut: 0,
    joins: 0,
    repeated: 0,
    evictedSends: 0,
    noticesSkipped: 0,
    liveConflated: 0,
  };
}

/** Adds a tally to the metrics and starts it anew. */
export function countTally(tally: RoomTally, metrics: Metrics): void {
  if (tally.accepted > 0) metrics.messagesAccepted.inc(tally.accepted);
  if (tally.relayedTexts > 0) {
    metrics.relayedIn.inc({ form: "text" }, tally.relayedTexts);
  }
  if (tally.relayedBinaries > 0) {
    metrics.relayedIn.inc({ form: "binary" }, tally.relayedBinaries);
  }
  if (tally.relayedOut > 0) metrics.relayedOut.inc(tally.relayedOut);
  if (tally.joins > 0) metrics.joins.inc(tally.joins);
  if (tally.repeated > 0) metrics.idempotentHits.inc(tally.repeated);
  if (tally.evictedSends > 0) {
    metrics.idempotencyEvicted.inc(tally.evictedSends);
  }
  if (tally.noticesSkipped > 0) {
    metrics.refusals.inc({ code: "rate_limited" }, tally.noticesSkipped);
  }
  if (tally.liveConflated > 0) metrics.liveConflated.inc(tally.liveConflated);
  Object.assign(tally, newTally());
}
