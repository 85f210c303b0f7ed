/**
 * What endpoints that are dead cost: the living one's events, and memory.
 *
 * Room events go to an endpoint that works, batches of a single message each to
 * one that refuses connections, and batches of stays to one that takes them
 * and never answers.
 *
 * @module
 */

import { ChatLoad } from "./chat_load.ts";
import { COLLECTING, heldBytes } from "./held_memory.ts";
import { pause } from "./pace.ts";
import { ParlorProcess } from "./parlor_process.ts";
import { warnLine } from "./print.ts";
import { cpuSecs, residentBytes, statsFault } from "./process_stats.ts";
import { type Row, skippedRow } from "./report.ts";
import { SinkProcess } from "./sink_process.ts";
import { type EventDelays, StayLoad } from "./stay_load.ts";

const ROOMS = 1000;
const ANSWER_MS = 5;
const WAITING = 100_000;
/** Also wait. They fill what the server makes ready once for any load. */
const WAITING_BEFORE = 20_000;
const WAITING_PER_SEC = 5000;
const EVENTS_PER_SEC = 100;

const P99_MS_MAX = 1000;
const GROWN_MEGABYTES_MAX = 50;

const POLL_MS = 250;
/** How long it may take to queue what was said, in ms. */
const QUEUE_MS_MAX = 60_000;

const DELAY = {
  name: "room events, others dead",
  goal: `p99 < ${P99_MS_MAX} ms`,
};
const MEMORY = {
  name: `${WAITING / 1000} k callbacks wait`,
  goal: `<= ${GROWN_MEGABYTES_MAX} MB`,
};

/** Lets callbacks pile up at dead endpoints while others are delivered. */
export async function deadEndpointRows(): Promise<Row[]> {
  const fault = statsFault();
  if (fault !== undefined) {
    return [DELAY, MEMORY].map((goal) => skippedRow(goal, fault));
  }
  await using sink = await SinkProcess.start(ANSWER_MS);
  // Nobody accepts: the kernel connects, and that is all.
  using hanging = listen();
  await using parlor = await ParlorProcess.start({
    ROOM_EVENT_CALLBACK_URL: sink.url,
    CHAT_HISTORY_CALLBACK_URL: urlOf(refusingPort()),
    CHAT_HISTORY_BATCH_SIZE: "1",
    CHAT_HISTORY_BATCH_INTERVAL_SECONDS: "1",
    SESSION_HISTORY_CALLBACK_URL: urlOf(hanging.addr.port),
    SESSION_HISTORY_BATCH_SIZE: "1",
    SESSION_HISTORY_BATCH_INTERVAL_SECONDS: "1",
    // What a room keeps of its own log is not what is measured.
    RESUME_MEMORY_ENTRIES: "0",
  }, COLLECTING);
  const roomIds = await parlor.createRooms(ROOMS);
  using chat = await ChatLoad.join(parlor, roomIds);
  const stays = new StayLoad(parlor, roomIds);
  await sink.untilReceived(2 * ROOMS);
  const parts = { chat, parlor, sink, stays };
  await pileUp(WAITING_BEFORE, WAITING_BEFORE, parts);
  const beforeBytes = await heldBytes(parlor.pid);
  const { delays, waiting } = await pileUp(
    WAITING,
    WAITING_BEFORE + WAITING,
    parts,
  );
  const loadedBytes = residentBytes(parlor.pid);
  const afterBytes = await heldBytes(parlor.pid);
  const memory = { waiting, beforeBytes, loadedBytes, afterBytes };
  return [delayRow(delays), memoryRow(memory)];
}

interface Parts {
  readonly chat: ChatLoad;
  readonly parlor: ParlorProcess;
  readonly sink: SinkProcess;
  readonly stays: StayLoad;
}

interface PiledUp {
  /** Of the events of the living endpoint. */
  readonly delays: EventDelays;
  /** How many callbacks wait, as the server itself says. */
  readonly waiting: number;
}

/** Causes events for all endpoints until so many wait at the one that refuses. */
async function pileUp(
  count: number,
  waitingMin: number,
  { chat, parlor, sink, stays }: Parts,
): Promise<PiledUp> {
  await sink.takeNotes();
  const seconds = count / WAITING_PER_SEC;
  const events = 2 * Math.floor(seconds * EVENTS_PER_SEC / 2);
  const cpuBefore = cpuSecs(parlor.pid);
  const startedMs = performance.now();
  await Promise.all([
    chat.say({ count, perSec: WAITING_PER_SEC }),
    stays.cause({ count: events, perSec: EVENTS_PER_SEC }),
  ]);
  const waiting = await untilWaiting(parlor, waitingMin);
  const tookMs = performance.now() - startedMs;
  const cpu = 1000 * (cpuSecs(parlor.pid) - cpuBefore) / tookMs;
  warnLine(
    `waiting: ${count} more in ${tookMs.toFixed(0)} ms, ` +
      `server ${(100 * cpu).toFixed(0)} %`,
  );
  await sink.untilReceived(events);
  return { delays: stays.takeDelays(await sink.takeNotes()), waiting };
}

/** Waits until so many batches of messages wait; answers how many do. */
async function untilWaiting(
  parlor: ParlorProcess,
  waitingMin: number,
): Promise<number> {
  let waiting = 0;
  for (let waitedMs = 0; waitedMs < QUEUE_MS_MAX; waitedMs += POLL_MS) {
    waiting = await parlor.backlog("chat-history");
    if (waiting >= waitingMin) break;
    await pause(POLL_MS);
  }
  return waiting;
}

function delayRow({ count, missing, p50Ms, p99Ms, maxMs }: EventDelays): Row {
  return {
    ...DELAY,
    measured: `${p99Ms.toFixed(0)} ms`,
    detail: `${count} events, ${missing} missing, ` +
      `p50 ${p50Ms.toFixed(0)} ms, max ${maxMs.toFixed(0)} ms`,
    isMet: missing === 0 && count > 0 && p99Ms < P99_MS_MAX,
  };
}

interface MemoryFacts {
  readonly waiting: number;
  readonly beforeBytes: number;
  readonly loadedBytes: number;
  readonly afterBytes: number;
}

function memoryRow(
  { waiting, beforeBytes, loadedBytes, afterBytes }: MemoryFacts,
): Row {
  const grown = (afterBytes - beforeBytes) / 1e6;
  return {
    ...MEMORY,
    measured: `${grown.toFixed(0)} MB`,
    detail: `${waiting} wait; ${megabytes(beforeBytes)} before, ` +
      `${megabytes(afterBytes)} after, ${megabytes(loadedBytes)} under load`,
    isMet: waiting >= WAITING_BEFORE + WAITING && grown <= GROWN_MEGABYTES_MAX,
  };
}

function listen(): Deno.TcpListener {
  return Deno.listen({ hostname: "127.0.0.1", port: 0 });
}

function refusingPort(): number {
  using listener = listen();
  return listener.addr.port;
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}/`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
