import assert from "node:assert/strict";
import { replayJournal } from "../../src/record/journal_replay.ts";
import { journalLine } from "../../src/record/journal_line.ts";
import { segmentName } from "../../src/record/journal_directory.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { ControlledSink } from "../support/controlled_sink.ts";
import { FaultyDirectory } from "../support/faulty_directory.ts";
import { RecordingLog } from "../support/recording_log.ts";
import {
  messageRecord,
  messageRecords,
  recordName,
} from "../support/records.ts";

/** A folder with segments in it, gone when disposed. */
class ReplayWorld implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "parlor-replay-" });
  readonly sink = new ControlledSink();
  readonly log = new RecordingLog();
  readonly directory = new FaultyDirectory(this.path);

  write(name: string, content: string | Uint8Array): void {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    Deno.writeFileSync(`${this.path}/${name}`, bytes);
  }

  replay(recordsMax?: number) {
    const { directory, sink, log } = this;
    const bound = recordsMax === undefined ? {} : { recordsMax };
    return replayJournal({ directory, sink, log, ...bound });
  }

  get files(): string[] {
    return this.directory.list().sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** The lines of one append. */
function append(...records: DurableRecord[]): string {
  return records.map((record, index) =>
    journalLine(record, records.length - 1 - index)
  ).join("");
}

Deno.test("replayJournal applies all segments in the order of their numbers", async () => {
  using world = new ReplayWorld();
  world.write(segmentName(9_999_999_999), append(messageRecord("a", 3)));
  world.write(
    segmentName(9),
    append(messageRecord("a", 1), messageRecord("a", 2)),
  );
  world.write(segmentName(10_000_000_000), append(messageRecord("a", 4)));
  const report = await world.replay();
  assert.deepEqual(world.sink.stored, ["a1", "a2", "a3", "a4"]);
  assert.deepEqual(report, {
    segments: 3,
    records: 4,
    damagedLines: 0,
    nextSegment: 10_000_000_001,
  });
  assert.deepEqual(world.files, []);
  assert.deepEqual(world.log.texts, [
    "info Applied 4 records from the journal",
  ]);
});

Deno.test("replayJournal finds nothing in an empty folder and says nothing", async () => {
  using world = new ReplayWorld();
  world.write("notes.txt", "not a segment\n");
  assert.deepEqual(await world.replay(), {
    segments: 0,
    records: 0,
    damagedLines: 0,
    nextSegment: 1,
  });
  assert.deepEqual(world.log.texts, []);
  assert.deepEqual(world.files, ["notes.txt"]);
});

Deno.test("replayJournal removes an empty segment", async () => {
  using world = new ReplayWorld();
  world.write(segmentName(1), "");
  assert.equal((await world.replay()).records, 0);
  assert.deepEqual(world.files, []);
});

Deno.test("replayJournal applies many records in batches of bounded size", async () => {
  using world = new ReplayWorld();
  const records = messageRecords("a", 1, 1201);
  world.write(segmentName(1), records.map((each) => append(each)).join(""));
  await world.replay();
  assert.deepEqual(world.sink.batches.map(({ length }) => length), [
    500,
    500,
    201,
  ]);
  assert.deepEqual(world.sink.stored, records.map(recordName));
});

Deno.test("replayJournal applies records while it still reads", async () => {
  using world = new ReplayWorld();
  const records = messageRecords("a", 1, 3000);
  world.write(segmentName(1), records.map((each) => append(each)).join(""));
  const { directory, sink } = world;
  const read = directory.read.bind(directory);
  let storedAtEnd = 0;
  directory.read = async function* (name) {
    yield* read(name);
    storedAtEnd = sink.stored.length;
  };
  await world.replay();
  assert(storedAtEnd >= 2000, `${storedAtEnd} of 3000 at the end`);
});

Deno.test("replayJournal cuts off a torn last line, wherever it is torn", async () => {
  const whole = append(messageRecord("a", 1));
  const torn = new TextEncoder().encode(append(messageRecord("a", 2, "你好")));
  for (let length = 1; length < torn.length; length++) {
    using world = new ReplayWorld();
    const bytes = new Uint8Array([
      ...new TextEncoder().encode(whole),
      ...torn.subarray(0, length),
    ]);
    world.write(segmentName(1), bytes);
    const report = await world.replay();
    assert.deepEqual(world.sink.stored, ["a1"], `${length} bytes`);
    assert.equal(report.damagedLines, 0);
    assert.deepEqual(world.files, []);
    assert.match(world.log.texts[0] ?? "", /^warn Left out an unfinished/);
  }
});

Deno.test("replayJournal leaves out an append whose last lines are not there", async () => {
  using world = new ReplayWorld();
  const lines = append(...messageRecords("a", 2, 4)).split("\n");
  const begun = `${lines[0]}\n${lines[1]}\n`;
  world.write(segmentName(1), append(messageRecord("a", 1)) + begun);
  await world.replay();
  assert.deepEqual(world.sink.stored, ["a1"]);
  assert.deepEqual(world.files, []);
});

Deno.test("replayJournal keeps an earlier segment that ends within an append", async () => {
  using world = new ReplayWorld();
  world.write(segmentName(1), append(messageRecord("a", 1)) + '{"crc":"0');
  world.write(segmentName(2), append(messageRecord("a", 2)));
  await world.replay();
  assert.deepEqual(world.sink.stored, ["a1", "a2"]);
  assert.deepEqual(world.files, ["0000000001.ndjson.damaged"]);
});

Deno.test("replayJournal reports a damaged line, applies the others and keeps the file", async () => {
  using world = new ReplayWorld();
  const lines = [1, 2, 3].map((seq) => append(messageRecord("a", seq)));
  lines[1] = lines[1]?.replace("hello", "hallo") ?? "";
  world.write(segmentName(7), lines.join(""));
  world.write(segmentName(8), append(messageRecord("a", 4)));
  const report = await world.replay();
  assert.deepEqual(world.sink.stored, ["a1", "a3", "a4"]);
  assert.equal(report.damagedLines, 1);
  assert.equal(report.nextSegment, 9);
  assert.deepEqual(world.files, ["0000000007.ndjson.damaged"]);
  assert.equal(
    Deno.readTextFileSync(`${world.path}/${world.files[0]}`),
    lines.join(""),
  );
  assert.deepEqual(world.log.texts, [
    "error Cannot read line 2 of journal 0000000007.ndjson: " +
    "its checksum does not fit",
    "error Kept damaged journal 0000000007.ndjson " +
    "as 0000000007.ndjson.damaged",
    "info Applied 3 records from the journal",
  ]);
});

Deno.test("replayJournal applies the good lines of an append with a damaged one", async () => {
  for (const damaged of [0, 1, 2]) {
    using world = new ReplayWorld();
    const lines = append(...messageRecords("a", 1, 3)).split(/(?<=\n)/);
    lines[damaged] = "{}\n";
    const next = append(...messageRecords("b", 1, 2));
    world.write(segmentName(1), lines.join("") + next);
    await world.replay();
    const good = ["a1", "a2", "a3"].filter((_, index) => index !== damaged);
    assert.deepEqual(world.sink.stored, [...good, "b1", "b2"]);
  }
});

Deno.test("replayJournal logs a bounded number of a segment's damaged lines", async () => {
  using world = new ReplayWorld();
  world.write(segmentName(1), "?\n".repeat(1000));
  const report = await world.replay();
  assert.equal(report.damagedLines, 1000);
  assert.equal(world.log.texts.length, 22);
});

Deno.test("replayJournal never takes a damaged segment's number again", async () => {
  using world = new ReplayWorld();
  world.write("0000000041.ndjson.damaged", "?\n");
  assert.equal((await world.replay()).nextSegment, 42);
  assert.deepEqual(world.files, ["0000000041.ndjson.damaged"]);
});

Deno.test("replayJournal removes nothing when the database fails midway", async () => {
  using world = new ReplayWorld();
  world.write(segmentName(1), append(messageRecord("a", 1)));
  world.write(segmentName(2), append(messageRecord("a", 2)));
  const { sink } = world;
  const apply = sink.apply.bind(sink);
  sink.apply = (records) => {
    if (sink.stored.length === 1) sink.failure = new Error("disk full");
    return apply(records);
  };
  await assert.rejects(world.replay(1), {
    message: "Cannot replay the journal: disk full",
  });
  assert.equal(world.files.length, 2);
  sink.apply = apply;
  sink.failure = undefined;
  await world.replay(1);
  assert.deepEqual(sink.stored, ["a1", "a1", "a2"], "applied again");
  assert.deepEqual(world.files, []);
});
