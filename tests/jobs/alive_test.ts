import assert from "node:assert/strict";
import { aliveJob } from "../../src/jobs/alive.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";

Deno.test("aliveJob notes each minute that the server is alive", async () => {
  const clock = new FakeClock();
  const touches: number[] = [];
  const store = {
    touch: (at: number) => {
      touches.push(at);
      return Promise.resolve();
    },
  };
  const job = aliveJob(store, clock);
  assert.deepEqual([job.name, job.schedule], ["alive", "* * * * *"]);
  const { signal } = new AbortController();
  await job.run(signal);
  await clock.advance(60_000);
  await job.run(signal);
  assert.deepEqual(touches, [START_AT, START_AT + 60_000]);
});
