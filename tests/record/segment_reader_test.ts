import assert from "node:assert/strict";
import type { JournalDirectory } from "../../src/record/journal_directory.ts";
import { journalLine } from "../../src/record/journal_line.ts";
import { SegmentReader } from "../../src/record/segment_reader.ts";
import { messageRecord, recordName } from "../support/records.ts";

/** Reads a text that arrives in pieces of a size. */
async function read(text: string, pieceBytes: number) {
  const bytes = new TextEncoder().encode(text);
  const directory = {
    async *read() {
      for (let from = 0; from < bytes.length; from += pieceBytes) {
        await Promise.resolve();
        yield bytes.slice(from, from + pieceBytes);
      }
    },
  } as unknown as JournalDirectory;
  const damage: string[] = [];
  const reader = new SegmentReader("one", (line, problem) => {
    damage.push(`${line} ${problem}`);
  });
  const pieces: string[][] = [];
  for await (const { records } of reader.read(directory)) {
    pieces.push(records.map(recordName));
  }
  return { reader, damage, names: pieces.flat(), pieces };
}

const first = journalLine(messageRecord("a", 1), 0);
const pair = journalLine(messageRecord("a", 2), 1) +
  journalLine(messageRecord("a", 3), 0);

Deno.test("SegmentReader reads whole appends however the bytes arrive", async () => {
  for (const size of [1, 7, 150, 10_000]) {
    const { reader, names, damage } = await read(first + pair, size);
    assert.deepEqual(names, ["a1", "a2", "a3"]);
    assert.deepEqual(damage, []);
    assert.equal(reader.isTorn, false);
  }
});

Deno.test("SegmentReader gives an append in one piece", async () => {
  const { pieces } = await read(pair, 10);
  assert.deepEqual(pieces, [["a2", "a3"]]);
});

Deno.test("SegmentReader is torn when the last append is not whole", async () => {
  const [begun] = pair.split(/(?<=\n)/);
  for (const end of [begun, pair.slice(0, -1), "{"]) {
    const { reader, names } = await read(first + end, 50);
    assert.deepEqual(names, ["a1"]);
    assert.equal(reader.isTorn, true);
    assert.equal(reader.damagedLines, 0);
  }
});

Deno.test("SegmentReader gives the good lines of an append that ends damaged", async () => {
  const [begun] = pair.split(/(?<=\n)/);
  const { reader, names } = await read(`${begun}{}\n`, 50);
  assert.deepEqual(names, ["a2"]);
  assert.equal(reader.isTorn, false);
});

Deno.test("SegmentReader counts damaged lines from 1", async () => {
  const { reader, names, damage } = await read(`?\n${first}?\n${pair}`, 50);
  assert.deepEqual(names, ["a1", "a2", "a3"]);
  assert.equal(reader.damagedLines, 2);
  assert.deepEqual(damage, [
    "1 it is not a JSON object",
    "3 it is not a JSON object",
  ]);
});

Deno.test("SegmentReader passes over a line that is too long", async () => {
  const long = "x".repeat(4 * 1024 * 1024);
  const { names, damage } = await read(`${long}\n${first}`, 1_000_000);
  assert.deepEqual(names, ["a1"]);
  assert.deepEqual(damage, ["1 it is too long"]);
});
