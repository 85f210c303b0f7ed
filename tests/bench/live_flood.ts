/**
 * What a link takes for messages that come as fast as they are read, beside a
 * `ws` client that only parses them, by what their processor time receives.
 *
 * @module
 */

import { Child } from "./child.ts";
import { logFacts } from "./live_log.ts";
import { LiveParlor } from "./live_parlor.ts";
import { warnLine } from "./print.ts";
import { cpuSecs } from "./process_stats.ts";
import { median, rounded, type Row } from "./report.ts";

const RATIO_MIN = 0.1;

/** Messages that nothing is learnt from: the program is compiled meanwhile. */
const FIRST_MESSAGES = 20_000;

/** What it took to receive all messages. */
export interface Receipt {
  readonly tookMs: number;
  readonly cpuSecs: number;
}

export interface FloodOptions {
  /** Messages of a round. */
  readonly flood: number;
  readonly floodRounds: number;
}

/** What both took for as many messages. */
interface Round {
  readonly parlor: Receipt;
  readonly bare: Receipt;
}

/** Floods a link and the baseline in turns. */
export async function liveFloodRow(
  { flood, floodRounds }: FloodOptions,
): Promise<Row> {
  await using live = await LiveParlor.open({
    sources: { first: `count=${FIRST_MESSAGES}`, flood: `count=${flood}` },
  });
  await live.start("first", "first");
  await live.untilKept("first", FIRST_MESSAGES);
  const rounds: Round[] = [];
  while (rounds.length < floodRounds) {
    rounds.push({
      parlor: await receiveLinked(live, {
        name: `flood${rounds.length}`,
        flood,
      }),
      bare: await receiveBare(live, flood),
    });
  }
  const ratio = median(
    rounds.map(({ parlor, bare }) => bare.cpuSecs / parlor.cpuSecs),
  );
  const perSec = median(rounds.map(({ parlor }) => 1000 / parlor.tookMs));
  const rate = rounded(flood * median(rounds.map(perCpuSec("parlor"))));
  const base = rounded(flood * median(rounds.map(perCpuSec("bare"))));
  const holds = /live_holds_total (\d+)/.exec(await live.metrics())?.[1] ?? 0;
  return {
    name: "a live room as fast as it goes",
    goal: `>= ${RATIO_MIN} x bare ws`,
    measured: `${ratio.toFixed(2)} x`,
    detail: `${rate} to ${base} messages a CPU second, ` +
      `${rounded(flood * perSec)}/s kept, held back ${holds} times`,
    isMet: ratio >= RATIO_MIN && Number(holds) > 0,
  };
}

function perCpuSec(side: keyof Round): (round: Round) => number {
  return (round) => 1 / round[side].cpuSecs;
}

async function receiveLinked(
  live: LiveParlor,
  { name, flood }: { readonly name: string; readonly flood: number },
): Promise<Receipt> {
  const cpuBefore = cpuSecs(live.pid);
  await live.start(name, "flood");
  await live.untilKept(name, flood);
  const used = cpuSecs(live.pid) - cpuBefore;
  const { messages, gaps, copies, tookMs } = await logFacts(live, name);
  await live.stop(name);
  if (messages !== flood || gaps > 0 || copies > 0) {
    throw new Error(
      `Cannot compare: of ${flood} messages ${messages} were kept, ` +
        `${copies} of them twice`,
    );
  }
  return noted("a link", flood, { tookMs, cpuSecs: used });
}

async function receiveBare(live: LiveParlor, flood: number): Promise<Receipt> {
  const url = live.upstreamUrl(`bare${crypto.randomUUID()}`, `count=${flood}`);
  await using receiver = new Child("tests/bench/bare_receiver.ts", {
    args: [url, String(flood)],
  });
  const [line] = await receiver.line(/^\{.*\}$/);
  return noted("bare ws", flood, JSON.parse(line));
}

function noted(name: string, count: number, receipt: Receipt): Receipt {
  const { tookMs, cpuSecs } = receipt;
  warnLine(
    `${name}: ${count} in ${tookMs.toFixed(0)} ms, ` +
      `${rounded(count / cpuSecs)} a CPU second`,
  );
  return receipt;
}
