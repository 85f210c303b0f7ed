/**
 * When a backend is told what nothing in a room sets off by itself.
 *
 * @module
 */

import type { HistoryRuns } from "../callback/history_runs.ts";
import type { Retention } from "../callback/retention.ts";
import type { IntervalTask } from "./interval.ts";
import type { Job } from "./schedule.ts";

/** How often, in ms. */
export interface CallbackPace {
  readonly chatBatchMs: number;
  readonly sessionBatchMs: number;
  /** 0 is never. */
  readonly syncMs: number;
}

/** Batches and snapshots, at the operator's pace. */
export function callbackTasks(
  runs: Pick<HistoryRuns, "chat" | "session" | "snapshots">,
  { chatBatchMs, sessionBatchMs, syncMs }: CallbackPace,
): IntervalTask[] {
  return [
    {
      name: "chat_batches",
      intervalMs: chatBatchMs,
      run: async () => void await runs.chat(),
    },
    {
      name: "session_batches",
      intervalMs: sessionBatchMs,
      run: async () => void await runs.session(),
    },
    {
      name: "sync",
      intervalMs: syncMs,
      run: async () => void await runs.snapshots(),
    },
  ];
}

/**
 * Closings each minute, for rooms whose own could not be queued when they
 * ended, and what is too old each hour.
 */
export function callbackJobs(
  runs: Pick<HistoryRuns, "closings">,
  retention: Pick<Retention, "purge">,
): Job[] {
  return [
    {
      name: "closings",
      schedule: "* * * * *",
      run: async () => void await runs.closings(),
    },
    {
      name: "purge",
      schedule: "7 * * * *",
      run: async (signal) => void await retention.purge(signal),
    },
  ];
}
