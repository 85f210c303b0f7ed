/**
 * Whether new work should be sent to this server.
 *
 * The database is asked by a write and a read, since a full or locked disk
 * still answers reads. Probes come without a key, so one answer serves all who
 * ask within a second, and a question that hangs is neither waited for nor
 * asked again.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { inTime } from "../base/deadline.ts";

/** Why the server is not ready. */
export type UnreadyReason = "draining" | "journal_failing" | "store_failing";

/** What readiness depends on. */
export interface ReadinessPorts {
  isDraining(): boolean;
  isJournalFailing(): boolean;
  /** Whether writes of what is pending fail. */
  isFlushFailing(): boolean;
  /** Rejects when the database does not work. */
  checkStore(): Promise<void>;
}

/** How long one answer of the database serves, in ms. */
const FRESH_MS = 1000;
/** How long the database may take to answer, in ms. */
const WAIT_MS_MAX = 2000;

/** Knows whether the server is ready. */
export class Readiness {
  readonly #ports: ReadinessPorts;
  readonly #clock: Clock;
  #askedAt = -Infinity;
  #isAsking = false;
  #answer = Promise.resolve(true);

  constructor(ports: ReadinessPorts, clock: Clock) {
    this.#ports = ports;
    this.#clock = clock;
  }

  /** Every reason not to be; none when ready. */
  async reasons(): Promise<UnreadyReason[]> {
    const storeWorks = await this.#storeWorks();
    const reasons: UnreadyReason[] = [];
    if (this.#ports.isDraining()) reasons.push("draining");
    if (this.#ports.isJournalFailing()) reasons.push("journal_failing");
    if (!storeWorks || this.#ports.isFlushFailing()) {
      reasons.push("store_failing");
    }
    return reasons;
  }

  #storeWorks(): Promise<boolean> {
    const now = this.#clock.monotonic();
    const isFresh = now - this.#askedAt < FRESH_MS;
    if (!this.#isAsking && !isFresh) {
      this.#askedAt = now;
      this.#answer = this.#ask();
    }
    return this.#answer;
  }

  async #ask(): Promise<boolean> {
    this.#isAsking = true;
    const works = this.#ports.checkStore()
      .then(() => true, () => false)
      .finally(() => this.#isAsking = false);
    const clock = this.#clock;
    return await inTime(works, { clock, msMax: WAIT_MS_MAX, late: false });
  }
}
