/**
 * What single steps of the server cost, for those who change them. No goals.
 *
 * @module
 */

import { SystemClock } from "../../src/base/clock.ts";
import { systemIds } from "../../src/base/ids.ts";
import { silentLog } from "../../src/base/log.ts";
import { Metrics } from "../../src/base/metrics.ts";
import { DiskJournalDirectory } from "../../src/record/disk_journal_directory.ts";
import { Recorder } from "../../src/record/recorder.ts";
import { Mailbox } from "../../src/room/mailbox.ts";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { printLine } from "./print.ts";
import { newMessage, ROOM } from "./stored_room.ts";

/** Each step is repeated for about so long, in ms. */
const STEP_MS = 500;

const LIMITS = { contentCharsMax: 4096, userIdCharsMax: 128 };
const BATCH_SIZE = 50;

/** Prints what each step costs. */
export async function printMicro(): Promise<void> {
  printMailbox();
  printDialect();
  const folder = await Deno.makeTempDir({ prefix: "parlor-bench-" });
  try {
    await printRecorder(folder);
    await printStore(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function printMailbox(): void {
  const mailbox = new Mailbox<number>({ laneMax: 10_000 });
  let next = 0;
  printStep("mailbox: offer and take", () => {
    mailbox.offer(next++, "low");
    mailbox.take("low");
  });
}

function printDialect(): void {
  const dialect = roomsDialect(LIMITS);
  const event = { type: "entry", entry: newMessage(1) } as const;
  printStep("dialect: encode a message", () => dialect.encode(event));
  const frame = JSON.stringify({
    type: "SendMessage",
    payload: { content: "x".repeat(64), client_msg_id: "one" },
  });
  printStep("dialect: decode a message", () => dialect.decode(frame));
}

async function printRecorder(folder: string): Promise<void> {
  const clock = new SystemClock();
  const recorder = new Recorder({
    durability: "journal",
    directory: new DiskJournalDirectory(`${folder}/journal`),
    sink: { apply: () => Promise.resolve() },
    limits: {
      sizeMax: BATCH_SIZE,
      ageMsMax: 60_000,
      pendingBytesMax: 2 ** 30,
    },
    clock,
    ids: systemIds,
    log: silentLog,
    metrics: new Metrics(),
  });
  await recorder.start();
  let seq = 0;
  printStep("recorder: accept a message", () => {
    recorder.accept([{ type: "entry", entry: newMessage(++seq) }]);
  });
  await recorder.stop(60_000);
}

async function printStore(folder: string): Promise<void> {
  const store = await openSqliteStore({
    url: `sqlite:${folder}/bench.db`,
    log: silentLog,
    clock: new SystemClock(),
    syncCommits: false,
  });
  await store.apply([{ type: "room_created", room: ROOM }]);
  let seq = 0;
  await printAwaitedStep(`store: insert ${BATCH_SIZE} messages`, async () => {
    const batch: DurableRecord[] = [];
    for (let count = 0; count < BATCH_SIZE; count++) {
      batch.push({ type: "entry", entry: newMessage(++seq) });
    }
    await store.apply(batch);
  });
  await store.close();
}

/** Repeats a step, doubling the number until it takes long enough. */
function printStep(name: string, step: () => void): void {
  for (let count = 1;; count *= 2) {
    const startedMs = performance.now();
    for (let index = 0; index < count; index++) step();
    const tookMs = performance.now() - startedMs;
    if (tookMs < STEP_MS) continue;
    return printCost(name, tookMs / count);
  }
}

async function printAwaitedStep(
  name: string,
  step: () => Promise<void>,
): Promise<void> {
  for (let count = 1;; count *= 2) {
    const startedMs = performance.now();
    for (let index = 0; index < count; index++) await step();
    const tookMs = performance.now() - startedMs;
    if (tookMs < STEP_MS) continue;
    return printCost(name, tookMs / count);
  }
}

function printCost(name: string, stepMs: number): void {
  const micros = (stepMs * 1000).toFixed(2).padStart(10);
  printLine(`${name.padEnd(28)}${micros} µs`);
}
