import assert from "node:assert/strict";
import { COMMON_FLAGS } from "../../cli/common_flags.ts";

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
