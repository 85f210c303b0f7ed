/**
 * A live room that is told 5,000 messages a second, and a room of people who
 * talk on the same server meanwhile.
 *
 * The people talk in short turns, before, meanwhile and after: what slows the
 * machine down for a while slows some turns of both kinds.
 *
 * @module
 */

import { logFacts, loopLags, p99Between } from "./live_log.ts";
import { LiveParlor } from "./live_parlor.ts";
import { CHAT, listeningJob, LoadProcess } from "./load_process.ts";
import { warnLine } from "./print.ts";
import { cpuSecs, residentBytes } from "./process_stats.ts";
import { median, type Row } from "./report.ts";

export const PER_SEC = 5000;
const LAG_MS_MAX = 50;
const GROWN_MB_MAX = 200;
const SLOWDOWN_MAX = 2;

const LIVE_ID = "fed";
const PEOPLE = 50;
const TALKERS = 10;
const TALK_EVERY_MS = 50;
const TURN_MS = 1500;

/** Turns that nothing is learnt from: the program is compiled meanwhile. */
const FIRST_TURNS = 2;
const CALM_TURNS = 4;

/** A room of people, beside the live room. */
class Talk implements AsyncDisposable {
  readonly #load: LoadProcess;

  constructor(load: LoadProcess) {
    this.#load = load;
  }

  static async open({ parlor }: LiveParlor): Promise<Talk> {
    const roomId = await parlor.createRoom();
    const path = `${parlor.path(roomId)}?user_id=user{i}&nickname=U{i}`;
    const load = new LoadProcess({
      ...listeningJob({ port: parlor.port, path }, PEOPLE),
      readPauseMs: 0,
      sending: {
        ...CHAT,
        senders: TALKERS,
        pace: { everyMs: TALK_EVERY_MS },
        warmUpMs: 0,
        sendMs: TURN_MS,
        serverPid: null,
      },
    });
    await load.opened();
    return new Talk(load);
  }

  /** The p99 of each turn, in ms, while `goesOn`. */
  async turns(goesOn: (done: number) => boolean): Promise<number[]> {
    const p99s: number[] = [];
    while (goesOn(p99s.length)) {
      const { latency, missing } = await this.#load.run();
      if (missing > 0) throw new Error(`Cannot compare: ${missing} missing`);
      p99s.push(latency.p99Ms);
    }
    return p99s;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#load[Symbol.asyncDispose]();
  }
}

/** @param feedMs for how long it is fed. */
export async function liveFeedRows(feedMs: number): Promise<Row[]> {
  const count = PER_SEC * feedMs / 1000;
  await using live = await LiveParlor.open({
    sources: { fed: `waits&perSec=${PER_SEC}&count=${count}` },
  });
  await using talk = await Talk.open(live);
  await live.start(LIVE_ID, "fed");
  await talk.turns((done) => done < FIRST_TURNS);
  const before = await talk.turns((done) => done < CALM_TURNS);
  const fed = await feed(live, talk, feedMs);
  const after = await talk.turns((done) => done < CALM_TURNS);
  await live.untilKept(LIVE_ID, count);
  const calm = [...before, ...after];
  warnLine(`live: p99 of people calm ${inMs(calm)}, beside ${inMs(fed.p99s)}`);
  return [
    await keptRow(live, { count, ...fed }),
    memoryRow(fed),
    besideRow(calm, fed.p99s),
  ];
}

interface Fed {
  /** Of the people who talked meanwhile, in ms. */
  readonly p99s: readonly number[];
  readonly cpuShare: number;
  readonly loopP99Ms: number;
  readonly beforeMb: number;
  readonly peakMb: number;
}

async function feed(
  live: LiveParlor,
  talk: Talk,
  feedMs: number,
): Promise<Fed> {
  const lagsBefore = await loopLags(live);
  const cpuBefore = cpuSecs(live.pid);
  const beforeMb = residentMb(live);
  let peakMb = beforeMb;
  const startedMs = performance.now();
  await live.go();
  const p99s = await talk.turns(() => {
    peakMb = Math.max(peakMb, residentMb(live));
    return performance.now() - startedMs < feedMs - TURN_MS;
  });
  const tookMs = performance.now() - startedMs;
  const cpuShare = 1000 * (cpuSecs(live.pid) - cpuBefore) / tookMs;
  const loopP99Ms = p99Between(lagsBefore, await loopLags(live));
  return { p99s, cpuShare, loopP99Ms, beforeMb, peakMb };
}

async function keptRow(
  live: LiveParlor,
  { count, cpuShare, loopP99Ms }: Fed & { readonly count: number },
): Promise<Row> {
  const { messages, gaps, copies, lag } = await logFacts(live, LIVE_ID);
  const facts = `p50 ${lag.p50Ms.toFixed(1)} ms, ` +
    `p99 ${lag.p99Ms.toFixed(1)} ms, max ${lag.maxMs.toFixed(0)} ms to the log`;
  warnLine(`live: ${messages} of ${count} kept, ${facts}`);
  return {
    name: "a live room of 5,000 a second",
    goal: `all kept once, p99 <= ${LAG_MS_MAX} ms`,
    measured: `${messages} of ${count}, p99 ${lag.p99Ms.toFixed(1)} ms`,
    detail: `${gaps} gaps, ${copies} copies, max ${lag.maxMs.toFixed(0)} ms, ` +
      `timers p99 <= ${loopP99Ms} ms late, ` +
      `server ${(100 * cpuShare).toFixed(0)} %`,
    isMet: messages === count && gaps === 0 && copies === 0 &&
      lag.p99Ms <= LAG_MS_MAX,
  };
}

function memoryRow({ beforeMb, peakMb }: Fed): Row {
  const grownMb = peakMb - beforeMb;
  return {
    name: "memory meanwhile",
    goal: `<= ${GROWN_MB_MAX} MB more`,
    measured: `${grownMb.toFixed(0)} MB`,
    detail: `${beforeMb.toFixed(0)} MB before, ${peakMb.toFixed(0)} MB at most`,
    isMet: grownMb <= GROWN_MB_MAX,
  };
}

function besideRow(calm: readonly number[], fed: readonly number[]): Row {
  const ratio = median(fed) / median(calm);
  return {
    name: "a room of people beside it",
    goal: `p99 <= ${SLOWDOWN_MAX} x without`,
    measured: `${ratio.toFixed(2)} x`,
    detail: `p99 ${median(fed).toFixed(1)} to ${median(calm).toFixed(1)} ms, ` +
      `${PEOPLE} people`,
    isMet: ratio <= SLOWDOWN_MAX,
  };
}

function residentMb({ pid }: LiveParlor): number {
  return residentBytes(pid) / 1e6;
}

function inMs(values: readonly number[]): string {
  return values.map((value) => value.toFixed(1)).join(" ");
}
