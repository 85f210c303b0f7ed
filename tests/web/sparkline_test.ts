import assert from "node:assert/strict";
import { sparkPoints } from "../../src/web/sparkline.ts";

const BOX = { width: 100, height: 22 };

Deno.test("sparkPoints go from left to right, the greatest number on top", () => {
  assert.equal(sparkPoints([0, 5, 10], BOX), "0,21 50,11 100,1");
});

Deno.test("sparkPoints of nothing lie on the ground", () => {
  assert.equal(sparkPoints([0, 0], BOX), "0,21 100,21");
  assert.equal(sparkPoints([], BOX), "");
  assert.equal(sparkPoints([3], BOX), "0,1");
});
