/**
 * Whether all that an upstream said is in a live room's log, and how late it
 * came there.
 *
 * @module
 */

import { Latencies, type LatencyFacts } from "./latency.ts";
import type { LiveParlor } from "./live_parlor.ts";

/** What is in a log. */
export interface LogFacts {
  readonly messages: number;
  /** Numbers that are not in it, up to the last. */
  readonly gaps: number;
  /** Messages that are in it again. */
  readonly copies: number;
  readonly chats: number;
  readonly gifts: number;
  /** Sums. */
  readonly likes: number;
  readonly members: number;
  /** From the upstream to the log. */
  readonly lag: LatencyFacts;
  /** From when the first was said until the last was kept, in ms. */
  readonly tookMs: number;
}

/** Reads the log of a live room, all of it. */
export async function logFacts(
  live: LiveParlor,
  liveId: string,
): Promise<LogFacts> {
  const ids = new Set<string>();
  const lags = new Latencies();
  const types = new Map<string, number>();
  let messages = 0;
  let lastSeq = 0;
  let likes = 0;
  let firstAt = Infinity;
  let lastAt = 0;
  for await (const { seq, at, data } of live.log(liveId)) {
    const saidAt = data.timestamp * 1000;
    messages += 1;
    lastSeq = seq;
    ids.add(data.id);
    lags.add(1000 * Math.max(0, at - saidAt));
    types.set(data.type, (types.get(data.type) ?? 0) + 1);
    if (data.type === "like") likes += data.count ?? 0;
    firstAt = Math.min(firstAt, saidAt);
    lastAt = Math.max(lastAt, at);
  }
  return {
    messages,
    gaps: lastSeq - messages,
    copies: messages - ids.size,
    chats: types.get("chat") ?? 0,
    gifts: types.get("gift") ?? 0,
    likes,
    members: types.get("member") ?? 0,
    lag: lags.facts(),
    tookMs: lastAt - firstAt,
  };
}

/** Samples of a histogram, by the bounds of their buckets in ms. */
export type Buckets = ReadonlyMap<number, number>;

/** How late timers of the server have run so far. */
export async function loopLags(live: LiveParlor): Promise<Buckets> {
  const text = await live.metrics();
  const pattern = /event_loop_lag_seconds_bucket\{le="([^"]+)"\} (\d+)/g;
  return new Map(
    [...text.matchAll(pattern)].map(([, bound, count]) => [
      bound === "+Inf" ? Infinity : 1000 * Number(bound),
      Number(count),
    ]),
  );
}

/** The bound in ms that 99 of 100 samples between two looks are within. */
export function p99Between(before: Buckets, after: Buckets): number {
  const total = (after.get(Infinity) ?? 0) - (before.get(Infinity) ?? 0);
  for (const [bound, count] of after) {
    if (count - (before.get(bound) ?? 0) >= 0.99 * total) return bound;
  }
  return Infinity;
}
