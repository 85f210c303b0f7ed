import assert from "node:assert/strict";
import { isTrueInPython } from "../../src/wire/python_truth.ts";

Deno.test("isTrueInPython takes what says something for true", () => {
  for (const value of [true, 1, -1, 0.5, "0", " ", "false", [0], { a: 0 }]) {
    assert(isTrueInPython(value), JSON.stringify(value));
  }
});

Deno.test("isTrueInPython takes empty lists and objects for false too", () => {
  for (const value of [undefined, null, false, 0, -0, "", [], {}]) {
    assert(!isTrueInPython(value), JSON.stringify(value));
  }
});
