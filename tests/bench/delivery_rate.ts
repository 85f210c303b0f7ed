/**
 * How much one second of the server's processor time delivers.
 *
 * @module
 */

import type { LoadJob } from "./load_job.ts";
import { CHAT, LoadProcess } from "./load_process.ts";
import { warnLine } from "./print.ts";
import { median, rounded, type Row } from "./report.ts";
import type { BenchServer } from "./servers.ts";

export const MEMBERS = 1000;
export const IN_FLIGHT = 8;
const SENDERS = 10;

export interface RateOptions {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly sendMs: number;
}

/** A load that is measured, and the server that it is for. */
export interface Measured {
  readonly name: string;
  start(): Promise<BenchServer>;
  /** What listens; senders are added. */
  job(server: BenchServer): LoadJob;
  readonly isBinary?: boolean;
}

/**
 * Deliveries in a second of the server's processor time.
 *
 * @throws when deliveries or connections were lost.
 */
export async function deliveryRate(
  { name, start, job, isBinary = false }: Measured,
  { warmUpMs, sendMs }: RateOptions,
): Promise<number> {
  await using server = await start();
  await using load = new LoadProcess({
    ...job(server),
    sending: {
      ...CHAT,
      isBinary,
      senders: SENDERS,
      pace: { inFlight: IN_FLIGHT },
      warmUpMs,
      sendMs,
      serverPid: server.pid,
    },
  });
  await load.opened();
  const result = await load.run();
  const rate = result.delivered / result.serverCpuSecs;
  warnLine(
    `${name}: ${result.delivered} deliveries, ${rounded(rate)} a CPU second, ` +
      `server ${busy(result.serverCpuSecs, result.tookMs)}, ` +
      `load ${busy(result.loadCpuSecs, result.tookMs)}, ` +
      `p99 ${result.latency.p99Ms.toFixed(0)} ms`,
  );
  if (result.missing > 0 || result.closed > 0) {
    throw new Error(
      `Cannot compare: ${name} lost ${result.missing} deliveries and ${result.closed} connections`,
    );
  }
  return rate;
}

function busy(cpuSecs: number, tookMs: number): string {
  return `${(100_000 * cpuSecs / tookMs).toFixed(0)} %`;
}

/** What a ratio of two rates should be. */
export interface RatioGoal {
  readonly name: string;
  readonly goal: string;
  readonly ratioMin: number;
}

/** What one round measured, in deliveries a server CPU second. */
export interface RatePair {
  readonly rate: number;
  readonly base: number;
}

/**
 * The median of the rounds' ratios: what slows the machine down for a while
 * slows both sides of a round.
 */
export function ratioRow(
  { name, goal, ratioMin }: RatioGoal,
  rounds: readonly RatePair[],
): Row {
  const ratio = median(rounds.map(({ rate, base }) => rate / base));
  const rate = rounded(median(rounds.map((round) => round.rate)));
  const base = rounded(median(rounds.map((round) => round.base)));
  return {
    name,
    goal,
    measured: `${ratio.toFixed(2)} x`,
    detail: `${rate} to ${base} deliveries a server CPU second`,
    isMet: ratio >= ratioMin,
  };
}
