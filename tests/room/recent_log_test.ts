import assert from "node:assert/strict";
import fc from "fast-check";
import { entryWeight } from "../../src/room/entry_weight.ts";
import { RecentLog } from "../../src/room/recent_log.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { newMessage } from "./fixture.ts";

/** A log whose newest entries are held, up to a number. */
function filled(
  { lastSeq, entriesMax, through, weightMax = Infinity }: {
    lastSeq: number;
    entriesMax: number;
    through: number;
    weightMax?: number;
  },
): RecentLog {
  const log = new RecentLog({ lastSeq, entriesMax, weightMax });
  for (let seq = lastSeq + 1; seq <= through; seq++) log.push(newMessage(seq));
  return log;
}

function seqs(entries: readonly LogEntry[]): number[] {
  return entries.map(({ seq }) => seq);
}

Deno.test("RecentLog holds the newest entries up to its bound", () => {
  const log = filled({ lastSeq: 0, entriesMax: 3, through: 5 });
  assert.equal(log.lastSeq, 5);
  assert.deepEqual(seqs(log.after(2, 10)), [3, 4, 5]);
  assert.equal(log.get(2), undefined);
  assert.equal(log.get(3)?.seq, 3);
  assert.equal(log.get(6), undefined);
});

Deno.test("RecentLog covers what comes after its oldest entry", () => {
  const log = filled({ lastSeq: 0, entriesMax: 3, through: 5 });
  const covered = [0, 1, 2, 3, 5, 9].filter((seq) => log.covers(seq));
  assert.deepEqual(covered, [2, 3, 5, 9]);
});

Deno.test("RecentLog that was recovered covers only its end", () => {
  const log = filled({ lastSeq: 9, entriesMax: 3, through: 9 });
  assert.equal(log.lastSeq, 9);
  assert(log.covers(9));
  assert(!log.covers(8));
  assert.deepEqual(log.after(9, 10), []);
  log.push(newMessage(10));
  assert.deepEqual(seqs(log.after(9, 10)), [10]);
  assert(!log.covers(8));
});

Deno.test("RecentLog gives no more than the limit, and nothing past its end", () => {
  const log = filled({ lastSeq: 0, entriesMax: 10, through: 5 });
  assert.deepEqual(seqs(log.after(0, 2)), [1, 2]);
  assert.deepEqual(seqs(log.after(4, 2)), [5]);
  assert.deepEqual(log.after(5, 2), []);
  assert.deepEqual(log.after(0, 0), []);
});

Deno.test("RecentLog empties a message that was taken back", () => {
  const log = filled({ lastSeq: 0, entriesMax: 10, through: 2 });
  const before = log.get(1);
  log.blank(1);
  assert.deepEqual(log.get(1), newMessage(1, { content: "", deleted: true }));
  assert.deepEqual(log.get(2), newMessage(2));
  // Who was handed the entry before still holds it as it was.
  assert.deepEqual(before, newMessage(1));
});

Deno.test("RecentLog empties all that a message named, and forgets who read it", () => {
  const log = filled({ lastSeq: 0, entriesMax: 10, through: 0 });
  log.push(newMessage(1, {
    clientMsgId: "m1",
    messageType: "image",
    fileUrl: "/a.png",
    fileName: "a.png",
    senderType: "user",
    read: true,
  }));
  log.blank(1);
  const kept = { clientMsgId: "m1", content: "", deleted: true } as const;
  assert.deepEqual(log.get(1), newMessage(1, kept));
});

Deno.test("RecentLog marks a message as read", () => {
  const log = filled({ lastSeq: 0, entriesMax: 10, through: 2 });
  const before = log.get(1);
  log.markRead(1);
  assert.deepEqual(log.get(1), newMessage(1, { read: true }));
  assert.deepEqual(log.get(2), newMessage(2));
  assert.deepEqual(before, newMessage(1));
});

Deno.test("RecentLog knows what is settled, held or not", () => {
  const log = filled({ lastSeq: 9, entriesMax: 3, through: 12 });
  for (const seq of [5, 10]) log.markRead(seq);
  for (const seq of [6, 11]) log.blank(seq);
  const settled = [4, 5, 6, 10, 11, 12].filter((seq) => log.isSettled(seq));
  assert.deepEqual(settled, [5, 6, 10, 11]);
  for (let seq = 13; seq <= 16; seq++) log.push(newMessage(seq));
  assert(!log.covers(10) && log.isSettled(10));
});

Deno.test("RecentLog forgets the oldest of 2000 settled messages", () => {
  const log = filled({ lastSeq: 5000, entriesMax: 3, through: 5000 });
  for (let seq = 1; seq <= 2000; seq++) log.markRead(seq);
  assert(log.isSettled(1));
  log.markRead(2001);
  assert(!log.isSettled(1));
  assert(log.isSettled(2) && log.isSettled(2001));
});

