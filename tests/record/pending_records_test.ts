import assert from "node:assert/strict";
import fc from "fast-check";
import { PendingRecords } from "../../src/record/pending_records.ts";
import { noHolder } from "../../src/record/record_journal.ts";
import { closedRecord, messageRecord, recordName } from "../support/records.ts";

function add(pending: PendingRecords, roomId: string, seq: number): void {
  const added = { bytes: 10, holder: noHolder, addedMs: seq };
  pending.add(messageRecord(roomId, seq), added);
}

function names(taken: ReturnType<PendingRecords["take"]>): string[] {
  return taken.map(({ record }) => recordName(record));
}

Deno.test("PendingRecords gives the oldest of all, or of one room", () => {
  const pending = new PendingRecords();
  add(pending, "a", 1);
  add(pending, "b", 1);
  add(pending, "a", 2);
  assert.deepEqual(names(pending.take(9)), ["a1", "b1", "a2"]);
  assert.deepEqual(names(pending.take(2)), ["a1", "b1"]);
  assert.deepEqual(names(pending.take(9, "a")), ["a1", "a2"]);
  assert.deepEqual(names(pending.take(1, "a")), ["a1"]);
  assert.deepEqual(pending.take(9, "c"), []);
  assert.equal(pending.oldest()?.order, 1);
  assert.equal(pending.oldest("b")?.order, 2);
  assert.equal(pending.oldest("c"), undefined);
});

Deno.test("PendingRecords keeps what was taken until it is removed", () => {
  const pending = new PendingRecords();
  add(pending, "a", 1);
  add(pending, "b", 1);
  const taken = pending.take(9, "a");
  assert.equal(pending.records, 2);
  pending.remove(taken);
  assert.deepEqual(names(pending.take(9)), ["b1"]);
  pending.remove(pending.take(9));
  assert.equal(pending.records, 0);
  assert.equal(pending.oldest(), undefined);
  add(pending, "a", 2);
  assert.deepEqual(names(pending.take(9)), ["a2"]);
  assert.equal(pending.lastOrder, 3);
});

Deno.test("PendingRecords counts records, messages and bytes", () => {
  const pending = new PendingRecords();
  add(pending, "a", 1);
  const added = { bytes: 7, holder: noHolder, addedMs: 0 };
  pending.add(closedRecord("a"), added);
  assert.deepEqual(
    [pending.records, pending.messages, pending.bytes],
    [2, 1, 17],
  );
  pending.remove(pending.take(1));
  assert.deepEqual(
    [pending.records, pending.messages, pending.bytes],
    [1, 0, 7],
  );
});

Deno.test("PendingRecords is the same as a plain list, however it is used", () => {
  const step = fc.record({
    verb: fc.constantFrom("add", "add", "takeAll", "takeRoom"),
    roomId: fc.constantFrom("a", "b", "c"),
    count: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const pending = new PendingRecords();
    let list: string[] = [];
    let seq = 0;
    for (const { verb, roomId, count } of steps) {
      if (verb === "add") {
        seq += 1;
        add(pending, roomId, seq);
        list.push(`${roomId}${seq}`);
        continue;
      }
      const isOfRoom = verb === "takeRoom";
      const taken = pending.take(count, isOfRoom ? roomId : undefined);
      const expected = list
        .filter((name) => !isOfRoom || name.startsWith(roomId))
        .slice(0, count);
      assert.deepEqual(names(taken), expected);
      pending.remove(taken);
      list = list.filter((name) => !expected.includes(name));
      assert.equal(pending.records, list.length);
    }
    assert.deepEqual(names(pending.take(Infinity)), list);
  }));
});

Deno.test("PendingRecords touches only the room's records, with 200,000 pending", () => {
  const pending = new PendingRecords();
  const record = messageRecord("big", 1);
  const added = { bytes: 10, holder: noHolder, addedMs: 0 };
  for (let index = 0; index < 200_000; index++) pending.add(record, added);
  // A scan of all that is pending for each room would be 10^10 steps.
  for (let index = 0; index < 50_000; index++) {
    add(pending, `room${index}`, 1);
    pending.remove(pending.take(10, `room${index}`));
  }
  assert.equal(pending.records, 200_000);
  while (pending.records > 0) pending.remove(pending.take(2000));
  assert.equal(pending.bytes, 0);
});

Deno.test("PendingRecords counts what a device sent as a message", () => {
  const pending = new PendingRecords();
  const message = messageRecord("a", 1);
  assert(message.type === "entry" && message.entry.kind === "message");
  const payload = { identity: "sensor", sessionId: "s1", text: "1" };
  const entry = { ...message.entry, kind: "relay", payload } as const;
  const system = {
    ...entry,
    kind: "system",
    payload: { message: "m" },
  } as const;
  const added = { bytes: 10, holder: noHolder, addedMs: 0 };
  pending.add({ type: "entry", entry }, added);
  pending.add({ type: "entry", entry: system }, added);
  assert.deepEqual([pending.records, pending.messages], [2, 1]);
  pending.remove(pending.take(1));
  assert.equal(pending.messages, 0);
});

Deno.test("PendingRecords counts what a link sent as a message", () => {
  const pending = new PendingRecords();
  const message = messageRecord("a", 1);
  assert(message.type === "entry");
  const payload = { type: "chat", text: "{}", count: 1 } as const;
  const entry = { ...message.entry, kind: "live", payload } as const;
  const added = { bytes: 10, holder: noHolder, addedMs: 0 };
  pending.add({ type: "entry", entry }, added);
  assert.deepEqual([pending.records, pending.messages], [1, 1]);
  pending.remove(pending.take(1));
  assert.equal(pending.messages, 0);
});
