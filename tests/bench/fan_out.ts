/**
 * How much one second of the server's processor time delivers.
 *
 * @module
 */

import { CHAT, listeningJob, LoadProcess } from "./load_process.ts";
import { median, rounded, type Row, skippedRow } from "./report.ts";
import { statsFault } from "./process_stats.ts";
import { warnLine } from "./print.ts";
import { type BenchServer, startBare, startParlor } from "./servers.ts";

const MEMBERS = 1000;
const SENDERS = 10;
const IN_FLIGHT = 8;
const BATCH_PROTOCOL = "parlor.v1.batch";

const SINGLE = {
  name: "one frame each",
  goal: ">= 0.9 x bare",
  ratioMin: 0.9,
};
const BATCHED = {
  name: `batched, ${IN_FLIGHT} in flight`,
  goal: ">= 6 x bare",
  ratioMin: 6,
};

export interface FanOutOptions {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly sendMs: number;
}

/** What one round measured, in deliveries a server CPU second. */
interface Round {
  readonly bare: number;
  readonly single: number;
  readonly batched: number;
}

/** Compares Parlor with the bare server, in turns. */
export async function fanOutRows(options: FanOutOptions): Promise<Row[]> {
  const fault = statsFault();
  if (fault !== undefined) {
    return [SINGLE, BATCHED].map((goal) => skippedRow(goal, fault));
  }
  const rounds: Round[] = [];
  while (rounds.length < options.rounds) {
    rounds.push({
      bare: await rateOf("bare", startBare, null, options),
      single: await rateOf("one frame each", startParlor, null, options),
      batched: await rateOf("batched", startParlor, BATCH_PROTOCOL, options),
    });
  }
  return [
    ratioRow(SINGLE, rounds, ({ single }) => single),
    ratioRow(BATCHED, rounds, ({ batched }) => batched),
  ];
}

/** Deliveries in a second of the server's processor time. */
async function rateOf(
  name: string,
  start: () => Promise<BenchServer>,
  protocol: string | null,
  { warmUpMs, sendMs }: FanOutOptions,
): Promise<number> {
  await using server = await start();
  await using load = new LoadProcess({
    ...listeningJob(server, MEMBERS),
    protocol,
    sending: {
      ...CHAT,
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

/**
 * The median of the rounds' ratios: what slows the machine down for a while
 * slows both sides of a round.
 */
function ratioRow(
  { name, goal, ratioMin }: typeof SINGLE,
  rounds: readonly Round[],
  rateOf: (round: Round) => number,
): Row {
  const ratio = median(rounds.map((round) => rateOf(round) / round.bare));
  const rate = rounded(median(rounds.map(rateOf)));
  const base = rounded(median(rounds.map(({ bare }) => bare)));
  return {
    name,
    goal,
    measured: `${ratio.toFixed(2)} x`,
    detail: `${rate} to ${base} deliveries a server CPU second`,
    isMet: ratio >= ratioMin,
  };
}
