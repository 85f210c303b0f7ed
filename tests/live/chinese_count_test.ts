import assert from "node:assert/strict";
import { countOf } from "../../src/live/chinese_count.ts";

Deno.test("countOf reads what platforms show", () => {
  const cases: [string, number][] = [
    ["43.6万", 436_000],
    ["1.2亿", 120_000_000],
    ["3千", 3000],
    ["10万+", 100_000],
    ["0", 0],
    ["12345", 12_345],
    ["1,234,567", 1_234_567],
    [" 46.8万 ", 468_000],
    ["0.1234567万", 1235],
  ];
  for (const [text, count] of cases) assert.equal(countOf(text), count, text);
});

Deno.test("countOf is null for what is no count", () => {
  const texts = ["", "万", "-5", "1e5", "12,34", "1.万", "abc", "1万2", "NaN"];
  for (const text of texts) assert.equal(countOf(text), null, text);
});

Deno.test("countOf is null for what is too long or too large to be one", () => {
  assert.equal(countOf("9007199254740991"), Number.MAX_SAFE_INTEGER);
  assert.equal(countOf("9007199254740992"), null);
  assert.equal(countOf("0".repeat(31) + "7"), 7);
  assert.equal(countOf("0".repeat(32) + "7"), null);
});
