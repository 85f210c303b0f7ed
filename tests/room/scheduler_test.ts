import assert from "node:assert/strict";
import { type Runnable, Scheduler } from "../../src/room/scheduler.ts";
import { WorkClock } from "./actor_world.ts";

/** A scheduler whose yields wait for the test. */
function newScheduler() {
  const clock = new WorkClock();
  const ran: string[] = [];
  let yields: (() => void)[] = [];
  const scheduler = new Scheduler({
    clock,
    yield: (next) => void yields.push(next),
  });

  /** A room that has so many turns of work, each so long. */
  function room(name: string, turns: number, turnMs = 0): Runnable {
    let left = turns;
    return {
      run: () => {
        ran.push(name);
        clock.workedMs += turnMs;
        left -= 1;
        return left > 0;
      },
    };
  }

  /** Lets the loop go round once; the names of those that ran. */
  function slice(): string[] {
    const due = yields;
    yields = [];
    for (const next of due) next();
    return ran.splice(0);
  }

  return { clock, room, scheduler, slice, waiting: () => yields.length };
}

Deno.test("Scheduler runs nothing before the loop went round", () => {
  const { room, scheduler, slice } = newScheduler();
  scheduler.ready(room("a", 1));
  assert.equal(scheduler.depth, 1);
  assert.deepEqual(slice(), ["a"]);
  assert.equal(scheduler.depth, 0);
  assert.deepEqual(slice(), []);
});

Deno.test("Scheduler runs rooms round robin, one turn each", () => {
  const { room, scheduler, slice } = newScheduler();
  scheduler.ready(room("flooded", 3));
  scheduler.ready(room("quiet", 1));
  assert.deepEqual(slice(), ["flooded", "quiet"]);
  assert.deepEqual(slice(), ["flooded"]);
  assert.deepEqual(slice(), ["flooded"]);
  assert.deepEqual(slice(), []);
});

Deno.test("Scheduler yields after a slice, and goes on with who waits longest", () => {
  const { room, scheduler, slice } = newScheduler();
  for (const name of ["a", "b", "c"]) scheduler.ready(room(name, 2, 2));
  assert.deepEqual(slice(), ["a", "b"]);
  assert.deepEqual(slice(), ["c", "a"]);
  assert.deepEqual(slice(), ["b", "c"]);
  assert.deepEqual(slice(), []);
});

Deno.test("Scheduler yields for the writes that frames will cost", () => {
  const { room, scheduler, slice } = newScheduler();
  const loud: Runnable = {
    run: () => {
      scheduler.writeCost.note(800);
      return false;
    },
  };
  scheduler.ready(loud);
  scheduler.ready(room("next", 1));
  assert.deepEqual(slice(), []);
  assert.deepEqual(slice(), ["next"]);
});

Deno.test("Scheduler measures frames from slice to slice, and no pause", () => {
  const { clock, scheduler, slice } = newScheduler();
  let turns = 0;
  const loud: Runnable = {
    run: () => {
      scheduler.writeCost.note(100);
      turns += 1;
      return turns === 2;
    },
  };
  scheduler.ready(loud);
  slice();
  clock.workedMs += 60_000;
  scheduler.ready(loud);
  slice();
  assert.equal(scheduler.writeCost.of(1000), 5);
  clock.workedMs += 50;
  slice();
  assert(scheduler.writeCost.of(1000) > 100);
});

Deno.test("Scheduler puts a room in line once, however often it is ready", () => {
  const { room, scheduler, slice, waiting } = newScheduler();
  const one = room("a", 1);
  scheduler.ready(one);
  scheduler.ready(one);
  assert.equal(scheduler.depth, 1);
  assert.equal(waiting(), 1);
  assert.deepEqual(slice(), ["a"]);
  scheduler.ready(one);
  assert.deepEqual(slice(), ["a"]);
});

Deno.test("Scheduler lets who becomes ready meanwhile wait for the next slice", () => {
  const { room, scheduler, slice } = newScheduler();
  const late = room("late", 1);
  scheduler.ready({
    run: () => {
      scheduler.ready(late);
      return false;
    },
  });
  assert.deepEqual(slice(), []);
  assert.deepEqual(slice(), ["late"]);
});

Deno.test("Scheduler puts a room in line again that became ready in its own turn", () => {
  const { scheduler, slice } = newScheduler();
  let turns = 0;
  const room: Runnable = {
    run: () => {
      turns += 1;
      if (turns === 1) scheduler.ready(room);
      return false;
    },
  };
  scheduler.ready(room);
  slice();
  slice();
  slice();
  assert.equal(turns, 2);
});

Deno.test("Scheduler is idle once no room has work", async () => {
  const { room, scheduler, slice } = newScheduler();
  await scheduler.idle();
  scheduler.ready(room("a", 2));
  let isIdle = false;
  const idle = scheduler.idle().then(() => {
    isIdle = true;
  });
  slice();
  await Promise.resolve();
  assert(!isIdle);
  slice();
  await idle;
  assert(isIdle);
});
