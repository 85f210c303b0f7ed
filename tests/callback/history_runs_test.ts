import assert from "node:assert/strict";
import {
  BATCH_BYTES_MAX,
  HistoryRuns,
  type HistoryRunsOptions,
} from "../../src/callback/history_runs.ts";
import type { HistoryKind } from "../../src/callback/outbox.ts";
import { FakeClock, settle, START_AT } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { FakeBatchSource } from "./fake_batch_source.ts";

const SIZE = { chatMax: 1000, sessionMax: 500, bytesMax: BATCH_BYTES_MAX };

/** Runs over a fake database; what is flushed and woken is among its calls. */
function newRuns(options: Partial<HistoryRunsOptions> = {}) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const source = new FakeBatchSource();
  const runs = new HistoryRuns({
    source,
    flush: () => Promise.resolve(void source.calls.push("flush")),
    wake: () => void source.calls.push("wake"),
    size: SIZE,
    hasPeriodic: true,
    hasSync: true,
    clock,
    log,
    ...options,
  });
  return { log, runs, source };
}

/** Ids of many rooms, in order. */
function roomIds(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `r${String(index).padStart(4, "0")}`,
  );
}

/** Runs the batches of a kind. */
function runOf(runs: HistoryRuns, kind: HistoryKind) {
  return kind === "chat" ? runs.chat() : runs.session();
}

/** Lines of the log that are more than news for a developer. */
function warnings(log: RecordingLog): string[] {
  return log.texts.filter((text) => !text.startsWith("debug"));
}

Deno.test("HistoryRuns flushes, then queues the batches of each room with news", async () => {
  for (const kind of ["chat", "session"] as const) {
    const { log, runs, source } = newRuns();
    source.news[kind].set("r1", 2).set("r2", 1);
    assert.deepEqual(await runOf(runs, kind), { queued: 3, failed: 0 });
    assert.deepEqual(source.calls, [
      "flush",
      `${kind} r1 ${START_AT}`,
      "wake",
      `${kind} r2 ${START_AT}`,
      "wake",
    ]);
    assert.deepEqual(source.sizes, [SIZE, SIZE]);
    assert.deepEqual(log.texts, [
      `debug Callback run ${kind} queued 3, failed 0`,
    ]);
  }
});

Deno.test("HistoryRuns wakes nobody when nothing was queued", async () => {
  const { runs, source } = newRuns();
  source.news.chat.set("r1", 0);
  await runs.chat();
  await runs.snapshots();
  assert(!source.calls.includes("wake"));
});

Deno.test("HistoryRuns reads a hundred rooms at a time, each once", async () => {
  for (const count of [99, 100, 101, 250]) {
    const { runs, source } = newRuns();
    const ids = roomIds(count);
    for (const roomId of ids) source.news.chat.set(roomId, 1);
    assert.deepEqual(await runs.chat(), { queued: count, failed: 0 });
    const queued = source.calls.filter((call) => call.startsWith("chat"));
    assert.deepEqual(queued, ids.map((roomId) => `chat ${roomId} ${START_AT}`));
    assert.equal(source.pages.length, Math.floor(count / 100) + 1);
  }
});

Deno.test("HistoryRuns goes on when a room fails, and says so", async () => {
  const { log, runs, source } = newRuns();
  source.news.chat.set("r1", 1).set("r2", 1).set("r3", 1);
  source.broken.add("r2");
  assert.deepEqual(await runs.chat(), { queued: 2, failed: 1 });
  assert.deepEqual(log.texts, [
    "error Failed to queue what is to be said of a room",
    "warn Callback run chat queued 2, failed 1",
  ]);
  assert.equal(log.lines[0]?.fields["room"], "r2");
  source.broken.clear();
  assert.deepEqual(await runs.chat(), { queued: 1, failed: 0 });
});

Deno.test("HistoryRuns names ten rooms that fail and counts the others", async () => {
  for (const [count, named] of [[9, 9], [10, 10], [11, 10], [150, 10]]) {
    const { log, runs, source } = newRuns();
    for (const roomId of roomIds(count ?? 0)) {
      source.news.session.set(roomId, 1);
      source.broken.add(roomId);
    }
    assert.deepEqual(await runs.session(), { queued: 0, failed: count });
    const errors = log.texts.filter((text) => text.startsWith("error"));
    assert.equal(errors.length, named);
    assert.equal(
      log.texts.at(-1),
      `warn Callback run session queued 0, failed ${count}`,
    );
  }
});

