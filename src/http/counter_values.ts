/**
 * The counters that a live view takes its rates from.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { counterTotal } from "../base/counter_total.ts";
import type { Metrics } from "../base/metrics.ts";

/** Counts since the start; every label of one counter together. */
export interface CounterValues {
  readonly frames_in: number;
  readonly messages_accepted: number;
  readonly deliveries: number;
  readonly frames_out: number;
  readonly deliveries_dropped: number;
  readonly joins: number;
  readonly refusals: number;
}

/** Reads them all. */
export async function counterValues(metrics: Metrics): Promise<CounterValues> {
  const [framesIn, accepted, deliveries, framesOut, dropped, joins, refusals] =
    await Promise.all([
      counterTotal(metrics.framesIn),
      counterTotal(metrics.messagesAccepted),
      counterTotal(metrics.deliveries),
      counterTotal(metrics.framesOut),
      counterTotal(metrics.deliveriesDropped),
      counterTotal(metrics.joins),
      counterTotal(metrics.refusals),
    ]);
  return {
    frames_in: framesIn,
    messages_accepted: accepted,
    deliveries,
    frames_out: framesOut,
    deliveries_dropped: dropped,
    joins,
    refusals,
  };
}
