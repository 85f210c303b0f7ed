import assert from "node:assert/strict";
import { type IntervalTask, startIntervals } from "../../src/jobs/interval.ts";
import { FakeClock, settle, START_AT } from "../support/fake_clock.ts";
import { FakeCron } from "../support/fake_cron.ts";
import { RecordingLog } from "../support/recording_log.ts";

const MINUTE_MS = 60_000;

/** A clock that an operator sets. */
class SetClock extends FakeClock {
  offsetMs = 0;

  override now(): number {
    return super.now() + this.offsetMs;
  }
}

function newTask(
  intervalMs: number,
  run: IntervalTask["run"],
  name = "count",
): IntervalTask {
  return { name, intervalMs, run };
}

/** Starts tasks under a clock, a cron, a log and a signal of their own. */
function start(...tasks: IntervalTask[]) {
  const clock = new SetClock();
  const fake = new FakeCron();
  const log = new RecordingLog();
  const abort = new AbortController();
  const options = { signal: abort.signal, log, clock };
  const stopped = startIntervals(fake.cron, tasks, options);
  return { clock, fake, log, abort, stopped };
}

/** Starts one task; answers when it ran, in ms from the start. */
function startCounting(intervalMs: number) {
  const ranMs: number[] = [];
  const world = start(newTask(intervalMs, () => {
    ranMs.push(world.clock.monotonic());
    return Promise.resolve();
  }));
  return { ...world, ranMs };
}

Deno.test("startIntervals runs a task of whole minutes by the calendar", async () => {
  const { abort, clock, fake, ranMs, stopped } = startCounting(5 * MINUTE_MS);
  assert.deepEqual(fake.scheduled, ["count * * * * *"]);
  assert.equal(clock.armed, 0);
  for (let minute = 1; minute <= 11; minute++) {
    await clock.advance(MINUTE_MS);
    await fake.fire("count");
  }
  assert.deepEqual(ranMs, [5 * MINUTE_MS, 10 * MINUTE_MS]);
  abort.abort();
  await stopped;
});

Deno.test("startIntervals makes up for a minute that cron missed", async () => {
  const { abort, clock, fake, ranMs, stopped } = startCounting(5 * MINUTE_MS);
  await clock.advance(4 * MINUTE_MS);
  await fake.fire("count");
  await clock.advance(3 * MINUTE_MS);
  await fake.fire("count");
  await clock.advance(MINUTE_MS);
  await fake.fire("count");
  await clock.advance(2 * MINUTE_MS);
  await fake.fire("count");
  assert.deepEqual(ranMs, [7 * MINUTE_MS, 10 * MINUTE_MS]);
  abort.abort();
  await stopped;
});

Deno.test("startIntervals goes on at its pace when the clock is set back", async () => {
  const { abort, clock, fake, ranMs, stopped } = startCounting(5 * MINUTE_MS);
  clock.offsetMs = -60 * MINUTE_MS;
  for (let minute = 1; minute <= 6; minute++) {
    await clock.advance(MINUTE_MS);
    await fake.fire("count");
  }
  assert.deepEqual(ranMs, [MINUTE_MS, 5 * MINUTE_MS]);
  abort.abort();
  await stopped;
});

Deno.test("startIntervals runs any other task by a timer", async () => {
  for (const intervalMs of [1000, MINUTE_MS - 1, MINUTE_MS + 1, 90_000]) {
    const { abort, clock, fake, ranMs, stopped } = startCounting(intervalMs);
    assert.deepEqual(fake.scheduled, []);
    // The wall clock does not matter to a timer.
    clock.offsetMs = -START_AT / 2;
    await clock.advance(intervalMs - 1);
    assert.deepEqual(ranMs, []);
    await clock.advance(1 + 2 * intervalMs);
    assert.deepEqual(ranMs, [intervalMs, 2 * intervalMs, 3 * intervalMs]);
    abort.abort();
    await stopped;
    assert.equal(clock.armed, 0);
  }
});

