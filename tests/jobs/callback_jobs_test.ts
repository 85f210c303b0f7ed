import assert from "node:assert/strict";
import { callbackJobs, callbackTasks } from "../../src/jobs/callback_jobs.ts";

/** Runs and a purge that note what was asked of them. */
function newRuns() {
  const asked: string[] = [];
  function note(word: string) {
    return () => {
      asked.push(word);
      return Promise.resolve({ queued: 0, failed: 0 });
    };
  }
  const runs = {
    chat: note("chat"),
    session: note("session"),
    snapshots: note("snapshots"),
    closings: note("closings"),
  };
  const retention = {
    purge: (signal?: AbortSignal) => {
      asked.push(`purge ${signal?.aborted}`);
      return Promise.resolve({ removed: 0, forgotten: 0, died: 0 });
    },
  };
  return { asked, retention, runs };
}

const { signal } = new AbortController();

Deno.test("callbackTasks makes batches and snapshots at the operator's pace", async () => {
  const { asked, runs } = newRuns();
  const pace = { chatBatchMs: 300_000, sessionBatchMs: 600_000, syncMs: 1000 };
  const tasks = callbackTasks(runs, pace);
  assert.deepEqual(tasks.map(({ name, intervalMs }) => [name, intervalMs]), [
    ["chat_batches", 300_000],
    ["session_batches", 600_000],
    ["sync", 1000],
  ]);
  for (const task of tasks) await task.run(signal);
  assert.deepEqual(asked, ["chat", "session", "snapshots"]);
});

Deno.test("callbackTasks hands a failure to who runs them", async () => {
  const { runs } = newRuns();
  const pace = { chatBatchMs: 1, sessionBatchMs: 1, syncMs: 0 };
  const broken = () => Promise.reject(new Error("disk full"));
  const [chat] = callbackTasks({ ...runs, chat: broken }, pace);
  assert(chat);
  await assert.rejects(chat.run(signal), /disk full/);
});

Deno.test("callbackJobs closes rooms each minute and purges each hour", async () => {
  const { asked, retention, runs } = newRuns();
  const jobs = callbackJobs(runs, retention);
  assert.deepEqual(jobs.map(({ name, schedule }) => `${name} ${schedule}`), [
    "closings * * * * *",
    "purge 7 * * * *",
  ]);
  for (const job of jobs) await job.run(signal);
  assert.deepEqual(asked, ["closings", "purge false"]);
});
