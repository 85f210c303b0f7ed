import assert from "node:assert/strict";
import fc from "fast-check";
import { Metrics } from "../../src/base/metrics.ts";
import {
  Batcher,
  type BatchLimits,
  URGENT_FLUSH_MS,
} from "../../src/record/batcher.ts";
import { noHolder } from "../../src/record/record_journal.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { ControlledSink } from "../support/controlled_sink.ts";
import { FakeClock, settle, START_AT } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import {
  closedRecord,
  messageRecord,
  messageRecords,
  recordName,
} from "../support/records.ts";

const RECORD_BYTES = 100;

interface BatcherChoices extends Partial<BatchLimits> {
  readonly isUrgent?: (record: DurableRecord) => boolean;
}

function newBatcher({ isUrgent, ...limits }: BatcherChoices = {}) {
  const sink = new ControlledSink();
  const clock = new FakeClock();
  const log = new RecordingLog();
  const metrics = new Metrics();
  const batcher = new Batcher({
    sink,
    clock,
    log,
    metrics,
    ids: { uuid: () => "id", fraction: () => 0 },
    limits: {
      sizeMax: 50,
      ageMsMax: 60_000,
      pendingBytesMax: 1_000_000,
      ...limits,
    },
    ...(isUrgent === undefined ? {} : { isUrgent }),
  });
  function add(...records: DurableRecord[]): void {
    batcher.add(records, records.map(() => RECORD_BYTES), noHolder);
  }
  return { batcher, sink, clock, log, metrics, add };
}

async function isUnavailable(flush: Promise<void>): Promise<boolean> {
  try {
    await flush;
    return false;
  } catch (error) {
    return error instanceof ChatError && error.code === "storage_unavailable";
  }
}

