/**
 * A cleanup that only remembers what it was asked.
 *
 * @module
 */

import type { CleanupDesk } from "../../src/http/cleanup_desk.ts";
import type { CleanupReport } from "../../src/jobs/cleanup.ts";
import type { Explanation } from "../../src/jobs/explanation.ts";
import type { ReapRequest } from "../../src/jobs/reaper.ts";
import { START_AT } from "./fake_clock.ts";

/** A cleanup whose answers a test sets. */
export class FakeCleanup implements CleanupDesk {
  readonly idleMinutes = 7;
  deviceMinutes = 30;
  liveMinutes = 60;
  readonly runs: ReapRequest[] = [];
  /** `room minutes force`, in order. */
  readonly explained: string[] = [];
  sweeps = 0;
  report: CleanupReport = {
    rooms: [{
      roomId: "idle-1",
      kind: "managed",
      createdAt: START_AT,
      emptySinceAt: START_AT + 1000,
    }],
    spared: { connected: 1 },
    nextDueInMs: null,
    counts: { active: 2, ended: 1, waiting: 0 },
  };
  explanation: Omit<Explanation, "roomId"> = {
    kind: "managed",
    status: "active",
    reason: "connected",
    dueInMs: null,
    createdAt: START_AT,
    emptySinceAt: null,
    lastMessageAt: null,
    endedAt: null,
    connections: 2,
  };

  run(request: ReapRequest): Promise<CleanupReport> {
    this.runs.push(request);
    return Promise.resolve(this.report);
  }

  explain(
    roomId: string,
    { minutes, force }: Pick<ReapRequest, "minutes" | "force">,
  ): Promise<Explanation> {
    this.explained.push(`${roomId} ${minutes} ${force}`);
    return Promise.resolve({ roomId, ...this.explanation });
  }

  sweepLinks(): Promise<{ expired: number; pending: number; matched: number }> {
    this.sweeps += 1;
    return Promise.resolve({ expired: 3, pending: 2, matched: 4 });
  }
}
