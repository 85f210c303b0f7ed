import assert from "node:assert/strict";
import {
  BYTES_BURST,
  BYTES_PER_SEC,
  FRAMES_BURST,
  FRAMES_PER_SEC,
  InboundBudget,
} from "../../src/edge/inbound_budget.ts";

/** Takes frames until one has to wait; answers how many there were. */
function drain(budget: InboundBudget, now: number, size = 1): number {
  let count = 0;
  while (budget.take(size, now) === 0) count += 1;
  return count;
}

Deno.test("InboundBudget lets a burst through, and then frames at their rate", () => {
  const budget = new InboundBudget();
  assert.equal(drain(budget, 0), FRAMES_BURST);
  assert.equal(budget.take(1, 0), Math.ceil(1000 / FRAMES_PER_SEC));
  assert.equal(drain(budget, 1000), FRAMES_PER_SEC);
  assert.equal(drain(budget, 1500), FRAMES_PER_SEC / 2);
});

Deno.test("InboundBudget counts what frames hold, up to the bound", () => {
  const budget = new InboundBudget();
  assert.equal(budget.take(BYTES_BURST - 1, 0), 0);
  assert.equal(budget.take(2, 0), 1);
  assert.equal(budget.take(1, 0), 0);
  assert.equal(budget.take(BYTES_PER_SEC, 0), 1000);
  assert.equal(budget.take(BYTES_PER_SEC, 999) > 0, true);
  assert.equal(budget.take(BYTES_PER_SEC, 1000), 0);
});

Deno.test("InboundBudget takes nothing for a frame that it refuses", () => {
  const budget = new InboundBudget();
  drain(budget, 0);
  for (let count = 0; count < FRAMES_BURST; count++) budget.take(1, 0);
  assert.equal(drain(budget, 1000), FRAMES_PER_SEC);
});

Deno.test("InboundBudget is never fuller than at first", () => {
  const budget = new InboundBudget();
  assert.equal(drain(budget, 1_000_000), FRAMES_BURST);
  assert.equal(drain(budget, 10_000_000), FRAMES_BURST);
});

Deno.test("InboundBudget takes as much at once as a room's mailbox holds", () => {
  const laneMax = 10_000;
  assert(drain(new InboundBudget(), 0) >= laneMax);
});
