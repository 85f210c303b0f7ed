import assert from "node:assert/strict";
import { FieldPath } from "../../../../src/live/sources/websocket/field_path.ts";

Deno.test("FieldPath finds fields and places, and nothing else", () => {
  const value = { a: { b: [{ c: 1 }, null] }, "": 2, n: null };
  const cases: [string, unknown][] = [
    ["a.b.0.c", 1],
    ["a.b.1", null],
    ["a.b.2", undefined],
    ["a.x.c", undefined],
    ["n.x", undefined],
    ["a.b.0.c.toFixed", undefined],
    ["constructor", undefined],
    ["a.__proto__", undefined],
    ["a.b.length", 2],
  ];
  for (const [path, found] of cases) {
    assert.equal(new FieldPath(path).read(value), found, path);
  }
  assert.equal(new FieldPath("length").read("text"), undefined);
});
