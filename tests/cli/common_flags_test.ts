import assert from "node:assert/strict";
import {
  COMMON_FLAGS,
  ENDPOINT_FLAG,
  INSTANT_FLAG,
} from "../../cli/common_flags.ts";
import { ENDPOINT_NAMES } from "../../src/wire/callback.ts";

const { parse } = COMMON_FLAGS.url;

Deno.test("COMMON_FLAGS takes an address, with a path but no slash at its end", () => {
  assert.equal(parse("http://127.0.0.1:3000"), "http://127.0.0.1:3000");
  assert.equal(parse("https://a.example/chat//"), "https://a.example/chat");
});

Deno.test("COMMON_FLAGS refuses what a request cannot go to", () => {
  const bad = ["127.0.0.1:3000", "ws://a", "http://a/?b", "http://me@a/", ""];
  for (const input of bad) {
    assert.throws(() => parse(input), /want an address/, input);
  }
});

Deno.test("INSTANT_FLAG takes unix seconds and ISO text", () => {
  assert.equal(INSTANT_FLAG.parse("1767225600"), 1_767_225_600);
  assert.equal(INSTANT_FLAG.parse("2026-01-01T00:00:00Z"), 1_767_225_600);
});

Deno.test("ENDPOINT_FLAG takes every endpoint", () => {
  assert.deepEqual(ENDPOINT_FLAG.values, ENDPOINT_NAMES);
});
