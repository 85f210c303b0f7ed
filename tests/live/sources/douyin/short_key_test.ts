import assert from "node:assert/strict";
import { shortKey } from "../../../../src/live/sources/douyin/short_key.ts";

Deno.test("shortKey is the text itself, up to 128 characters", () => {
  for (const chars of [0, 127, 128]) {
    assert.equal(shortKey("x".repeat(chars)), "x".repeat(chars));
  }
});

Deno.test("shortKey is short, and of its own, for a longer text", () => {
  const keys = [129, 130, 100_000].map((chars) => shortKey("x".repeat(chars)));
  assert.equal(new Set(keys).size, 3);
  for (const key of keys) assert.equal(key.length, 71);
  assert.equal(shortKey("x".repeat(129)), keys[0]);
});