Deno.test("HistoryRuns rejects when nothing can be flushed, and queues nothing", async () => {
  const flush = () => Promise.reject(new Error("disk full"));
  const { runs, source } = newRuns({ flush });
  source.news.chat.set("r1", 1);
  source.ended.add("r2");
  for (
    const run of [
      runs.chat(),
      runs.session(),
      runs.snapshots(),
      runs.closings(),
      runs.syncNow(),
    ]
  ) await assert.rejects(run, /disk full/);
  assert.deepEqual(source.calls, []);
});

Deno.test("HistoryRuns rejects when rooms cannot be listed", async () => {
  const { runs, source } = newRuns();
  source.failure = new Error("locked");
  await assert.rejects(runs.chat(), /locked/);
  await assert.rejects(runs.closings(), /locked/);
  source.failure = undefined;
  assert.deepEqual(await runs.chat(), { queued: 0, failed: 0 });
});

Deno.test("HistoryRuns runs once more for all who ask while it runs", async () => {
  const { runs, source } = newRuns();
  const gate = Promise.withResolvers<void>();
  source.gate = gate.promise;
  source.news.chat.set("r1", 1);
  const first = runs.chat();
  await settle();
  source.news.chat.set("r2", 1);
  const others = [runs.chat(), runs.chat()];
  await settle();
  assert.deepEqual(source.calls, ["flush", `chat r1 ${START_AT}`]);
  gate.resolve();
  assert.deepEqual(await first, { queued: 1, failed: 0 });
  const report = { queued: 1, failed: 0 };
  assert.deepEqual(await Promise.all(others), [report, report]);
  assert.deepEqual(source.calls.filter((call) => call === "flush").length, 2);
});

Deno.test("HistoryRuns does not let one kind wait for another", async () => {
  const { runs, source } = newRuns();
  const gate = Promise.withResolvers<void>();
  source.gate = gate.promise;
  source.news.chat.set("r1", 1);
  const chat = runs.chat();
  await settle();
  assert.deepEqual(await runs.session(), { queued: 0, failed: 0 });
  gate.resolve();
  await chat;
});

Deno.test("HistoryRuns queues snapshots for the endpoints that have a URL", async () => {
  const cases = [
    [true, true, ["flush", `snapshots PeriodicSync+RoomSync ${START_AT}`]],
    [true, false, ["flush", `snapshots PeriodicSync ${START_AT}`]],
    [false, true, ["flush", `snapshots RoomSync ${START_AT}`]],
    [false, false, []],
  ] as const;
  for (const [hasPeriodic, hasSync, calls] of cases) {
    const { runs, source } = newRuns({ hasPeriodic, hasSync });
    await runs.snapshots();
    assert.deepEqual(source.calls, calls);
  }
});

Deno.test("HistoryRuns wakes who delivers snapshots", async () => {
  const { runs, source } = newRuns();
  source.snapshotCount = 3;
  assert.deepEqual(await runs.snapshots(), { queued: 3, failed: 0 });
  assert.equal(source.calls.at(-1), "wake");
});

Deno.test("HistoryRuns closes every room that ended, however many", async () => {
  for (const count of [0, 99, 100, 250]) {
    const { runs, source } = newRuns();
    for (const roomId of roomIds(count)) source.ended.add(roomId);
    assert.deepEqual(await runs.closings(), { queued: count, failed: 0 });
    assert.equal(source.ended.size, 0);
    assert.equal(source.sizes.length, count);
  }
});

Deno.test("HistoryRuns passes over rooms that cannot be closed, though they are listed first", async () => {
  const { runs, source } = newRuns();
  for (const roomId of roomIds(250)) source.ended.add(roomId);
  for (const roomId of roomIds(120)) source.broken.add(roomId);
  assert.deepEqual(await runs.closings(), { queued: 130, failed: 120 });
  assert.deepEqual([...source.ended], roomIds(120));
  const tries = source.calls.filter((call) => call.startsWith("close"));
  assert.equal(tries.length, 250);
});

