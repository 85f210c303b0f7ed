import assert from "node:assert/strict";
import { given, isAbsent } from "../../src/wire/given.ts";

Deno.test("given leaves out what is null or undefined, and nothing else", () => {
  const fields = { a: null, b: undefined, c: 0, d: "", e: false, f: "x" };
  assert.deepEqual(given(fields), { c: 0, d: "", e: false, f: "x" });
  assert.deepEqual(Object.keys(given({ a: null })), []);
});

Deno.test("isAbsent knows null and undefined", () => {
  assert(isAbsent(null) && isAbsent(undefined));
  assert(!isAbsent(0) && !isAbsent("") && !isAbsent(false));
});
