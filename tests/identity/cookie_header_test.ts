import assert from "node:assert/strict";
import { cookieOf } from "../../src/identity/cookie_header.ts";

Deno.test("cookieOf() finds a cookie among others", () => {
  const cases = [
    ["a=1", "1"],
    ["b=2; a=1; c=3", "1"],
    ["b=2;a=1", "1"],
    ['a="1"', "1"],
    ["a=%E5%BC%A0", "张"],
    ["a=%ff", "%ff"],
    ["a=1; a=2", "1"],
    ["a=", ""],
  ] as const;
  for (const [header, wanted] of cases) {
    assert.equal(cookieOf(header, "a"), wanted, header);
  }
});

Deno.test("cookieOf() answers undefined when the cookie is not there", () => {
  for (const header of [null, undefined, "", "aa=1", "b=a=1", "a", "A=1"]) {
    assert.equal(cookieOf(header, "a"), undefined, String(header));
  }
});
