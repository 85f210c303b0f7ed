import assert from "node:assert/strict";
import { flushJob } from "../../src/jobs/flush.ts";
import { RecordingLog } from "../support/recording_log.ts";

const { signal } = new AbortController();

Deno.test("flushJob flushes what is overdue each minute, and says how much", async () => {
  const log = new RecordingLog();
  const job = flushJob({ flushDue: () => Promise.resolve(3) }, log);
  assert.equal(job.schedule, "* * * * *");
  await job.run(signal);
  assert.deepEqual(log.texts, [
    "warn Found 3 overdue messages and flushed them",
  ]);
});

Deno.test("flushJob says nothing when nothing is overdue", async () => {
  const log = new RecordingLog();
  await flushJob({ flushDue: () => Promise.resolve(0) }, log).run(signal);
  assert.deepEqual(log.texts, []);
});

Deno.test("flushJob leaves a failed flush to the schedule", async () => {
  const refused = { flushDue: () => Promise.reject(new Error("disk full")) };
  await assert.rejects(
    flushJob(refused, new RecordingLog()).run(signal),
    /disk full/,
  );
});
