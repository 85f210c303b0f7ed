import assert from "node:assert/strict";
import fc from "fast-check";
import { JOURNAL_LIMITS } from "../../src/record/journal.ts";
import { settle, START_AT } from "../support/fake_clock.ts";
import { JournalWorld, SMALL_LIMITS } from "../support/journal_world.ts";
import {
  messageRecord,
  messageRecords,
  recordName,
} from "../support/records.ts";

/** A record whose line takes about 400 bytes: two fill a small segment. */
function large(seq: number) {
  return messageRecord("a", seq, "x".repeat(250));
}

Deno.test("Journal keeps what was appended, in order", async () => {
  await using world = new JournalWorld();
  world.append(messageRecord("a", 1), messageRecord("b", 1));
  world.append(messageRecord("a", 2));
  assert.deepEqual(world.files, ["0000000001.ndjson"]);
  assert.deepEqual(await world.replayed(), ["a1", "b1", "a2"]);
});

Deno.test("Journal writes one line of JSON for each record", async () => {
  await using world = new JournalWorld();
  world.append(...messageRecords("a", 1, 2));
  const lines = world.text("0000000001.ndjson").split("\n");
  assert.equal(lines.pop(), "");
  const parsed = lines.map((line) => JSON.parse(line));
  assert.deepEqual(parsed.map(({ more }) => more), [1, 0]);
  assert.deepEqual(
    parsed.map(({ record }) => record),
    messageRecords("a", 1, 2),
  );
});

Deno.test("Journal begins a segment when the next append would not fit", async () => {
  const limits = { ...SMALL_LIMITS, segmentBytesMax: 2 * lineBytes() };
  await using world = new JournalWorld({ limits });
  for (const record of messageRecords("a", 1, 2)) world.append(record);
  assert.equal(world.files.length, 1);
  world.append(messageRecord("a", 3));
  assert.deepEqual(world.files, ["0000000001.ndjson", "0000000002.ndjson"]);
  assert.deepEqual(await world.replayed(), ["a1", "a2", "a3"]);
});

Deno.test("Journal takes an append larger than a segment", async () => {
  await using world = new JournalWorld();
  const records = messageRecords("a", 1, 20);
  assert(world.append(...records));
  assert.equal(world.files.length, 1);
  assert.deepEqual(await world.replayed(), records.map(recordName));
});

Deno.test("Journal removes a full segment once all of it is released", async () => {
  await using world = new JournalWorld();
  const first = world.append(large(1));
  world.append(large(2));
  const third = world.append(large(3));
  assert.equal(world.files.length, 2);
  first?.release(1);
  assert.equal(world.files.length, 2, "a2 is not released");
  third?.release(1);
  first?.release(1);
  assert.deepEqual(world.files, ["0000000002.ndjson"]);
});

Deno.test("Journal empties the segment it writes once all of a large one is released", async () => {
  await using world = new JournalWorld();
  const holder = world.append(large(1));
  assert(world.journal.facts.bytes > SMALL_LIMITS.freeBytesMax);
  holder?.release(1);
  assert.deepEqual(world.files, ["0000000001.ndjson"]);
  assert.equal(world.text("0000000001.ndjson"), "");
  assert.equal(world.journal.facts.bytes, 0);
  world.append(large(2));
  assert.deepEqual(await world.replayed(), ["a2"]);
});

Deno.test("Journal lets a small segment be when all of it is released", async () => {
  await using world = new JournalWorld();
  world.append(messageRecord("a", 1))?.release(1);
  assert.notEqual(world.text("0000000001.ndjson"), "");
});

Deno.test("Journal leaves no file when it closes with all released", async () => {
  await using world = new JournalWorld();
  const holders = [1, 2, 3].map((seq) => world.append(large(seq)));
  for (const holder of holders) holder?.release(1);
  await world.journal.close();
  assert.deepEqual(world.files, []);
});

Deno.test("Journal keeps on disk what is not released when it closes", async () => {
  await using world = new JournalWorld();
  const holder = world.append(messageRecord("a", 1));
  await world.journal.close();
  assert.equal(world.append(messageRecord("a", 2)), undefined);
  assert.equal(world.files.length, 1);
  holder?.release(1);
  assert.deepEqual(world.files, []);
});

Deno.test("Journal goes on after a write that the disk took in parts", async () => {
  await using world = new JournalWorld();
  world.directory.writeBytesMax = 7;
  assert(world.append(...messageRecords("a", 1, 3)));
  assert.deepEqual(await world.replayed(), ["a1", "a2", "a3"]);
});

