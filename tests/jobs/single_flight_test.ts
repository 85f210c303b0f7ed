import assert from "node:assert/strict";
import { SingleFlight, type Task } from "../../src/jobs/single_flight.ts";
import { settle } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

function newFlight(run: Task["run"]) {
  const abort = new AbortController();
  const log = new RecordingLog();
  const options = { signal: abort.signal, log };
  return {
    abort,
    log,
    flight: new SingleFlight({ name: "count", run }, options),
  };
}

Deno.test("SingleFlight runs its task each time", async () => {
  let count = 0;
  const { flight, log } = newFlight(() => Promise.resolve(void (count += 1)));
  await flight.run();
  await flight.run();
  assert.equal(count, 2);
  assert.deepEqual(log.texts, []);
});

Deno.test("SingleFlight skips what is due while it runs, and says so twice at most", async () => {
  const gates = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  let count = 0;
  const { flight, log } = newFlight(() =>
    gates[count++]?.promise ?? Promise.resolve()
  );
  const first = flight.run();
  await flight.run();
  await flight.run();
  await flight.run();
  assert.equal(count, 1);
  gates[0]?.resolve();
  await first;
  const second = flight.run();
  await flight.run();
  gates[1]?.resolve();
  await second;
  assert.equal(count, 2);
  assert.deepEqual(log.texts, [
    "warn Job count is due and still running",
    "warn Job count was due 3 times while it ran",
    "warn Job count is due and still running",
  ]);
  assert.deepEqual(
    log.lines.map(({ fields }) => fields),
    [1, 3, 1].map(
      (count) => ({ event: "job_skipped", job: "count", count }),
    ),
  );
});

Deno.test("SingleFlight logs a failure and runs again", async () => {
  const failures = [
    () => Promise.reject(new Error("later")),
    () => {
      throw new Error("at once");
    },
  ];
  const { flight, log } = newFlight(() =>
    failures.shift()?.() ?? Promise.resolve()
  );
  await flight.run();
  await flight.run();
  await flight.run();
  assert.deepEqual(log.texts, [
    "error Job count failed",
    "error Job count failed",
  ]);
});

Deno.test("SingleFlight hands its signal on, and begins nothing once it aborted", async () => {
  const seen: boolean[] = [];
  const { abort, flight } = newFlight((signal) =>
    Promise.resolve(void seen.push(signal.aborted))
  );
  await flight.run();
  abort.abort();
  await flight.run();
  assert.deepEqual(seen, [false]);
});

Deno.test("SingleFlight has landed when no run is under way", async () => {
  const gate = Promise.withResolvers<void>();
  const { flight } = newFlight(() => gate.promise);
  await flight.landed;
  const run = flight.run();
  let isLanded = false;
  const landed = flight.landed.then(() => isLanded = true);
  await settle();
  assert(!isLanded);
  gate.resolve();
  await Promise.all([run, landed]);
});
