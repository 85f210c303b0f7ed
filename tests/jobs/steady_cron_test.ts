import assert from "node:assert/strict";
import { startIntervals } from "../../src/jobs/interval.ts";
import type { CronPort } from "../../src/jobs/schedule.ts";
import { steadyCron } from "../../src/jobs/steady_cron.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A cron that waits for instants of the wall clock, as the runtime's does. */
function wallCron(clock: FakeClock): CronPort {
  return (_name, _schedule, { signal }, run) => {
    let timer: Disposable;
    let dueAt = (Math.floor(clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
    function wait(): void {
      timer = clock.after(Math.max(1, dueAt - clock.now()), () => {
        if (clock.now() >= dueAt) {
          dueAt += MINUTE_MS;
          void run();
        }
        wait();
      });
    }
    wait();
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  };
}

/** When a job ran, in minutes from the start. */
function start(schedule: string, wrap: typeof steadyCron | undefined) {
  const clock = new FakeClock();
  const bare = wallCron(clock);
  const cron = wrap?.(bare, clock) ?? bare;
  const ran: number[] = [];
  const aborter = new AbortController();
  const stopped = cron("job", schedule, { signal: aborter.signal }, () => {
    ran.push(clock.monotonic() / MINUTE_MS);
    return Promise.resolve();
  });
  return { aborter, clock, ran, stopped };
}

Deno.test("steadyCron leaves every minute to cron", async () => {
  const { aborter, clock, ran, stopped } = start("* * * * *", steadyCron);
  await clock.advance(3 * MINUTE_MS);
  assert.deepEqual(ran, [1, 2, 3]);
  aborter.abort();
  await stopped;
  assert.equal(clock.armed, 0);
});

Deno.test("steadyCron goes on while the clock is set back an hour", async () => {
  const { aborter, clock, ran, stopped } = start("* * * * *", steadyCron);
  await clock.advance(2 * MINUTE_MS);
  clock.setBack(HOUR_MS);
  await clock.advance(70 * MINUTE_MS);
  const gaps = ran.slice(1).map((at, index) => at - (ran[index] ?? 0));
  assert(Math.max(...gaps) <= 2, `gaps of ${Math.max(...gaps)} min`);
  // No minute has two runs once cron is back.
  assert(ran.length <= 72, `${ran.length} runs`);
  aborter.abort();
  await stopped;
});

Deno.test("steadyCron is needed: without it the hour is silent", async () => {
  const { aborter, clock, ran, stopped } = start("* * * * *", undefined);
  await clock.advance(2 * MINUTE_MS);
  clock.setBack(HOUR_MS);
  await clock.advance(59 * MINUTE_MS);
  assert.deepEqual(ran, [1, 2]);
  aborter.abort();
  await stopped;
});

Deno.test("steadyCron leaves what runs less often alone", async () => {
  const { aborter, clock, ran, stopped } = start("7 * * * *", steadyCron);
  clock.setBack(HOUR_MS);
  await clock.advance(30 * MINUTE_MS);
  assert.deepEqual(ran, []);
  assert.equal(clock.armed, 1);
  aborter.abort();
  await stopped;
});

Deno.test("startIntervals holds its pace on a steadyCron that is set back", async () => {
  const clock = new FakeClock();
  const ran: number[] = [];
  const aborter = new AbortController();
  const stopped = startIntervals(steadyCron(wallCron(clock), clock), [{
    name: "reap",
    intervalMs: 5 * MINUTE_MS,
    run: () => Promise.resolve(void ran.push(clock.monotonic() / MINUTE_MS)),
  }], { clock, signal: aborter.signal, log: new RecordingLog() });
  await clock.advance(12 * MINUTE_MS);
  clock.setBack(HOUR_MS);
  await clock.advance(90 * MINUTE_MS);
  const gaps = ran.slice(1).map((at, index) => at - (ran[index] ?? 0));
  assert(Math.max(...gaps) <= 6, `gaps of ${Math.max(...gaps)} min`);
  aborter.abort();
  await stopped;
  assert.equal(clock.armed, 0);
});
