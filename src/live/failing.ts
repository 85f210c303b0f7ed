/**
 * Since when a link fails, how often it was tried, and when to try again.
 *
 * What counts for the next wait is for how long it was tried in vain, by the
 * monotonic clock: neither the time in which nobody tried, as between two
 * processes, nor a wall clock that is set changes a wait.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ladder } from "./ladder.ts";
import type { LinkRecord } from "./link_record.ts";

export interface FailingOptions {
  readonly record: LinkRecord;
  readonly ladder: Ladder;
  readonly clock: Pick<Clock, "now" | "monotonic">;
}

/** The failures of one link since it last delivered a message. */
export class Failing {
  readonly #options: FailingOptions;
  /** Up to when its time is counted; nothing while it is not tried. */
  #countedTo: number | undefined;

  constructor(options: FailingOptions) {
    this.#options = options;
  }

  /** Notes a failure; returns the wait before the next attempt, in ms. */
  waitMs(): number {
    const { record, ladder, clock } = this.#options;
    const { memory } = record;
    memory.failingSinceAt ??= clock.now();
    this.pause();
    this.#countedTo = clock.monotonic();
    return ladder.next(memory.reconnectCount, memory.failingMs);
  }

  /** Nobody tries it until the next failure is noted. */
  pause(): void {
    if (this.#countedTo === undefined) return;
    const { record, clock } = this.#options;
    record.memory.failingMs += clock.monotonic() - this.#countedTo;
    this.#countedTo = undefined;
  }

  /** Notes an attempt; returns its number, from 1 on. */
  attempt(): number {
    const { record, clock } = this.#options;
    record.memory.reconnectCount += 1;
    record.memory.noteReconnect(clock.now());
    return record.memory.reconnectCount;
  }

  /** It works again, or need not. Returns whether there were attempts. */
  end(): boolean {
    const { record, ladder } = this.#options;
    const { memory } = record;
    const hadAttempts = memory.reconnectCount > 0;
    memory.reconnectCount = 0;
    memory.failingSinceAt = null;
    memory.failingMs = 0;
    this.#countedTo = undefined;
    ladder.reset();
    return hadAttempts;
  }
}