Deno.test("HistoryRuns closes rooms as they end, many at once in two runs", async () => {
  const { log, runs, source } = newRuns();
  const gate = Promise.withResolvers<void>();
  source.gate = gate.promise;
  const closings: Promise<void>[] = [];
  for (const roomId of roomIds(20)) {
    source.ended.add(roomId);
    closings.push(runs.close(roomId));
    await settle();
  }
  gate.resolve();
  await Promise.all(closings);
  assert.equal(source.ended.size, 0);
  const flushes = source.calls.filter((call) => call === "flush");
  assert.equal(flushes.length, 2);
  assert.deepEqual(warnings(log), []);
});

Deno.test("HistoryRuns leaves a room that it could not close to a later run", async () => {
  let isFull = true;
  const { log, runs, source } = newRuns({
    flush: () => isFull ? Promise.reject(new Error("full")) : Promise.resolve(),
  });
  source.ended.add("r1");
  await runs.close("r1");
  assert.deepEqual(warnings(log), [
    "warn Put off the last callbacks of a room",
  ]);
  isFull = false;
  await runs.closings();
  assert.equal(source.ended.size, 0);
});

Deno.test("HistoryRuns does all at once when it is asked to, in order", async () => {
  const { runs, source } = newRuns();
  source.news.chat.set("r1", 2);
  source.news.session.set("r1", 1);
  source.snapshotCount = 4;
  assert.deepEqual(await runs.syncNow(), { queued: 7, failed: 0 });
  assert.deepEqual(
    source.calls.filter((call) => /^(chat|sess|snap)/.test(call)),
    [
      `chat r1 ${START_AT}`,
      `session r1 ${START_AT}`,
      `snapshots PeriodicSync+RoomSync ${START_AT}`,
    ],
  );
});

Deno.test("HistoryRuns syncs once more for all who ask while it syncs", async () => {
  const { runs, source } = newRuns();
  const gate = Promise.withResolvers<void>();
  source.gate = gate.promise;
  source.news.chat.set("r1", 1);
  const first = runs.syncNow();
  await settle();
  const others = [runs.syncNow(), runs.syncNow()];
  gate.resolve();
  await Promise.all([first, ...others]);
  const syncs = source.calls.filter((call) => call.startsWith("snapshots"));
  assert.equal(syncs.length, 2);
});

Deno.test("HistoryRuns ends after the room that it is at when it stops", async () => {
  const { log, runs, source } = newRuns();
  const gate = Promise.withResolvers<void>();
  source.gate = gate.promise;
  source.news.chat.set("r1", 1).set("r2", 1);
  const run = runs.chat();
  await settle();
  let isStopped = false;
  const stopped = runs.stop().then(() => isStopped = true);
  await settle();
  assert(!isStopped);
  gate.resolve();
  assert.deepEqual(await run, { queued: 1, failed: 0 });
  await stopped;
  assert.deepEqual(source.calls, ["flush", `chat r1 ${START_AT}`, "wake"]);
  assert.deepEqual(warnings(log), []);
});

Deno.test("HistoryRuns does nothing more once it was stopped", async () => {
  const { runs, source } = newRuns();
  const gate = Promise.withResolvers<void>();
  source.gate = gate.promise;
  source.news.chat.set("r1", 1);
  source.news.session.set("r1", 1);
  source.ended.add("r2");
  const sync = runs.syncNow();
  await settle();
  const stopped = runs.stop();
  gate.resolve();
  await stopped;
  assert.deepEqual(await sync, { queued: 1, failed: 0 });
  await runs.close("r2");
  await runs.snapshots();
  assert.deepEqual(source.calls, ["flush", `chat r1 ${START_AT}`, "wake"]);
});

Deno.test("HistoryRuns is idle once all that was asked for is over", async () => {
  const { runs, source } = newRuns();
  await runs.idle();
  const asked = runs.syncNow();
  await runs.idle();
  const calls = source.calls.length;
  assert(calls > 0);
  await asked;
  await settle();
  assert.equal(source.calls.length, calls);
});
