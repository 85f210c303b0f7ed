import assert from "node:assert/strict";
import { type Job, startJobs } from "../../src/jobs/schedule.ts";
import { settle } from "../support/fake_clock.ts";
import { FakeCron } from "../support/fake_cron.ts";
import { RecordingLog } from "../support/recording_log.ts";

function newJob(run: Job["run"], name = "count"): Job {
  return { name, schedule: "* * * * *", run };
}

/** Starts jobs under a cron, a log and a signal of their own. */
function start(...jobs: Job[]) {
  const fake = new FakeCron();
  const log = new RecordingLog();
  const abort = new AbortController();
  const { signal } = abort;
  const stopped = startJobs(fake.cron, jobs, { signal, log });
  return { fake, log, abort, stopped };
}

Deno.test("startJobs schedules each job and runs it when it is due", async () => {
  const ran: string[] = [];
  const { fake, abort, stopped } = start(
    newJob(() => Promise.resolve(void ran.push("one")), "one"),
    newJob(() => Promise.resolve(void ran.push("two")), "two"),
  );
  assert.deepEqual(fake.scheduled, ["one * * * * *", "two * * * * *"]);
  await fake.fire("two");
  await fake.fire("one");
  await fake.fire("two");
  assert.deepEqual(ran, ["two", "one", "two"]);
  abort.abort();
  await stopped;
});

Deno.test("startJobs skips a job that is still running", async () => {
  const gate = Promise.withResolvers<void>();
  let count = 0;
  const { fake, log, abort, stopped } = start(newJob(() => {
    count += 1;
    return gate.promise;
  }));
  const first = fake.fire("count");
  await fake.fire("count");
  assert.equal(count, 1);
  assert.deepEqual(log.texts, ["warn Job count is due and still running"]);
  gate.resolve();
  await first;
  await fake.fire("count");
  assert.equal(count, 2);
  abort.abort();
  await stopped;
});

Deno.test("startJobs does not let a long job hold up another", async () => {
  const gate = Promise.withResolvers<void>();
  let isRun = false;
  const { fake, abort, stopped } = start(
    newJob(() => gate.promise, "long"),
    newJob(() => Promise.resolve(void (isRun = true)), "short"),
  );
  const long = fake.fire("long");
  await fake.fire("short");
  assert(isRun);
  gate.resolve();
  abort.abort();
  await Promise.all([long, stopped]);
});

Deno.test("startJobs logs a failing run, hides it from cron and runs again", async () => {
  const failures = [
    () => Promise.reject(new Error("later")),
    () => {
      throw new Error("at once");
    },
  ];
  const { fake, log, abort, stopped } = start(
    newJob(() => failures.shift()?.() ?? Promise.resolve()),
  );
  await fake.fire("count");
  await fake.fire("count");
  await fake.fire("count");
  assert.deepEqual(log.texts, [
    "error Job count failed",
    "error Job count failed",
  ]);
  abort.abort();
  await stopped;
});

Deno.test("startJobs waits for a run in progress when it stops", async () => {
  const gate = Promise.withResolvers<void>();
  let isAborted = false;
  let isStopped = false;
  const { fake, abort, stopped } = start(newJob(async (signal) => {
    await gate.promise;
    isAborted = signal.aborted;
  }));
  const run = fake.fire("count");
  const done = stopped.then(() => isStopped = true);
  abort.abort();
  await settle();
  assert(!isStopped);
  gate.resolve();
  await Promise.all([run, done]);
  assert(isAborted);
});

Deno.test("startJobs runs nothing that falls due after it stopped", async () => {
  let count = 0;
  const { fake, abort, stopped } = start(
    newJob(() => Promise.resolve(void (count += 1))),
  );
  abort.abort();
  await stopped;
  await fake.fire("count");
  assert.equal(count, 0);
});

Deno.test("denoCron fires by itself, survives failures and stops with its signal", async () => {
  const schedule = import.meta.resolve("../../src/jobs/schedule.ts");
  const code = `
    import { denoCron, startJobs } from "${schedule}";
    const abort = new AbortController();
    let count = 0;
    const log = { error: (line) => console.log(line) };
    const run = () => {
      if (++count === 3) abort.abort();
      throw new Error("no luck");
    };
    const jobs = [{ name: "count", schedule: "* * * * *", run }];
    await startJobs(denoCron, jobs, { signal: abort.signal, log });
    console.log("stopped after", count);
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", "--unstable-cron", code],
    env: { DENO_CRON_TEST_SCHEDULE_OFFSET: "50" },
  }).output();
  assert.equal(
    new TextDecoder().decode(stdout),
    "Job count failed\n".repeat(3) + "stopped after 3\n",
    new TextDecoder().decode(stderr),
  );
});