Deno.test("RecentLog empties nothing but a message that it holds", () => {
  const log = filled({ lastSeq: 5, entriesMax: 10, through: 6 });
  const kick: LogEntry = {
    ...newMessage(7),
    kind: "kick",
    payload: { userId: "bob" },
  };
  log.push(kick);
  for (const seq of [0, 5, 7, 8]) log.blank(seq);
  assert.deepEqual(log.after(5, 10), [newMessage(6), kick]);
});

Deno.test("RecentLog does what the end of an array would", () => {
  const world = fc.record({
    lastSeq: fc.nat(20),
    entriesMax: fc.integer({ min: 1, max: 12 }),
    count: fc.nat(40),
    afterSeq: fc.nat(70),
    limit: fc.nat(15),
  });
  fc.assert(fc.property(world, ({ lastSeq, entriesMax, count, ...ask }) => {
    const through = lastSeq + count;
    const log = filled({ lastSeq, entriesMax, through });
    const held = Array.from(
      { length: count },
      (_, index) => lastSeq + 1 + index,
    ).slice(-entriesMax);
    const firstSeq = held[0] ?? through + 1;
    assert.equal(log.lastSeq, through);
    assert.equal(log.covers(ask.afterSeq), ask.afterSeq >= firstSeq - 1);
    assert.equal(
      log.get(ask.afterSeq)?.seq,
      held.find((seq) => seq === ask.afterSeq),
    );
    if (!log.covers(ask.afterSeq)) return;
    const wanted = held.filter((seq) => seq > ask.afterSeq);
    assert.deepEqual(
      seqs(log.after(ask.afterSeq, ask.limit)),
      wanted.slice(0, ask.limit),
    );
  }));
});

const WEIGHT = entryWeight(newMessage(1));

/** The numbers that a log of five messages holds, bounded by weight. */
function heldWithin(weightMax: number): number[] {
  const log = filled({ lastSeq: 0, entriesMax: 9, through: 5, weightMax });
  return [1, 2, 3, 4, 5].filter((seq) => log.get(seq) !== undefined);
}

Deno.test("RecentLog lets its oldest entries go past a weight", () => {
  assert.deepEqual(heldWithin(3 * WEIGHT - 1), [4, 5]);
  assert.deepEqual(heldWithin(3 * WEIGHT), [3, 4, 5]);
  assert.deepEqual(heldWithin(3 * WEIGHT + 1), [3, 4, 5]);
});

Deno.test("RecentLog lets as many go as a heavy one takes, itself at last", () => {
  const world = { lastSeq: 0, entriesMax: 9, through: 3 };
  const log = filled({ ...world, weightMax: 3 * WEIGHT });
  log.push(newMessage(4, { content: "x".repeat(WEIGHT) }));
  assert.deepEqual(seqs(log.after(2, 9)), [3, 4]);
  assert(!log.covers(1));
  log.push(newMessage(5, { content: "x".repeat(3 * WEIGHT) }));
  assert.equal(log.lastSeq, 5);
  assert(log.covers(5) && !log.covers(4));
  log.push(newMessage(6));
  assert.deepEqual(seqs(log.after(5, 9)), [6]);
});

Deno.test("RecentLog holds nothing once it is emptied, and keeps its number", () => {
  const log = filled({ lastSeq: 0, entriesMax: 9, through: 3 });
  log.forget();
  assert.equal(log.lastSeq, 3);
  assert.equal(log.get(3), undefined);
  assert(log.covers(3) && !log.covers(2));
  log.push(newMessage(4));
  assert.deepEqual(seqs(log.after(3, 9)), [4]);
  assert(!log.covers(2));
});

Deno.test("RecentLog has room for its whole weight once it is emptied", () => {
  const world = { lastSeq: 0, entriesMax: 9, through: 3 };
  const log = filled({ ...world, weightMax: 3 * WEIGHT });
  log.forget();
  for (const seq of [4, 5, 6]) log.push(newMessage(seq));
  assert.deepEqual(seqs(log.after(3, 9)), [4, 5, 6]);
});

Deno.test("RecentLog weighs a message that was taken back anew", () => {
  const weightMax = 3 * WEIGHT;
  const log = new RecentLog({ lastSeq: 0, entriesMax: 9, weightMax });
  log.push(newMessage(1, { content: "x".repeat(WEIGHT) }));
  log.push(newMessage(2));
  log.blank(1);
  log.markRead(2);
  log.push(newMessage(3));
  assert(log.covers(0));
  log.push(newMessage(4));
  assert.deepEqual([log.covers(0), log.covers(1)], [false, true]);
});