Deno.test("startIntervals leaves out a task whose interval is 0", async () => {
  const { abort, clock, fake, ranMs, stopped } = startCounting(0);
  await clock.advance(60 * MINUTE_MS);
  assert.deepEqual(fake.scheduled, []);
  assert.deepEqual(ranMs, []);
  abort.abort();
  await stopped;
});

Deno.test("startIntervals skips a task of the calendar that still runs, once a stretch", async () => {
  const gate = Promise.withResolvers<void>();
  let count = 0;
  const { abort, clock, fake, log, stopped } = start(newTask(
    2 * MINUTE_MS,
    () => {
      count += 1;
      return gate.promise;
    },
  ));
  await clock.advance(2 * MINUTE_MS);
  const first = fake.fire("count");
  for (let minute = 1; minute <= 3; minute++) {
    await clock.advance(MINUTE_MS);
    await fake.fire("count");
  }
  assert.equal(count, 1);
  assert.deepEqual(log.texts, ["warn Job count is due and still running"]);
  gate.resolve();
  await first;
  // What was skipped is not made up for.
  await fake.fire("count");
  assert.equal(count, 1);
  await clock.advance(MINUTE_MS);
  await fake.fire("count");
  assert.equal(count, 2);
  abort.abort();
  await stopped;
});

Deno.test("startIntervals skips a task of a timer that still runs", async () => {
  const gate = Promise.withResolvers<void>();
  let count = 0;
  const { abort, clock, log, stopped } = start(newTask(1000, () => {
    count += 1;
    return gate.promise;
  }));
  await clock.advance(4000);
  assert.equal(count, 1);
  gate.resolve();
  await clock.advance(1000);
  assert.equal(count, 2);
  assert.deepEqual(log.texts, [
    "warn Job count is due and still running",
    "warn Job count was due 3 times while it ran",
  ]);
  abort.abort();
  await stopped;
});

Deno.test("startIntervals does not let a long task hold up another", async () => {
  const gate = Promise.withResolvers<void>();
  let count = 0;
  const { abort, clock, fake, stopped } = start(
    newTask(MINUTE_MS, () => gate.promise, "long"),
    newTask(MINUTE_MS, () => Promise.resolve(void (count += 1)), "short"),
  );
  await clock.advance(MINUTE_MS);
  const long = fake.fire("long");
  await fake.fire("short");
  await clock.advance(MINUTE_MS);
  await fake.fire("short");
  assert.equal(count, 2);
  gate.resolve();
  abort.abort();
  await Promise.all([long, stopped]);
});

Deno.test("startIntervals logs a failing run and runs again", async () => {
  let count = 0;
  const { abort, clock, log, stopped } = start(newTask(1000, () => {
    count += 1;
    return Promise.reject(new Error("no luck"));
  }));
  await clock.advance(2000);
  assert.equal(count, 2);
  assert.deepEqual(log.texts, [
    "error Job count failed",
    "error Job count failed",
  ]);
  abort.abort();
  await stopped;
});

Deno.test("startIntervals waits for runs in progress when it stops", async () => {
  const gate = Promise.withResolvers<void>();
  let isStopped = false;
  const { abort, clock, fake, stopped } = start(
    newTask(1000, () => gate.promise, "timer"),
    newTask(MINUTE_MS, () => gate.promise, "calendar"),
  );
  await clock.advance(MINUTE_MS);
  const run = fake.fire("calendar");
  abort.abort();
  const done = stopped.then(() => isStopped = true);
  await settle();
  assert(!isStopped);
  gate.resolve();
  await Promise.all([run, done]);
  assert.equal(clock.armed, 0);
});

Deno.test("startIntervals starts nothing under a signal that aborted before", async () => {
  const clock = new FakeClock();
  const never = () => Promise.reject(new Error("Ran"));
  const task = newTask(1000, never);
  const log = new RecordingLog();
  const options = { signal: AbortSignal.abort(), log, clock };
  await startIntervals(new FakeCron().cron, [task], options);
  assert.equal(clock.armed, 0);
});
