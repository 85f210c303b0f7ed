import assert from "node:assert/strict";
import {
  boundedText,
  isAtMost,
  shortText,
  trimmedText,
} from "../../src/wire/text.ts";

const ASTRAL = "😀";

Deno.test("isAtMost counts characters of the basic plane", () => {
  assert(isAtMost("a".repeat(3), 4));
  assert(isAtMost("a".repeat(4), 4));
  assert(!isAtMost("a".repeat(5), 4));
});

Deno.test("isAtMost counts a character of two units once", () => {
  assert(isAtMost(ASTRAL.repeat(3), 4));
  assert(isAtMost(ASTRAL.repeat(4), 4));
  assert(!isAtMost(ASTRAL.repeat(4) + "a", 4));
  assert(!isAtMost(ASTRAL.repeat(5), 4));
  assert(isAtMost("aa" + ASTRAL.repeat(2), 4));
});

Deno.test("boundedText takes text of one character up to its bound", () => {
  const schema = boundedText(4);
  for (const text of ["a", "abcd", ASTRAL.repeat(4), "中文字符"]) {
    assert.equal(schema.parse(text), text);
  }
});

Deno.test("boundedText refuses no text, too much and what is no text", () => {
  const schema = boundedText(4);
  for (const value of ["", "abcde", ASTRAL.repeat(5), 1, null, ["a"], {}]) {
    assert.equal(schema.safeParse(value).success, false);
  }
});

Deno.test("boundedText says what it wants", () => {
  const { error } = boundedText(4).safeParse("abcde");
  assert.equal(error?.issues[0]?.message, "want at most 4 characters");
});

Deno.test("boundedText replaces lone surrogates", () => {
  assert.equal(boundedText(4).parse("a\ud800b"), "a\ufffdb");
  assert.equal(boundedText(4).parse("\udc00"), "\ufffd");
});

Deno.test("shortText takes no text too, and has the bound of boundedText", () => {
  const schema = shortText(4);
  for (const text of ["", " ", "abcd", ASTRAL.repeat(4)]) {
    assert.equal(schema.parse(text), text);
  }
  for (const value of ["abcde", "a\0", 1, null, undefined]) {
    assert.equal(schema.safeParse(value).success, false);
  }
});

Deno.test("trimmedText takes the space off both ends before it counts", () => {
  const schema = trimmedText(4);
  assert.equal(schema.parse(" \n abcd \u3000"), "abcd");
  assert.equal(schema.parse("  "), "");
  assert.equal(schema.parse("a b"), "a b");
  assert.equal(schema.parse(" a\ud800 "), "a\ufffd");
  assert.equal(schema.safeParse(" abcde ").success, false);
  assert.equal(schema.safeParse(" a\0 ").success, false);
});
