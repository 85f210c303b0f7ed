import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { Flusher } from "../../src/record/flusher.ts";
import { PendingRecords } from "../../src/record/pending_records.ts";
import { noHolder } from "../../src/record/record_journal.ts";
import { ControlledSink } from "../support/controlled_sink.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { messageRecord } from "../support/records.ts";

function newFlusher(recordsMax = 10) {
  const sink = new ControlledSink();
  const log = new RecordingLog();
  const clock = new FakeClock();
  const pending = new PendingRecords();
  const told: string[] = [];
  const flusher = new Flusher({
    pending,
    sink,
    clock,
    log,
    metrics: new Metrics(),
    recordsMax,
    events: {
      recovered: () => told.push("recovered"),
      flushed: () => told.push("flushed"),
      failed: () => told.push("failed"),
      idle: () => told.push("idle"),
    },
  });
  function add(roomId: string, seq: number): void {
    pending.add(messageRecord(roomId, seq), {
      bytes: 10,
      holder: noHolder,
      addedMs: 0,
    });
  }
  return { flusher, sink, log, clock, pending, told, add };
}

Deno.test("Flusher tells its owner how a flush went", async () => {
  const { flusher, sink, told, add } = newFlusher();
  add("a", 1);
  assert.equal(await flusher.flush("demand"), true);
  await settle();
  assert.deepEqual(told, ["flushed", "idle"]);
  add("a", 2);
  sink.failure = new Error("disk full");
  assert.equal(await flusher.flush("demand"), false);
  await settle();
  assert.equal(flusher.failing?.error, "disk full");
  sink.failure = undefined;
  assert.equal(await flusher.flush("demand"), true);
  await settle();
  assert.deepEqual(told.slice(2), [
    "failed",
    "idle",
    "flushed",
    "recovered",
    "idle",
  ]);
  assert.equal(flusher.failing, null);
});

Deno.test("Flusher says what is under way and since when", async () => {
  const { flusher, sink, clock, add } = newFlusher();
  add("a", 1);
  add("a", 2);
  await clock.advance(70);
  sink.hold();
  flusher.ask("size");
  assert.equal(flusher.isRunning, true);
  await settle();
  const sinceMs = 70;
  assert.deepEqual(flusher.underWay, { sinceMs, records: 2, messages: 2 });
  sink.open();
  await settle();
  assert.equal(flusher.underWay, undefined);
  assert.equal(flusher.isRunning, false);
});

Deno.test("Flusher begins after the turn that asked", async () => {
  const { flusher, sink, add } = newFlusher();
  add("a", 1);
  flusher.ask("size");
  add("a", 2);
  await settle();
  assert.deepEqual(sink.batches, [["a1", "a2"]]);
});

Deno.test("Flusher survives a database that throws before it promises", async () => {
  const { flusher, sink, log, add } = newFlusher();
  const apply = sink.apply.bind(sink);
  sink.apply = () => {
    throw new Error("not open");
  };
  add("a", 1);
  assert.equal(await flusher.flush("demand"), false);
  assert.deepEqual(log.texts, ["error Failed to flush messages: not open"]);
  sink.apply = apply;
  assert.equal(await flusher.flush("demand"), true);
  assert.deepEqual(sink.stored, ["a1"]);
});

Deno.test("Flusher takes turns between rooms with much to flush", async () => {
  const { flusher, sink, add } = newFlusher(2);
  for (let seq = 1; seq <= 3; seq++) {
    add("a", seq);
    add("b", seq);
  }
  const flushes = [flusher.flush("room", "a"), flusher.flush("room", "b")];
  assert.deepEqual(await Promise.all(flushes), [true, true]);
  assert.deepEqual(sink.batches, [["a1", "a2"], ["b1", "b2"], ["a3"], ["b3"]]);
});

Deno.test("Flusher logs each kind of flush as seed 1 does", async () => {
  const { flusher, log, add } = newFlusher();
  for (const reason of ["size", "age", "disconnect", "retry"] as const) {
    add("a", 1);
    flusher.ask(reason);
    await settle();
  }
  add("a", 1);
  await flusher.flush("room", "a");
  assert.deepEqual(log.texts, [
    "info Flushed 1 messages to database",
    "info Flushed 1 timeout messages to database",
    "info Flushed 1 messages to database",
    "info Flushed 1 messages to database",
    "info Flushed 1 messages for conversation a to database",
  ]);
  assert.deepEqual(
    log.lines.map(({ fields }) => fields.reason),
    ["size", "age", "disconnect", "retry", "room"],
  );
});