Deno.test("Batcher flushes once as many messages as its size are pending", async () => {
  const { sink, clock, log, add } = newBatcher({ sizeMax: 50 });
  for (const record of messageRecords("a", 1, 49)) add(record);
  await settle();
  assert.deepEqual(sink.batches, []);
  add(messageRecord("a", 50));
  await settle();
  assert.equal(sink.batches.length, 1);
  assert.deepEqual(
    sink.stored,
    messageRecords("a", 1, 50).map(recordName),
  );
  assert.deepEqual(log.texts, ["info Flushed 50 messages to database"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher flushes all that one turn added in one transaction", async () => {
  const { sink, add } = newBatcher({ sizeMax: 10 });
  for (const record of messageRecords("a", 1, 35)) add(record);
  await settle();
  assert.deepEqual(sink.batches.map((batch) => batch.length), [35]);
});

Deno.test("Batcher counts only messages towards its size", async () => {
  const { sink, log, add, clock } = newBatcher({ sizeMax: 2 });
  add(closedRecord("a", "s1"), closedRecord("a", "s2"), messageRecord("a", 1));
  await settle();
  assert.deepEqual(sink.batches, []);
  add(messageRecord("a", 2));
  await settle();
  assert.deepEqual(sink.batches, [["s1", "s2", "a1", "a2"]]);
  assert.deepEqual(log.texts, ["info Flushed 2 messages to database"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher flushes once a transaction's worth of any records is pending", async () => {
  const { sink, add } = newBatcher();
  for (let index = 0; index < 1999; index++) {
    add(closedRecord("a", `s${index}`));
  }
  await settle();
  assert.equal(sink.attempts, 0);
  add(closedRecord("a", "s1999"));
  await settle();
  assert.equal(sink.stored.length, 2000);
});

Deno.test("Batcher flushes a short batch once its oldest record is 60 s old", async () => {
  const { sink, clock, log, add } = newBatcher({ ageMsMax: 60_000 });
  add(messageRecord("a", 1));
  await clock.advance(30_000);
  add(messageRecord("a", 2));
  await clock.advance(29_999);
  assert.deepEqual(sink.batches, []);
  await clock.advance(1);
  assert.deepEqual(sink.batches, [["a1", "a2"]]);
  assert.deepEqual(log.texts, ["info Flushed 2 timeout messages to database"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher counts the age from the oldest record that is left", async () => {
  const { batcher, sink, clock, add } = newBatcher({ ageMsMax: 60_000 });
  add(messageRecord("a", 1));
  await clock.advance(30_000);
  add(messageRecord("b", 1));
  await batcher.flushRoom("a");
  await clock.advance(59_999);
  assert.deepEqual(sink.batches, [["a1"]]);
  await clock.advance(1);
  assert.deepEqual(sink.batches, [["a1"], ["b1"]]);
});

Deno.test("Batcher gives records that came during a slow flush their own 60 s", async () => {
  const { batcher, sink, clock, add } = newBatcher({ ageMsMax: 60_000 });
  add(messageRecord("a", 1));
  sink.hold();
  const flush = isUnavailable(batcher.flushAll());
  await clock.advance(65_000);
  assert.equal(await flush, true);
  add(messageRecord("a", 2));
  await clock.advance(1000);
  sink.open();
  await clock.advance(58_999);
  assert.deepEqual(sink.batches, [["a1"]]);
  await clock.advance(1);
  assert.deepEqual(sink.batches, [["a1"], ["a2"]]);
});

Deno.test("Batcher does not count towards its size what is on its way", async () => {
  const { batcher, sink, add } = newBatcher({ sizeMax: 10 });
  sink.hold();
  add(...messageRecords("a", 1, 10));
  await settle();
  add(...messageRecords("a", 11, 19));
  sink.open();
  await settle();
  assert.equal(sink.stored.length, 10);
  assert.equal(batcher.pending.messages, 9);
  add(messageRecord("a", 20));
  await settle();
  assert.equal(sink.stored.length, 20);
});

Deno.test("Batcher flushes everything on demand", async () => {
  const { batcher, sink, clock, log, add } = newBatcher();
  add(messageRecord("a", 1), messageRecord("b", 1), messageRecord("a", 2));
  await batcher.flushAll();
  assert.deepEqual(sink.batches, [["a1", "b1", "a2"]]);
  assert.deepEqual(log.texts, ["info Flushed 3 messages to database"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher flushes one room on demand and leaves the others", async () => {
  const { batcher, sink, log, add } = newBatcher();
  add(messageRecord("a", 1), messageRecord("b", 1), messageRecord("a", 2));
  await batcher.flushRoom("a");
  assert.deepEqual(sink.batches, [["a1", "a2"]]);
  assert.deepEqual(log.texts, [
    "info Flushed 2 messages for conversation a to database",
  ]);
  assert.equal(batcher.pending.records, 1);
});

Deno.test("Batcher flushes nothing when nothing of the room is pending", async () => {
  const { batcher, sink, clock, add } = newBatcher();
  add(messageRecord("a", 1));
  await batcher.flushRoom("b");
  assert.equal(sink.attempts, 0);
  await batcher.flushRoom("a");
  await batcher.flushAll();
  assert.equal(sink.attempts, 1);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher awaits the flush under way that holds a room's records", async () => {
  const { batcher, sink, add } = newBatcher();
  add(messageRecord("a", 1));
  sink.hold();
  const all = batcher.flushAll();
  await settle();
  let isDone = false;
  const room = batcher.flushRoom("a").then(() => {
    isDone = true;
  });
  await settle();
  assert.equal(isDone, false);
  sink.open();
  await Promise.all([all, room]);
  assert.deepEqual(sink.batches, [["a1"]]);
});

Deno.test("Batcher flushes within a second of a disconnect, once for many", async () => {
  const { batcher, sink, clock, log, add } = newBatcher();
  add(messageRecord("a", 1));
  batcher.noteDisconnect();
  await clock.advance(400);
  batcher.noteDisconnect();
  add(closedRecord("a", "s1"));
  batcher.noteDisconnect();
  await clock.advance(599);
  assert.deepEqual(sink.batches, []);
  await clock.advance(1);
  assert.deepEqual(sink.batches, [["a1", "s1"]]);
  assert.deepEqual(log.texts, ["info Flushed 1 messages to database"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher flushes for disconnects at most once a second", async () => {
  const { batcher, sink, clock, add } = newBatcher();
  for (let turn = 0; turn < 50; turn++) {
    add(closedRecord("a", `s${turn}`));
    batcher.noteDisconnect();
    await clock.advance(100);
  }
  assert.equal(sink.attempts, 5);
});

Deno.test("Batcher flushes all within 50 ms of an urgent record, once for many", async () => {
  const { batcher, sink, clock, log, add } = newBatcher({
    isUrgent: ({ type }) => type === "session_closed",
  });
  add(messageRecord("a", 1));
  await clock.advance(1000);
  assert.deepEqual(sink.batches, []);
  add(closedRecord("a", "s1"));
  await clock.advance(URGENT_FLUSH_MS - 1);
  add(messageRecord("a", 2), closedRecord("a", "s2"));
  assert.deepEqual(sink.batches, []);
  await clock.advance(1);
  assert.deepEqual(sink.batches, [["a1", "s1", "a2", "s2"]]);
  assert.deepEqual(log.texts, ["debug Flushed 2 messages to database"]);
  assert.equal(clock.armed, 0);
  add(closedRecord("a", "s3"));
  await batcher.stop(1000);
  assert.deepEqual(sink.batches[1], ["s3"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher does not hurry an urgent record while the database fails", async () => {
  const { sink, clock, add } = newBatcher({ isUrgent: () => true });
  sink.failure = new Error("full");
  add(closedRecord("a", "s1"));
  await clock.advance(URGENT_FLUSH_MS);
  add(closedRecord("a", "s2"));
  await clock.advance(URGENT_FLUSH_MS);
  assert.equal(sink.attempts, 1);
});

Deno.test("Batcher tells of a flush without messages at debug", async () => {
  const { batcher, log, add } = newBatcher();
  add(closedRecord());
  await batcher.flushAll();
  assert.deepEqual(log.texts, ["debug Flushed 0 messages to database"]);
});

Deno.test("Batcher drains a backlog in transactions of 2000 records", async () => {
  const { batcher, sink, add } = newBatcher({ sizeMax: 100_000 });
  sink.failure = new Error("disk I/O error");
  assert(await isUnavailable(batcher.flushAll()) === false);
  add(messageRecord("a", 1));
  assert(await isUnavailable(batcher.flushAll()));
  add(...messageRecords("a", 2, 4500));
  sink.failure = undefined;
  await batcher.flushAll();
  assert.deepEqual(sink.batches.map((batch) => batch.length), [
    2000,
    2000,
    500,
  ]);
  assert.deepEqual(sink.stored, messageRecords("a", 1, 4500).map(recordName));
});

Deno.test("Batcher serves a room between two transactions of a backlog", async () => {
  const { batcher, sink, add } = newBatcher({ sizeMax: 100_000 });
  add(...messageRecords("a", 1, 1990), ...messageRecords("b", 1, 2500));
  add(...messageRecords("c", 1, 2));
  sink.hold();
  const all = batcher.flushAll();
  const room = batcher.flushRoom("c");
  await settle();
  sink.step();
  await settle();
  sink.step();
  await room;
  assert.deepEqual(sink.batches[1], ["c1", "c2"]);
  assert(batcher.pending.records > 2000);
  sink.open();
  await all;
  assert.equal(sink.stored.length, 4492);
});

Deno.test("Batcher ends a flush of what was pending while more keeps coming", async () => {
  const { batcher, sink, add } = newBatcher({ sizeMax: 1 });
  add(messageRecord("a", 1));
  sink.hold();
  await settle();
  const flush = batcher.flushAll();
  let isDone = false;
  flush.then(() => {
    isDone = true;
  });
  for (let seq = 2; seq < 5; seq++) {
    add(messageRecord("a", seq));
    await settle();
    sink.step();
    await settle();
  }
  assert(isDone);
  assert.deepEqual(sink.stored, ["a1", "a2", "a3"]);
  assert.equal(batcher.pending.records, 1);
  sink.open();
});

Deno.test("Batcher keeps records in order when a flush fails", async () => {
  const { batcher, sink, log, add, metrics } = newBatcher();
  sink.failure = new Error("database is locked");
  add(messageRecord("a", 1), messageRecord("a", 2));
  assert(await isUnavailable(batcher.flushAll()));
  add(messageRecord("a", 3));
  assert(await isUnavailable(batcher.flushRoom("a")));
  assert.equal(batcher.pending.records, 3);
  sink.failure = undefined;
  await batcher.flushAll();
  assert.deepEqual(sink.stored, ["a1", "a2", "a3"]);
  assert.deepEqual(log.texts, [
    "error Failed to flush messages: database is locked",
    "error Failed to flush messages: database is locked",
    "info Flushed 3 messages to database",
    "info Flushing works again after 2 failed attempts",
  ]);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_flush_failures_total 2$/m);
  assert.match(body, /^parlor_flushed_records_total 3$/m);
  assert.match(body, /^parlor_pending_records 0$/m);
});

Deno.test("Batcher retries 1 s after a failure, doubling up to 30 s", async () => {
  const { batcher, sink, clock, add } = newBatcher({ sizeMax: 1 });
  sink.failure = new Error("disk I/O error");
  add(messageRecord("a", 1));
  await settle();
  assert.equal(sink.attempts, 1);
  for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    const { attempts } = sink;
    await clock.advance(waitMs - 1);
    assert.equal(sink.attempts, attempts);
    await clock.advance(1);
    assert.equal(sink.attempts, attempts + 1);
  }
  sink.failure = undefined;
  await clock.advance(30_000);
  assert.deepEqual(sink.stored, ["a1"]);
  assert.equal(batcher.pending.failing, null);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher begins with 1 s again after the database worked", async () => {
  const { sink, clock, add } = newBatcher({ sizeMax: 1 });
  for (const seq of [1, 2]) {
    const attempts = sink.attempts;
    sink.failure = new Error("disk I/O error");
    add(messageRecord("a", seq));
    await clock.advance(1000);
    assert.equal(sink.attempts, attempts + 2);
    sink.failure = undefined;
    await clock.advance(2000);
  }
  assert.deepEqual(sink.stored, ["a1", "a2"]);
});

Deno.test("Batcher shows since when and how often it failed", async () => {
  const { batcher, sink, clock, add } = newBatcher({ sizeMax: 1 });
  assert.equal(batcher.pending.failing, null);
  sink.failure = new Error("disk I/O error");
  await clock.advance(5000);
  add(messageRecord("a", 1));
  await clock.advance(1000);
  assert.deepEqual(batcher.pending, {
    records: 1,
    messages: 1,
    bytes: RECORD_BYTES,
    bytesMax: 1_000_000,
    oldestAt: START_AT + 5000,
    failing: {
      sinceAt: START_AT + 5000,
      error: "disk I/O error",
      attempts: 2,
    },
  });
  sink.failure = undefined;
  await batcher.flushAll();
  assert.deepEqual(batcher.pending, {
    records: 0,
    messages: 0,
    bytes: 0,
    bytesMax: 1_000_000,
    oldestAt: null,
    failing: null,
  });
});

Deno.test("Batcher tries by itself only when due while it fails", async () => {
  const { batcher, sink, clock, add } = newBatcher({ sizeMax: 2 });
  sink.failure = new Error("disk I/O error");
  add(messageRecord("a", 1), messageRecord("a", 2));
  await settle();
  add(...messageRecords("a", 3, 40));
  batcher.noteDisconnect();
  await clock.advance(999);
  assert.equal(sink.attempts, 1);
  await clock.advance(1);
  assert.equal(sink.attempts, 2);
  sink.failure = undefined;
  await batcher.flushAll();
});

Deno.test("Batcher drains what is left once a room's flush works again", async () => {
  const { batcher, sink, clock, add } = newBatcher();
  sink.failure = new Error("disk I/O error");
  add(messageRecord("a", 1), messageRecord("b", 1));
  assert(await isUnavailable(batcher.flushAll()));
  sink.failure = undefined;
  await batcher.flushRoom("b");
  await settle();
  assert.deepEqual(sink.batches, [["b1"], ["a1"]]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher fails at once all who wait for a database that fails", async () => {
  const { batcher, sink, add } = newBatcher();
  for (const room of ["a", "b", "c"]) add(messageRecord(room, 1));
  sink.hold();
  const flushes = ["a", "b", "c"].map((room) => batcher.flushRoom(room));
  const outcomes = Promise.all(flushes.map(isUnavailable));
  await settle();
  sink.failure = new Error("disk I/O error");
  sink.step();
  assert.deepEqual(await outcomes, [true, true, true]);
  assert.equal(sink.attempts, 1);
  sink.failure = undefined;
  sink.open();
  await batcher.flushAll();
});

Deno.test("Batcher answers within 10 s when the database hangs", async () => {
  const { batcher, sink, clock, add } = newBatcher();
  add(messageRecord("a", 1));
  sink.hold();
  const first = isUnavailable(batcher.flushRoom("a"));
  await clock.advance(10_000);
  assert.equal(await first, true);
  await clock.advance(1);
  assert.equal(await isUnavailable(batcher.flushAll()), true);
  assert.equal(clock.armed, 1, "only the age of what is pending ticks");
  sink.open();
  await settle();
  assert.deepEqual(sink.stored, ["a1"]);
});

Deno.test("Batcher flushes what a lost timer left behind", async () => {
  const { batcher, sink, clock, add } = newBatcher({ ageMsMax: 60_000 });
  assert.equal(await batcher.flushDue(), 0);
  clock.after = () => ({ [Symbol.dispose]: () => {} });
  add(messageRecord("a", 1), closedRecord("a", "s1"));
  await clock.advance(60_000);
  assert.equal(await batcher.flushDue(), 0, "due, and not late");
  await clock.advance(1);
  assert.equal(await batcher.flushDue(), 2);
  assert.deepEqual(sink.stored, ["a1", "s1"]);
});

Deno.test("Batcher leaves overdue records to the retry while it fails", async () => {
  const { batcher, sink, clock, add } = newBatcher({ ageMsMax: 60_000 });
  add(messageRecord("a", 1));
  sink.failure = new Error("disk I/O error");
  await clock.advance(60_001);
  assert.equal(sink.attempts, 1);
  assert.equal(await batcher.flushDue(), 0);
  assert.equal(sink.attempts, 1);
  sink.failure = undefined;
  await batcher.flushAll();
});

Deno.test("Batcher takes records up to its bound in bytes", () => {
  const { batcher, add, log } = newBatcher({ pendingBytesMax: 300 });
  add(messageRecord("a", 1));
  assert.equal(batcher.fits(199), true);
  assert.equal(batcher.fits(200), true);
  assert.deepEqual(log.texts, []);
  assert.equal(batcher.fits(201), false);
  assert.deepEqual(log.texts, [
    "error Refusing messages: 100 of 300 bytes are pending",
  ]);
  return batcher.flushAll();
});

Deno.test("Batcher has room again for what it flushed", async () => {
  const { batcher, add } = newBatcher({ pendingBytesMax: 300 });
  add(...messageRecords("a", 1, 3));
  assert.equal(batcher.fits(1), false);
  await batcher.flushAll();
  assert.equal(batcher.fits(300), true);
});

Deno.test("Batcher stops with all that was pending flushed", async () => {
  const { batcher, sink, clock, add } = newBatcher();
  add(messageRecord("a", 1));
  batcher.noteDisconnect();
  await batcher.stop(5000);
  assert.deepEqual(sink.batches, [["a1"]]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher tries again until the deadline when it stops", async () => {
  const { batcher, sink, clock, add } = newBatcher();
  sink.failure = new Error("database is locked");
  add(messageRecord("a", 1));
  const stop = batcher.stop(5000);
  await clock.advance(2999);
  assert.equal(sink.attempts, 2);
  sink.failure = undefined;
  await clock.advance(1);
  await stop;
  assert.deepEqual(sink.stored, ["a1"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Batcher stops at the deadline when the database hangs or fails", async () => {
  for (const isHung of [true, false]) {
    const { batcher, sink, clock, add } = newBatcher();
    if (isHung) sink.hold();
    else sink.failure = new Error("database is locked");
    add(messageRecord("a", 1));
    const stop = batcher.stop(5000);
    await clock.advance(5000);
    await stop;
    assert.equal(batcher.pending.records, 1);
    assert.equal(clock.armed, 0);
    sink.open();
  }
});

Deno.test("Batcher releases each record's holder when it is stored", async () => {
  const { batcher, sink } = newBatcher();
  let released = 0;
  const holder = { release: (records: number) => void (released += records) };
  batcher.add(messageRecords("a", 1, 3), [1, 1, 1], holder);
  sink.failure = new Error("disk I/O error");
  assert(await isUnavailable(batcher.flushAll()));
  assert.equal(released, 0);
  sink.failure = undefined;
  await batcher.flushAll();
  assert.equal(released, 3);
});

Deno.test("Batcher keeps every room's order when room flushes interleave", async () => {
  const { batcher, sink, add } = newBatcher();
  sink.hold();
  add(messageRecord("a", 1), messageRecord("b", 1));
  const flushes = [batcher.flushRoom("b")];
  await settle();
  add(messageRecord("a", 2), messageRecord("b", 2));
  flushes.push(batcher.flushAll());
  add(messageRecord("b", 3));
  flushes.push(batcher.flushRoom("b"), batcher.flushRoom("a"));
  sink.open();
  await Promise.all(flushes);
  assert.deepEqual(sink.stored.filter((name) => name.startsWith("a")), [
    "a1",
    "a2",
  ]);
  assert.deepEqual(sink.stored.filter((name) => name.startsWith("b")), [
    "b1",
    "b2",
    "b3",
  ]);
});

const step = fc.record({
  verb: fc.constantFrom(
    "add" as const,
    "add" as const,
    "add" as const,
    "flushRoom" as const,
    "flushAll" as const,
    "disconnect" as const,
    "break" as const,
    "mend" as const,
    "hold" as const,
    "open" as const,
    "wait" as const,
  ),
  roomId: fc.constantFrom("a", "b", "c"),
  count: fc.integer({ min: 1, max: 7 }),
  ms: fc.constantFrom(0, 1, 999, 1000, 20_000),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A batcher, and what it was given. */
class Run {
  readonly world = newBatcher({ sizeMax: 5 });
  readonly accepted = new Map<string, string[]>();
  readonly flushes: Promise<unknown>[] = [];

  async take({ verb, roomId, count, ms }: Step): Promise<void> {
    const { batcher, sink, clock } = this.world;
    switch (verb) {
      case "add":
        return this.#add(roomId, count);
      case "flushRoom":
        return void this.flushes.push(isUnavailable(batcher.flushRoom(roomId)));
      case "flushAll":
        return void this.flushes.push(isUnavailable(batcher.flushAll()));
      case "disconnect":
        return batcher.noteDisconnect();
      case "break":
        sink.failure = new Error("broken");
        return;
      case "mend":
        sink.failure = undefined;
        return;
      case "hold":
        return sink.hold();
      case "open":
        return sink.open();
      case "wait":
        await clock.advance(ms);
    }
  }

  /** Stored and pending are what was accepted, each room in its order. */
  check(): void {
    const { stored } = this.world.sink;
    for (const [roomId, names] of this.accepted) {
      const ofRoom = stored.filter((name) => name.startsWith(roomId));
      assert.deepEqual(ofRoom, names.slice(0, ofRoom.length));
    }
    const { records, bytes } = this.world.batcher.pending;
    const total = [...this.accepted.values()].flat().length;
    assert.equal(stored.length + records, total);
    assert.equal(bytes, records * RECORD_BYTES);
  }

  #add(roomId: string, count: number): void {
    const names = this.accepted.get(roomId) ?? [];
    this.accepted.set(roomId, names);
    for (let index = 0; index < count; index++) {
      const record = messageRecord(roomId, names.length + 1);
      names.push(recordName(record));
      this.world.add(record);
    }
  }
}

Deno.test("Batcher keeps order and loses nothing in any interleaving", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const run = new Run();
      for (const each of steps) {
        await run.take(each);
        if (each.verb === "wait") run.check();
      }
      const { batcher, sink, clock } = run.world;
      sink.failure = undefined;
      sink.open();
      await clock.advance(60_000);
      await Promise.all(run.flushes);
      run.check();
      assert.equal(batcher.pending.records, 0);
      assert.equal(clock.armed, 0);
    }),
    { numRuns: 200 },
  );
});
