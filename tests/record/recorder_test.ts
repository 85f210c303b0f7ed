import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { Recorder } from "../../src/record/recorder.ts";
import type { Durability } from "../../src/wire/event.ts";
import { ControlledSink } from "../support/controlled_sink.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { FaultyDirectory } from "../support/faulty_directory.ts";
import { RecordingLog } from "../support/recording_log.ts";
import {
  closedRecord,
  messageRecord,
  messageRecords,
} from "../support/records.ts";

/** A recorder over a temporary folder; its parts can be made to fail. */
class RecorderWorld implements AsyncDisposable {
  readonly path: string;
  readonly sink = new ControlledSink();
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly directory: FaultyDirectory;
  readonly recorder: Recorder;

  constructor(
    {
      durability = "journal" as Durability,
      pendingBytesMax = 1_000_000,
      path = Deno.makeTempDirSync({ prefix: "parlor-recorder-" }),
    } = {},
  ) {
    this.path = path;
    this.directory = new FaultyDirectory(path);
    const { sink, clock, log } = this;
    this.recorder = new Recorder({
      durability,
      directory: durability === "memory" ? undefined : this.directory,
      sink,
      clock,
      log,
      limits: { sizeMax: 50, ageMsMax: 60_000, pendingBytesMax },
      ids: { uuid: () => "id", fraction: () => 0 },
      metrics: new Metrics(),
    });
  }

  /** The same folder, as a process finds it that starts after `kill -9`. */
  restarted(): RecorderWorld {
    return new RecorderWorld({ path: this.path });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.directory.syncGate = undefined;
    this.sink.failure = undefined;
    this.sink.open();
    const stop = this.recorder.stop(0);
    await this.clock.advance(1000);
    await stop;
    await Deno.remove(this.path, { recursive: true }).catch(() => {});
  }
}

Deno.test("Recorder keeps what it accepted over kill -9", async () => {
  await using world = new RecorderWorld();
  await world.recorder.start();
  assert(world.recorder.accept(messageRecords("a", 1, 2)));
  assert(world.recorder.accept([messageRecord("b", 1)]));
  assert.equal(world.recorder.pending.records, 3);
  await using again = world.restarted();
  const report = await again.recorder.start();
  assert.equal(report?.records, 3);
  assert.deepEqual(again.sink.stored, ["a1", "a2", "b1"]);
  assert(again.recorder.accept([messageRecord("a", 3)]));
});

Deno.test("Recorder writes to no segment's name that a damaged one keeps", async () => {
  await using world = new RecorderWorld();
  Deno.writeTextFileSync(`${world.path}/0000000001.ndjson`, "?\n");
  const report = await world.recorder.start();
  assert.equal(report?.damagedLines, 1);
  world.recorder.accept([messageRecord()]);
  assert.deepEqual(world.directory.list().sort(), [
    "0000000001.ndjson.damaged",
    "0000000002.ndjson",
  ]);
});

Deno.test("Recorder leaves no journal behind once all is in the database", async () => {
  await using world = new RecorderWorld();
  await world.recorder.start();
  world.recorder.accept(messageRecords("a", 1, 2));
  await world.recorder.flushRoom("a");
  await world.recorder.stop(1000);
  assert.deepEqual(world.directory.list(), []);
  assert.deepEqual(world.sink.stored, ["a1", "a2"]);
  assert.equal(world.clock.armed, 0);
});

Deno.test("Recorder accepts nothing before its start and after its stop", async () => {
  await using world = new RecorderWorld();
  assert.equal(world.recorder.accept([messageRecord()]), false);
  await world.recorder.start();
  assert.equal(world.recorder.accept([messageRecord()]), true);
  await world.recorder.stop(1000);
  assert.equal(world.recorder.accept([messageRecord()]), false);
});

Deno.test("Recorder writes nothing for no records", async () => {
  await using world = new RecorderWorld();
  await world.recorder.start();
  assert.equal(world.recorder.accept([]), true);
  assert.deepEqual(world.directory.list(), []);
});