Deno.test("Journal refuses an append when the disk is full, wherever it fills up", async () => {
  const bytes = lineBytes();
  for (let roomBytes = 0; roomBytes < 2 * bytes; roomBytes += 13) {
    await using world = new JournalWorld();
    world.append(messageRecord("a", 1));
    world.directory.roomBytes = roomBytes;
    assert.equal(world.append(...messageRecords("a", 2, 3)), undefined);
    assert.equal(world.text("0000000001.ndjson").length, bytes);
    world.directory.roomBytes = Infinity;
    assert(world.append(messageRecord("b", 1)));
    assert.deepEqual(await world.replayed(), ["a1", "b1"]);
    assert.equal(world.directory.created.length, 1);
  }
});

Deno.test("Journal begins a segment after a torn append that it cannot cut off", async () => {
  const bytes = lineBytes();
  for (let roomBytes = 0; roomBytes < 2 * bytes; roomBytes += 13) {
    await using world = new JournalWorld();
    world.append(messageRecord("a", 1));
    world.directory.roomBytes = roomBytes;
    world.directory.canTruncate = false;
    assert.equal(world.append(...messageRecords("a", 2, 3)), undefined);
    world.directory.roomBytes = Infinity;
    assert(world.append(messageRecord("b", 1)));
    assert.equal(world.directory.created.length, 2);
    assert.deepEqual(await world.replayed(), ["a1", "b1"]);
  }
});

Deno.test("Journal removes a torn segment that held nothing else", async () => {
  await using world = new JournalWorld();
  world.directory.roomBytes = 40;
  world.directory.canTruncate = false;
  assert.equal(world.append(messageRecord("a", 1)), undefined);
  assert.deepEqual(world.files, []);
});

Deno.test("Journal makes a bounded number of files while nothing works", async () => {
  await using world = new JournalWorld();
  Object.assign(world.directory, {
    roomBytes: 0,
    canTruncate: false,
    canRemove: false,
  });
  for (let turn = 0; turn < 50; turn++) {
    assert.equal(world.append(messageRecord("a", 1)), undefined);
  }
  assert.equal(world.directory.created.length, SMALL_LIMITS.leftoversMax + 1);
  const removals = world.log.texts.filter((text) => /remove/.test(text));
  assert.equal(removals.length, SMALL_LIMITS.leftoversMax + 1);
  Object.assign(world.directory, { roomBytes: Infinity, canRemove: true });
  assert(world.append(messageRecord("a", 2)));
  assert.deepEqual(await world.replayed(), ["a2"]);
});

Deno.test("Journal goes on in a long segment while no file can be made", async () => {
  await using world = new JournalWorld();
  world.append(large(1));
  world.append(large(2));
  world.directory.canCreate = false;
  assert(world.append(large(3)));
  world.directory.canCreate = true;
  for (let seq = 4; seq < 7; seq++) assert(world.append(large(seq)));
  assert.equal(world.files.length, 2);
  assert.deepEqual(
    await world.replayed(),
    ["a1", "a2", "a3", "a4", "a5", "a6"],
  );
});

Deno.test("Journal tells once that it fails, and once that it works again", async () => {
  await using world = new JournalWorld();
  world.directory.roomBytes = 0;
  for (let turn = 0; turn < 3; turn++) world.append(messageRecord("a", 1));
  assert.deepEqual(world.journal.facts.failing, {
    sinceAt: START_AT,
    error: "No space left on device",
    attempts: 3,
  });
  world.directory.roomBytes = Infinity;
  world.append(messageRecord("a", 1));
  assert.equal(world.journal.facts.failing, null);
  assert.deepEqual(world.log.texts, [
    "error Failed to write the journal: No space left on device",
    "info The journal can be written again",
  ]);
  const { body } = await world.metrics.text();
  assert.match(body, /^parlor_journal_failures_total 3$/m);
  assert.match(body, /^parlor_journal_write_seconds_count 4$/m);
});

Deno.test("Journal says at once that all is durable when it does not sync", async () => {
  await using world = new JournalWorld();
  world.append(messageRecord("a", 1));
  const told: boolean[] = [];
  world.journal.afterDurable((ok) => told.push(ok));
  assert.deepEqual(told, [true]);
  assert.equal(world.directory.syncs, 0);
});

Deno.test("Journal says that all is durable after a sync", async () => {
  await using world = new JournalWorld({ isSynced: true });
  const gate = Promise.withResolvers<void>();
  world.directory.syncGate = gate.promise;
  world.append(messageRecord("a", 1));
  const told = Promise.withResolvers<boolean>();
  let isTold = false;
  world.journal.afterDurable((ok) => {
    isTold = true;
    told.resolve(ok);
  });
  await settle();
  assert.equal(isTold, false);
  gate.resolve();
  assert.equal(await told.promise, true);
  assert.equal(world.directory.syncs, 1);
});

