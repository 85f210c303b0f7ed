/**
 * How many callbacks a minute reach a receiver that takes 5 ms to answer.
 *
 * @module
 */

import { Child } from "./child.ts";
import { nowMicros } from "./marker.ts";
import { ParlorProcess } from "./parlor_process.ts";
import { warnLine } from "./print.ts";
import { cpuSecs, statsFault } from "./process_stats.ts";
import { median, rounded, type Row, skippedRow } from "./report.ts";
import { SinkProcess } from "./sink_process.ts";
import { StayLoad } from "./stay_load.ts";

const ROOMS = 200;
const ANSWER_MS = 5;
const PER_MINUTE_MIN = 20_000;
/** More than the goal, so that keeping up is no matter of rounding. */
const PER_MINUTE_OFFERED = 36_000;
/** Posts in flight: as many as Parlor has to the endpoint of room events. */
const IN_FLIGHT = 32;

const PACED = {
  name: "room events as they come",
  goal: `>= ${PER_MINUTE_MIN / 1000} k/min`,
};
const CATCH_UP = {
  name: "room events that waited",
  goal: ">= 0.4 x bare",
  ratioMin: 0.4,
};

/** What the baseline is told. */
export interface PostsJob {
  readonly url: string;
  readonly body: string;
  readonly count: number;
  readonly inFlight: number;
}

/** What it tells. */
export interface PostsResult {
  readonly tookMs: number;
  readonly cpuSecs: number;
}

export interface CallbackRateOptions {
  /** Events that come, and those that wait. */
  readonly callbacks: number;
  readonly callbackRounds: number;
}

/** Sends events as they come, then again after a pause of the endpoint. */
export async function callbackRateRows(
  { callbacks, callbackRounds }: CallbackRateOptions,
): Promise<Row[]> {
  const fault = statsFault();
  if (fault !== undefined) {
    return [PACED, CATCH_UP].map((goal) => skippedRow(goal, fault));
  }
  await using sink = await SinkProcess.start(ANSWER_MS);
  await using parlor = await ParlorProcess.start({
    ROOM_EVENT_CALLBACK_URL: sink.url,
  });
  const roomIds = await parlor.createRooms(ROOMS);
  await sink.untilReceived(ROOMS);
  await sink.takeNotes();
  const paced = await pacedRow(callbacks, { parlor, sink, roomIds });
  const rounds: Round[] = [];
  while (rounds.length < callbackRounds) {
    const parlorRate = await catchUpRate({ parlor, sink });
    rounds.push({ parlor: parlorRate, bare: await bareRate(sink, callbacks) });
  }
  return [paced, catchUpRow(rounds)];
}

interface Parts {
  readonly parlor: ParlorProcess;
  readonly sink: SinkProcess;
}

async function pacedRow(
  count: number,
  { parlor, sink, roomIds }: Parts & { readonly roomIds: readonly string[] },
): Promise<Row> {
  const load = new StayLoad(parlor, roomIds);
  const cpuBefore = cpuSecs(parlor.pid);
  const startedMicros = nowMicros();
  const perSec = PER_MINUTE_OFFERED / 60;
  const loadMs = await load.cause({ count, perSec });
  const left = count - (await sink.count()).received;
  const endedMicros = await sink.untilReceived(count);
  const tookMs = (endedMicros - startedMicros) / 1000;
  const cpu = (cpuSecs(parlor.pid) - cpuBefore) * 1000 / tookMs;
  const notes = await sink.takeNotes();
  const { missing, p50Ms, p99Ms, maxMs } = load.takeDelays(notes);
  const perMinute = 60_000 * (count - missing) / tookMs;
  const facts = `p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, ` +
    `${left} left at the end, server ${percent(cpu)}`;
  warnLine(
    `callbacks: ${count} in ${loadMs.toFixed(0)} ms, ` +
      `${rounded(perMinute)} a minute, ${facts}, max ${maxMs.toFixed(0)} ms, ` +
      `${missing} missing, ${notes.received} received`,
  );
  return {
    ...PACED,
    measured: `${rounded(perMinute)}/min`,
    detail: facts,
    isMet: missing === 0 && perMinute >= PER_MINUTE_MIN,
  };
}

/** In callbacks a minute. */
interface Round {
  readonly parlor: number;
  readonly bare: number;
}

/** Lets all that was delivered wait again, and go at once. */
async function catchUpRate({ parlor, sink }: Parts): Promise<number> {
  await parlor.ask("POST /callbacks/room-events/pause");
  const all = { from: 0, delivered: true };
  for (let replayed = 1; replayed > 0;) {
    ({ replayed } = await parlor.ask("POST /callbacks/replay", all));
  }
  const count = await parlor.backlog("room-events");
  const cpuBefore = cpuSecs(parlor.pid);
  const startedMicros = nowMicros();
  await parlor.ask("POST /callbacks/room-events/resume");
  const tookMs = (await sink.untilReceived(count) - startedMicros) / 1000;
  const { received } = await sink.takeNotes();
  if (received !== count) {
    throw new Error(`Cannot compare: of ${count} events ${received} came`);
  }
  const used = cpuSecs(parlor.pid) - cpuBefore;
  return noteRate("waited", count, { tookMs, cpuSecs: used });
}

async function bareRate(sink: SinkProcess, count: number): Promise<number> {
  const job: PostsJob = {
    url: sink.url,
    body: JSON.stringify(BODY),
    count,
    inFlight: IN_FLIGHT,
  };
  await using posts = new Child("tests/bench/bare_posts.ts", {
    args: [JSON.stringify(job)],
  });
  const [line] = await posts.line(/^\{.*\}$/);
  await sink.takeNotes();
  return noteRate("bare posts", count, JSON.parse(line));
}

/** As Parlor's own are. */
const BODY = {
  "event_type": "UserJoined",
  "room_id": "0b8e0d2c-7a5d-4c86-9c52-8f3a1d0e4b17",
  "user_id": "guest10000",
  "session_id": "5f0c3f8e-31c4-4a55-b1de-0c6f2b9e7a42",
  timestamp: 1_767_225_600,
};

function noteRate(
  name: string,
  count: number,
  { tookMs, cpuSecs }: PostsResult,
): number {
  const perMinute = 60_000 * count / tookMs;
  warnLine(
    `${name}: ${count} in ${tookMs.toFixed(0)} ms, ` +
      `${rounded(perMinute)} a minute, sender ${
        percent(1000 * cpuSecs / tookMs)
      }`,
  );
  return perMinute;
}

function catchUpRow(rounds: readonly Round[]): Row {
  const ratio = median(rounds.map(({ parlor, bare }) => parlor / bare));
  const rate = rounded(median(rounds.map(({ parlor }) => parlor)));
  const base = rounded(median(rounds.map(({ bare }) => bare)));
  const { name, goal, ratioMin } = CATCH_UP;
  return {
    name,
    goal,
    measured: `${ratio.toFixed(2)} x`,
    detail: `${rate} to ${base} a minute`,
    isMet: ratio >= ratioMin,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
