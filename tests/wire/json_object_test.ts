import assert from "node:assert/strict";
import { asJsonObject, parseJsonObject } from "../../src/wire/json_object.ts";

Deno.test("parseJsonObject gives the object in a text", () => {
  assert.deepEqual(parseJsonObject(' {"a":[1]} '), { a: [1] });
  assert.deepEqual(parseJsonObject("{}"), {});
});

Deno.test("parseJsonObject has nothing for other JSON and for no JSON", () => {
  for (const text of ["", "{", "[]", "1", "null", '"a"', "true", "{}x"]) {
    assert.equal(parseJsonObject(text), undefined, text);
  }
});

Deno.test("asJsonObject takes objects, and neither arrays nor null", () => {
  const value = { a: 1 };
  assert.equal(asJsonObject(value), value);
  for (const other of [[], null, undefined, "a", 1]) {
    assert.equal(asJsonObject(other), undefined);
  }
});