Deno.test("Journal syncs a full segment too when its appends were not", async () => {
  await using world = new JournalWorld({ isSynced: true });
  for (let seq = 1; seq < 4; seq++) world.append(large(seq));
  assert.equal(world.files.length, 2);
  const told = Promise.withResolvers<boolean>();
  world.journal.afterDurable(told.resolve);
  assert.equal(await told.promise, true);
  assert.equal(world.directory.syncs, 2);
});

Deno.test("Journal syncs a full segment before the next one begins", async () => {
  await using world = new JournalWorld({ isSynced: true });
  for (const seq of [1, 2]) world.append(large(seq));
  assert.deepEqual(world.directory.syncedNow, []);
  world.append(large(3));
  assert.deepEqual(world.files, ["0000000001.ndjson", "0000000002.ndjson"]);
  assert.deepEqual(world.directory.syncedNow, ["0000000001.ndjson"]);
});

Deno.test("Journal goes on in a long segment while that cannot be synced", async () => {
  await using world = new JournalWorld({ isSynced: true });
  world.directory.canSyncNow = false;
  for (const seq of [1, 2, 3]) assert.ok(world.append(large(seq)));
  assert.deepEqual(world.files, ["0000000001.ndjson"]);
  assert.deepEqual(await world.replayed(), ["a1", "a2", "a3"]);
});

Deno.test("Journal begins a segment without a sync when it promises none", async () => {
  await using world = new JournalWorld();
  for (const seq of [1, 2, 3]) world.append(large(seq));
  assert.equal(world.files.length, 2);
  assert.deepEqual(world.directory.syncedNow, []);
});

Deno.test("Journal syncs its folder once for each file that it makes", async () => {
  await using world = new JournalWorld({ isSynced: true });
  const counts: number[] = [];
  for (let seq = 1; seq <= 4; seq++) {
    world.append(large(seq));
    const told = Promise.withResolvers<boolean>();
    world.journal.afterDurable(told.resolve);
    await told.promise;
    counts.push(world.directory.folderSyncs);
  }
  assert.deepEqual(counts, [1, 1, 2, 2]);
});

Deno.test("Journal removes a segment while it is synced", async () => {
  await using world = new JournalWorld({ isSynced: true });
  const holders = [1, 2, 3].map((seq) => world.append(large(seq)));
  const told = Promise.withResolvers<boolean>();
  world.journal.afterDurable(told.resolve);
  await Promise.resolve();
  assert.equal(world.directory.syncs, 2);
  for (const holder of holders) holder?.release(1);
  assert.equal(world.files.length, 1);
  assert.equal(await told.promise, true);
});

Deno.test("Journal says that nothing is durable when a sync fails, then syncs again", async () => {
  await using world = new JournalWorld({ isSynced: true });
  world.directory.syncGate = Promise.reject(new Error("Input/output error"));
  world.append(messageRecord("a", 1));
  const failed = Promise.withResolvers<boolean>();
  world.journal.afterDurable(failed.resolve);
  assert.equal(await failed.promise, false);
  assert.equal(world.journal.facts.syncFailing?.error, "Input/output error");
  world.directory.syncGate = undefined;
  const synced = Promise.withResolvers<boolean>();
  world.journal.afterDurable(synced.resolve);
  assert.equal(await synced.promise, true);
  assert.equal(world.directory.syncs, 2);
  assert.equal(world.journal.facts.syncFailing, null);
});

Deno.test("Journal replays exactly what it took, on a disk that fails anyhow", async () => {
  const step = fc.record({
    verb: fc.constantFrom("append", "append", "fill", "room", "stick", "free"),
    count: fc.integer({ min: 1, max: 4 }),
    roomBytes: fc.integer({ min: 0, max: 900 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await using world = new JournalWorld();
      const taken: string[] = [];
      let seq = 0;
      for (const { verb, count, roomBytes } of steps) {
        if (verb === "fill") world.directory.roomBytes = roomBytes;
        if (verb === "room") world.directory.roomBytes = Infinity;
        if (verb === "stick") world.directory.canTruncate = false;
        if (verb === "free") world.directory.canTruncate = true;
        if (verb !== "append") continue;
        const records = messageRecords("a", seq + 1, seq + count);
        seq += count;
        if (world.append(...records)) taken.push(...records.map(recordName));
      }
      assert.deepEqual(await world.replayed(), taken);
    }),
    { numRuns: 100 },
  );
});

Deno.test("JOURNAL_LIMITS begin a segment each 8 MiB and free from 1 MiB on", () => {
  assert.equal(JOURNAL_LIMITS.segmentBytesMax, 8 * 1024 * 1024);
  assert.equal(JOURNAL_LIMITS.freeBytesMax, 1024 * 1024);
});

/** The bytes of the line of one message of room `a`. */
function lineBytes(): number {
  const line = { crc: "00000000", more: 0, record: messageRecord("a", 1) };
  return JSON.stringify(line).length + 1;
}
