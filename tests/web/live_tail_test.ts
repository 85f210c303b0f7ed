import assert from "node:assert/strict";
import type { LiveItem } from "../../src/web/live_facts.ts";
import { isAmong, LiveTail, seqOf } from "../../src/web/live_tail.ts";

function item(seq: number, type = "chat"): LiveItem {
  return { seq, at: 0, data: { type } };
}

function filled(count: number): LiveTail {
  const tail = new LiveTail(3);
  for (let seq = 1; seq <= count; seq++) tail.add(item(seq));
  return tail;
}

Deno.test("LiveTail keeps so many of the newest lines", () => {
  const cases: [number, number[], number][] = [
    [2, [1, 2], 0],
    [3, [1, 2, 3], 0],
    [4, [2, 3, 4], 1],
    [100, [98, 99, 100], 97],
  ];
  for (const [count, wanted, droppedSeq] of cases) {
    const tail = filled(count);
    assert(tail.count <= 6, "it grows");
    assert.equal(tail.hasHole, count >= 6);
    assert.deepEqual(tail.takeAll().map(seqOf), wanted);
    assert.equal(tail.droppedSeq, droppedSeq);
    assert.deepEqual([tail.count, tail.hasHole], [0, false]);
  }
});

Deno.test("LiveTail gives the oldest first, and takes older ones back", () => {
  const tail = filled(3);
  assert.deepEqual(tail.takeFirst(2).map(seqOf), [1, 2]);
  tail.addFirst([item(1), "a note"]);
  assert.deepEqual(tail.takeAll(), [item(1), "a note", item(3)]);
  tail.add(item(9));
  tail.addFirst([item(5), item(6), item(7)]);
  assert.deepEqual(tail.takeAll().map(seqOf), [6, 7, 9]);
  assert.equal(tail.droppedSeq, 5);
});

Deno.test("LiveTail.clear() forgets all, and what it let go", () => {
  const tail = filled(10);
  assert.equal(tail.hasHole, true);
  tail.clear();
  assert.deepEqual([tail.count, tail.droppedSeq, tail.hasHole], [0, 0, false]);
});

Deno.test("isAmong() finds a message alone or in a sum of its type", () => {
  const lines = [item(3), "a note", { ...item(9, "like"), from_seq: 5 }];
  const cases: [LiveItem, boolean][] = [
    [item(3), true],
    [item(4), false],
    [item(4, "like"), false],
    [item(5, "like"), true],
    [item(9, "like"), true],
    [item(10, "like"), false],
    [item(7), false],
  ];
  for (const [one, wanted] of cases) {
    assert.equal(isAmong(one, lines), wanted, `${one.seq}`);
  }
});
