/**
 * A match-maker that answers what a test sets, and remembers who asked.
 *
 * @module
 */

import type { LinkDesk } from "../../src/http/ports.ts";
import type { LinkOutcome } from "../../src/match/link_outcome.ts";
import type { LinkView, PendingView } from "../../src/match/link_view.ts";
import type { Person } from "../../src/wire/person.ts";
import { START_AT } from "./fake_clock.ts";

/** A request that has waited for so long, in ms. */
export function newPending(ageMs = 0): PendingView {
  const leftMs = 600_000 - ageMs;
  return {
    status: "pending",
    requestId: "link-1",
    number: null,
    createdAt: START_AT,
    expiresAt: START_AT + 600_000,
    leftMs,
    warningMinutes: ageMs < 480_000 ? null : Math.ceil(leftMs / 60_000),
  };
}

export class FakeLinks implements LinkDesk {
  /** Everything asked, in order. */
  readonly words: string[] = [];
  outcome: LinkOutcome = { kind: "waiting", requestId: "link-1" };
  view: LinkView = { status: "not_found" };
  pending: PendingView | null = null;
  /** How many requests the next cancellation takes back. */
  cancelled = 0;
  swept = { expired: 0, endedRooms: 0 };
  /** What the next requests are refused with. */
  refusal: Error | undefined;

  request({ userId, nickname }: Person): Promise<LinkOutcome> {
    this.words.push(`request ${userId} ${nickname}`);
    return this.#answer(this.outcome);
  }

  requestNumber({ userId }: Person, number: string): Promise<LinkOutcome> {
    this.words.push(`request ${userId} ${number}`);
    return this.#answer(this.outcome);
  }

  cancel(userId: string, which: "anyone" | "number"): Promise<number> {
    this.words.push(`cancel ${userId} ${which}`);
    return this.#answer(this.cancelled);
  }

  status(userId: string): Promise<LinkView> {
    this.words.push(`status ${userId}`);
    return this.#answer(this.view);
  }

  pendingOf(): PendingView | null {
    return this.pending;
  }

  sweep(): Promise<{ expired: number; endedRooms: number }> {
    this.words.push("sweep");
    return this.#answer(this.swept);
  }

  #answer<Value>(value: Value): Promise<Value> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    return Promise.resolve(value);
  }
}