Deno.test("Recorder keeps nothing of what the journal refused", async () => {
  await using world = new RecorderWorld();
  await world.recorder.start();
  world.recorder.accept([messageRecord("a", 1)]);
  world.directory.roomBytes = 30;
  assert.equal(world.recorder.accept(messageRecords("a", 2, 3)), false);
  assert.equal(world.recorder.pending.records, 1);
  assert.notEqual(world.recorder.journal?.failing, null);
  world.directory.roomBytes = Infinity;
  assert.equal(world.recorder.accept([messageRecord("a", 2)]), true);
  await using again = world.restarted();
  await again.recorder.start();
  assert.deepEqual(again.sink.stored, ["a1", "a2"]);
});

Deno.test("Recorder refuses past the bound of pending bytes and journals none of it", async () => {
  await using one = new RecorderWorld();
  await one.recorder.start();
  one.recorder.accept([messageRecord("a", 1)]);
  const { bytes } = one.recorder.pending;
  for (const [slack, count] of [[-1, 1], [0, 2], [1, 2]] as const) {
    await using world = new RecorderWorld({
      pendingBytesMax: 2 * bytes + slack,
    });
    await world.recorder.start();
    for (const seq of [1, 2, 3]) {
      world.recorder.accept([messageRecord("a", seq)]);
    }
    assert.equal(world.recorder.pending.records, count);
    assert.equal(world.recorder.journal?.bytes, count * bytes);
    await world.recorder.flushAll();
    assert.equal(world.recorder.accept([messageRecord("a", 4)]), true);
  }
});

Deno.test("Recorder keeps what cannot be refused, past any bound", async () => {
  await using world = new RecorderWorld({ pendingBytesMax: 10 });
  await world.recorder.start();
  assert.equal(world.recorder.accept([messageRecord()]), false);
  world.recorder.acceptOwed([closedRecord("a", "s1")]);
  world.directory.roomBytes = 0;
  world.recorder.acceptOwed([closedRecord("a", "s2")]);
  assert.equal(world.recorder.pending.records, 2);
  await world.recorder.flushAll();
  assert.deepEqual(world.sink.stored, ["s1", "s2"]);
});

Deno.test("Recorder refuses a record that could not be read back", async () => {
  await using world = new RecorderWorld({ pendingBytesMax: 1e9 });
  await world.recorder.start();
  const record = messageRecord("a", 1, "x".repeat(5_000_000));
  assert.equal(world.recorder.accept([record]), false);
  assert.equal(world.recorder.pending.records, 0);
  assert.deepEqual(world.log.texts, [
    "error Cannot record: want at most 4194304 bytes a record",
  ]);
});

Deno.test("Recorder with memory durability has no journal and the same bound", async () => {
  await using world = new RecorderWorld({
    durability: "memory",
    pendingBytesMax: 400,
  });
  assert.equal(await world.recorder.start(), undefined);
  assert.equal(world.recorder.journal, null);
  let accepted = 0;
  while (world.recorder.accept([messageRecord("a", accepted + 1)])) {
    accepted += 1;
  }
  assert(accepted >= 1);
  assert(world.recorder.pending.bytes <= 400);
  assert.deepEqual(world.directory.list(), []);
});

Deno.test("Recorder says at once that all is durable unless it syncs", async () => {
  for (const durability of ["memory", "journal"] as const) {
    await using world = new RecorderWorld({ durability });
    await world.recorder.start();
    world.recorder.accept([messageRecord()]);
    const told: boolean[] = [];
    world.recorder.afterDurable((ok) => told.push(ok));
    assert.deepEqual(told, [true]);
    assert.equal(world.directory.syncs, 0);
  }
});

Deno.test("Recorder with fsync durability says it after a sync of the turn", async () => {
  await using world = new RecorderWorld({ durability: "fsync" });
  await world.recorder.start();
  const told = Promise.withResolvers<boolean>();
  world.recorder.accept([messageRecord()]);
  world.recorder.afterDurable(told.resolve);
  assert.equal(world.directory.syncs, 0);
  assert.equal(await told.promise, true);
  assert.equal(world.directory.syncs, 1);
});

