import assert from "node:assert/strict";
import { LINE_BYTES_MAX } from "../../src/record/journal_line.ts";
import { journalLine } from "../../src/record/journal_line.ts";
import { LineBuffer } from "../../src/record/line_buffer.ts";
import { messageRecord, messageRecords } from "../support/records.ts";

const decoder = new TextDecoder();

Deno.test("LineBuffer encodes records as their lines, with their sizes", () => {
  const records = [messageRecord("a", 1, "é中😀"), messageRecord("b", 1)];
  const lines = new LineBuffer().encode(records);
  assert(lines);
  const expected = records.map((record, index) =>
    journalLine(record, records.length - 1 - index)
  );
  assert.equal(decoder.decode(lines.bytes), expected.join(""));
  const sizes = expected.map((line) => new TextEncoder().encode(line).length);
  assert.deepEqual(lines.sizes, sizes);
});

Deno.test("LineBuffer grows for what does not fit and is filled again", () => {
  const buffer = new LineBuffer();
  const many = messageRecords("a", 1, 5000);
  const large = buffer.encode(many);
  assert.equal(large?.sizes.length, 5000);
  const text = decoder.decode(large?.bytes);
  assert.equal(text.split("\n").length, 5001);
  assert(text.endsWith(journalLine(messageRecord("a", 5000), 0)));
  const small = buffer.encode([messageRecord("b", 1)]);
  const line = journalLine(messageRecord("b", 1), 0);
  assert.equal(decoder.decode(small?.bytes), line);
});

Deno.test("LineBuffer takes the longest line and no longer one", () => {
  const buffer = new LineBuffer();
  const empty = journalLine(messageRecord("a", 1, ""), 0).length;
  const content = "x".repeat(LINE_BYTES_MAX - empty);
  const longest = buffer.encode([messageRecord("a", 1, content)]);
  assert.equal(longest?.bytes.length, LINE_BYTES_MAX);
  assert.equal(
    buffer.encode([messageRecord("a", 1, `${content}x`)]),
    undefined,
  );
});
