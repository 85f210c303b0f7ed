import assert from "node:assert/strict";
import { LineSplitter } from "../../src/record/line_splitter.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The lines of a text that arrives in pieces of a size. */
function split(text: string, size: number, bytesMax = 100) {
  const splitter = new LineSplitter(bytesMax);
  const bytes = encoder.encode(text);
  const lines: (string | undefined)[] = [];
  for (let from = 0; from < bytes.length; from += size) {
    const piece = bytes.slice(from, from + size);
    for (const line of splitter.split(piece)) {
      lines.push(line && decoder.decode(line));
    }
  }
  return { lines, restBytes: splitter.restBytes };
}

Deno.test("LineSplitter finds the same lines however the bytes arrive", () => {
  const text = "one\n\n三行\nfour\nrest";
  for (let size = 1; size <= 30; size++) {
    assert.deepEqual(split(text, size), {
      lines: ["one", "", "三行", "four"],
      restBytes: 4,
    });
  }
});

Deno.test("LineSplitter has no rest after a newline", () => {
  assert.deepEqual(split("one\n", 100), { lines: ["one"], restBytes: 0 });
  assert.deepEqual(split("", 100), { lines: [], restBytes: 0 });
});

Deno.test("LineSplitter keeps lines up to its bound and passes over longer ones", () => {
  const text = `${"x".repeat(8)}\n${"y".repeat(9)}\n${"z".repeat(10)}\nend\n`;
  for (const size of [1, 3, 100]) {
    const { lines } = split(text, size, 10);
    assert.deepEqual(lines, ["xxxxxxxx", "yyyyyyyyy", undefined, "end"]);
  }
});