Deno.test("Recorder stops with its waiters released", async () => {
  await using world = new RecorderWorld({ durability: "fsync" });
  await world.recorder.start();
  const told: boolean[] = [];
  world.recorder.accept([messageRecord()]);
  world.recorder.afterDurable((ok) => told.push(ok));
  await world.recorder.stop(1000);
  assert.deepEqual(told, [true]);
});

Deno.test("Recorder stops in time when the disk hangs", async () => {
  await using world = new RecorderWorld({ durability: "fsync" });
  await world.recorder.start();
  const gate = Promise.withResolvers<void>();
  world.directory.syncGate = gate.promise;
  world.recorder.accept([messageRecord()]);
  const told = Promise.withResolvers<boolean>();
  world.recorder.afterDurable(told.resolve);
  let isStopped = false;
  const stop = world.recorder.stop(2000).then(() => {
    isStopped = true;
  });
  await world.clock.advance(1999);
  assert.equal(isStopped, false);
  await world.clock.advance(1);
  await stop;
  gate.resolve();
  await told.promise;
});

Deno.test("Recorder says what stays in the journal when the database fails", async () => {
  await using world = new RecorderWorld();
  await world.recorder.start();
  world.recorder.accept(messageRecords("a", 1, 3));
  world.sink.failure = new Error("database is locked");
  const stop = world.recorder.stop(2000);
  await world.clock.advance(2000);
  await stop;
  assert.equal(
    world.log.texts.at(-1),
    "error Stopped with 3 records not in the database: " +
      "they stay in the journal for the next start",
  );
  await using again = world.restarted();
  await again.recorder.start();
  assert.deepEqual(again.sink.stored, ["a1", "a2", "a3"]);
});

Deno.test("Recorder says what is lost when there is no journal", async () => {
  await using world = new RecorderWorld({ durability: "memory" });
  await world.recorder.start();
  world.recorder.accept([messageRecord()]);
  world.sink.failure = new Error("database is locked");
  const stop = world.recorder.stop(100);
  await world.clock.advance(100);
  await stop;
  assert.equal(
    world.log.texts.at(-1),
    "error Stopped with 1 records not in the database: they are lost",
  );
});

Deno.test("Recorder does not start while the database cannot take the journal", async () => {
  await using world = new RecorderWorld();
  await world.recorder.start();
  world.recorder.accept([messageRecord()]);
  await using again = world.restarted();
  again.sink.failure = new Error("database is locked");
  await assert.rejects(again.recorder.start(), {
    message: "Cannot replay the journal: database is locked",
  });
  assert.equal(again.recorder.accept([messageRecord("a", 2)]), false);
  again.sink.failure = undefined;
  await again.recorder.start();
  assert.deepEqual(again.sink.stored, ["a1"]);
});

Deno.test("Recorder passes disconnects and overdue flushes on", async () => {
  await using world = new RecorderWorld();
  await world.recorder.start();
  world.recorder.accept([messageRecord()]);
  assert.equal(await world.recorder.flushDue(), 0);
  world.recorder.noteDisconnect();
  await world.clock.advance(1000);
  await settle();
  assert.deepEqual(world.sink.stored, ["a1"]);
});

Deno.test("Recorder refuses durability without a directory", () => {
  assert.throws(
    () =>
      new Recorder({
        durability: "journal",
        directory: undefined,
        sink: new ControlledSink(),
        clock: new FakeClock(),
        log: new RecordingLog(),
        limits: { sizeMax: 50, ageMsMax: 60_000, pendingBytesMax: 1000 },
        ids: { uuid: () => "id", fraction: () => 0 },
        metrics: new Metrics(),
      }),
    {
      name: "TypeError",
      message:
        "Cannot record with durability journal: want a directory, got none",
    },
  );
});
