/**
 * What a read that takes long costs the reads beside it, with one reader and
 * with two. Without a server: what is timed are reads of the store.
 *
 * @module
 */

import { SystemClock } from "../../src/base/clock.ts";
import { silentLog } from "../../src/base/log.ts";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import type { Store } from "../../src/store/store.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { Latencies, type LatencyFacts } from "./latency.ts";
import { pause } from "./pace.ts";
import { warnLine } from "./print.ts";
import type { Row } from "./report.ts";
import { newMessage, ROOM } from "./stored_room.ts";

const MESSAGES = 500_000;
const BATCH_SIZE = 1000;
const PAGE_SIZE = 50;
const PAGES = 300;
const PAUSE_MS = 5;
const RATIO_MAX = 0.2;

/** The oldest messages: all newer ones are counted and passed over. */
const LAST_PAGE = { page: MESSAGES / PAGE_SIZE, limit: PAGE_SIZE };

/** Small reads while one long read follows the other. */
interface Measured {
  readonly small: LatencyFacts;
  readonly long: LatencyFacts;
}

/** A page of history while all messages of a room are counted. */
export async function readersRow(): Promise<Row> {
  const folder = await Deno.makeTempDir({ prefix: "parlor-bench-" });
  const url = `sqlite:${folder}/bench.db`;
  try {
    await fill(url);
    const one = await measure(url, 1);
    const two = await measure(url, 2);
    const ratio = two.small.p50Ms / one.small.p50Ms;
    return {
      name: "a page of history beside a long read",
      goal: `<= ${RATIO_MAX} x with 1 reader`,
      measured: `${ratio.toFixed(2)} x`,
      detail: `p50 ${two.small.p50Ms.toFixed(1)} to ` +
        `${one.small.p50Ms.toFixed(1)} ms, beside reads of ` +
        `${two.long.p50Ms.toFixed(0)} ms`,
      isMet: ratio <= RATIO_MAX,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function openStore(url: string, readerCount: number): Promise<Store> {
  const clock = new SystemClock();
  return openSqliteStore({ url, log: silentLog, clock, readerCount });
}

async function fill(url: string): Promise<void> {
  const store = await openStore(url, 0);
  await store.apply([{ type: "room_created", room: ROOM }]);
  for (let seq = 1; seq <= MESSAGES; seq += BATCH_SIZE) {
    await store.apply(
      Array.from({ length: BATCH_SIZE }, (_, index) => newRecord(seq + index)),
    );
  }
  await store.close();
}

async function measure(url: string, readerCount: number): Promise<Measured> {
  const store = await openStore(url, readerCount);
  const small = new Latencies();
  const long = new Latencies();
  let isDone = false;
  const readAll = async () => {
    while (!isDone) await timed(long, () => store.chat(ROOM.id, LAST_PAGE));
  };
  const reading = readAll();
  for (let count = 0; count < PAGES; count++) {
    await pause(PAUSE_MS);
    await timed(small, () => store.log(ROOM.id, { limit: PAGE_SIZE }));
  }
  isDone = true;
  await reading;
  await store.close();
  const measured = { small: small.facts(), long: long.facts() };
  warnLine(
    `readers: ${readerCount}, p50 ${measured.small.p50Ms.toFixed(1)} ms, ` +
      `p99 ${measured.small.p99Ms.toFixed(1)} ms, beside reads of ` +
      `${measured.long.p50Ms.toFixed(0)} ms`,
  );
  return measured;
}

async function timed(
  latencies: Latencies,
  read: () => Promise<unknown>,
): Promise<void> {
  const startedMs = performance.now();
  await read();
  latencies.add(1000 * (performance.now() - startedMs));
}

function newRecord(seq: number): DurableRecord {
  return { type: "entry", entry: newMessage(seq) };
}
