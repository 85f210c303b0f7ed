/**
 * The counters that a live view takes its rates from.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

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

/** A counter, with or without labels. */
interface Counted {
  get(): Promise<{ readonly values: readonly { readonly value: number }[] }>;
}

/** Reads them all. */
export async function counterValues(metrics: Metrics): Promise<CounterValues> {
  const [framesIn, accepted, deliveries, framesOut, dropped, joins, refusals] =
    await Promise.all([
      total(metrics.framesIn),
      total(metrics.messagesAccepted),
      total(metrics.deliveries),
      total(metrics.framesOut),
      total(metrics.deliveriesDropped),
      total(metrics.joins),
      total(metrics.refusals),
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

async function total(counter: Counted): Promise<number> {
  const { values } = await counter.get();
  return values.reduce((sum, one) => sum + one.value, 0);
}
