import assert from "node:assert/strict";
import { PAGE_WEIGHT_MAX } from "../../src/room/entry_weight.ts";
import { TurnBudget } from "../../src/room/turn_budget.ts";
import { WriteCost } from "../../src/room/write_cost.ts";
import { WorkClock } from "./actor_world.ts";

const NOTHING = {
  frameCount: 0,
  length: 0,
  joinedLength: 0,
  asideLengthMax: 0,
};

function newBudget() {
  const clock = new WorkClock();
  const cost = new WriteCost();
  const budget = new TurnBudget(clock, { cost, sliceMs: 4 });
  budget.start();
  return { budget, clock, cost };
}

Deno.test("TurnBudget is spent once a slice has passed since the start", () => {
  const { budget, clock } = newBudget();
  const spent = [0, 3.9, 4].map((ms) => {
    clock.workedMs = ms;
    return [budget.isTimeUp(0), budget.isSpent(NOTHING)];
  });
  assert.deepEqual(spent, [[false, false], [false, false], [true, true]]);
  budget.start();
  assert(!budget.isTimeUp(0));
});

Deno.test("TurnBudget counts what frames will cost, and the time together", () => {
  const { budget, clock } = newBudget();
  // A frame costs 5 µs before one was measured.
  assert(!budget.isSpent({ ...NOTHING, frameCount: 799 }));
  assert(budget.isSpent({ ...NOTHING, frameCount: 800 }));
  clock.workedMs = 3;
  assert(!budget.isTimeUp(199));
  assert(budget.isTimeUp(200));
});

Deno.test("TurnBudget goes by what a frame cost lately", () => {
  const { budget, cost } = newBudget();
  for (let slice = 0; slice < 50; slice++) {
    cost.beginSlice(slice * 40, slice > 0);
    budget.note(1000);
  }
  assert(!budget.isTimeUp(99));
  assert(budget.isTimeUp(101));
});

Deno.test("TurnBudget bounds what a turn says to each, and in joined frames", () => {
  const { budget } = newBudget();
  assert(!budget.isSpent({ ...NOTHING, length: 65_535 }));
  assert(budget.isSpent({ ...NOTHING, length: 65_536 }));
  const joinedMax = 16 * 1024 * 1024;
  assert(!budget.isSpent({ ...NOTHING, joinedLength: joinedMax - 1 }));
  assert(budget.isSpent({ ...NOTHING, joinedLength: joinedMax }));
});

Deno.test("TurnBudget bounds what a turn says to one session alone", () => {
  const { budget } = newBudget();
  // What a session is sent at once when it comes back fits.
  assert(!budget.isSpent({ ...NOTHING, asideLengthMax: PAGE_WEIGHT_MAX }));
  assert(!budget.isSpent({ ...NOTHING, asideLengthMax: 262_143 }));
  assert(budget.isSpent({ ...NOTHING, asideLengthMax: 262_144 }));
});

Deno.test("TurnBudget says how many messages fill a slice, at least one", () => {
  const { budget } = newBudget();
  // A frame costs 5 µs before one was measured.
  const counts = [1, 80, 799, 800, 5000].map((frames) =>
    budget.messagesMax(frames)
  );
  assert.deepEqual(counts, [800, 10, 1, 1, 1]);
  assert.equal(budget.messagesMax(0), Infinity);
});
