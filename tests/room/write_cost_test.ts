import assert from "node:assert/strict";
import { WriteCost } from "../../src/room/write_cost.ts";

Deno.test("WriteCost moves towards what a frame took from slice to slice", () => {
  const cost = new WriteCost();
  assert.equal(cost.of(1000), 5);
  for (let slice = 0; slice < 100; slice++) {
    cost.beginSlice(slice * 20, slice > 0);
    cost.note(1000);
  }
  assert.equal(cost.of(1000).toFixed(3), "20.000");
});

Deno.test("WriteCost tells what this slice's frames will cost", () => {
  const cost = new WriteCost();
  cost.beginSlice(0, false);
  assert.equal(cost.owedMs, 0);
  cost.note(100);
  cost.note(100);
  assert.equal(cost.owedMs, 1);
  cost.beginSlice(1, true);
  assert.equal(cost.owedMs, 0);
});

Deno.test("WriteCost learns nothing from a pause between two slices", () => {
  const cost = new WriteCost();
  cost.beginSlice(0, false);
  cost.note(1000);
  cost.beginSlice(60_000, false);
  assert.equal(cost.of(1000), 5);
});

Deno.test("WriteCost learns nothing from fewer than 16 frames", () => {
  const cost = new WriteCost();
  cost.beginSlice(0, false);
  cost.note(15);
  cost.beginSlice(60_000, true);
  assert.equal(cost.of(1000), 5);
  cost.note(16);
  cost.beginSlice(60_016, true);
  assert(cost.of(1000) > 5);
});
