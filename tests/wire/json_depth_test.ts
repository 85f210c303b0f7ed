import assert from "node:assert/strict";
import { jsonDepthFits } from "../../src/wire/json_depth.ts";

/** Arrays in arrays, `depth` of them. */
function nested(depth: number): unknown {
  return JSON.parse("[".repeat(depth) + "]".repeat(depth));
}

Deno.test("jsonDepthFits takes what nests as deep as the bound", () => {
  assert(jsonDepthFits(nested(63), { depthMax: 64 }));
  assert(jsonDepthFits(nested(64), { depthMax: 64 }));
  assert(!jsonDepthFits(nested(65), { depthMax: 64 }));
});

Deno.test("jsonDepthFits counts objects as it counts arrays", () => {
  assert(jsonDepthFits({ a: { b: 1 } }, { depthMax: 2 }));
  assert(!jsonDepthFits({ a: { b: {} } }, { depthMax: 2 }));
  assert(!jsonDepthFits({ a: 1, b: [[]] }, { depthMax: 2 }));
});

Deno.test("jsonDepthFits takes what does not nest", () => {
  for (const value of [null, undefined, 1, "[[[", true]) {
    assert(jsonDepthFits(value, { depthMax: 0 }));
  }
  assert(!jsonDepthFits([], { depthMax: 0 }));
});

Deno.test("jsonDepthFits survives what nests far too deep, or is very wide", () => {
  assert(!jsonDepthFits(nested(100_000), { depthMax: 64 }));
  assert(jsonDepthFits(new Array(300_000).fill({}), { depthMax: 2 }));
});
