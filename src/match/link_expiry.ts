/**
 * Which requests are past their time, by one timer for all of them.
 *
 * The timer is armed for the first that ends, so 100,000 open requests cost one
 * timer. Many that end together are handed over in slices: expiring each writes
 * a record and ends a room.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { IndexedHeap } from "./indexed_heap.ts";
import type { Link } from "./link.ts";

/** Most requests that are handed over at once. */
export const EXPIRY_SLICE = 200;

/** What an expiry works with. */
export interface LinkExpiryOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether nothing is handed over by itself. */
  readonly isOffline?: boolean;
  /** Takes requests that are overdue and in here no more. */
  readonly expire: (links: readonly Link[]) => void;
}

/** Open requests in the order in which they end. */
export class LinkExpiry {
  readonly #options: LinkExpiryOptions;
  readonly #links = new IndexedHeap<Link>(endsBefore);
  #timer: Disposable | undefined;
  #armedMs: number | undefined;
  #isStopped: boolean;

  constructor(options: LinkExpiryOptions) {
    this.#options = options;
    this.#isStopped = options.isOffline ?? false;
  }

  /** Adds a request whose end does not change while it is in. */
  add(link: Link): void {
    this.#links.add(link);
    this.#arm();
  }

  delete(link: Link): void {
    if (this.#links.delete(link)) this.#arm();
  }

  /**
   * Hands over what is overdue, at most a slice.
   *
   * @returns how many; fewer than a slice are all there were.
   */
  run(): number {
    const nowMs = this.#options.clock.monotonic();
    const due: Link[] = [];
    while (due.length < EXPIRY_SLICE) {
      const { first } = this.#links;
      if (first === undefined || !first.isOverdue(nowMs)) break;
      this.#links.delete(first);
      due.push(first);
    }
    if (due.length > 0) this.#options.expire(due);
    this.#arm();
    return due.length;
  }

  /** Cancels the timer for good. */
  [Symbol.dispose](): void {
    this.#isStopped = true;
    this.#disarm();
  }

  #arm(): void {
    const endsMs = this.#links.first?.endsMs;
    if (endsMs === this.#armedMs || this.#isStopped) return;
    this.#disarm();
    if (endsMs === undefined) return;
    const { clock } = this.#options;
    this.#armedMs = endsMs;
    // One ms past the end: at the end itself a request still counts.
    const delayMs = Math.max(0, endsMs + 1 - clock.monotonic());
    this.#timer = clock.after(delayMs, () => {
      this.#armedMs = undefined;
      this.#runByTimer();
    });
  }

  /** Nobody hears what a timer throws but the process, which would end. */
  #runByTimer(): void {
    try {
      this.run();
    } catch (error) {
      this.#options.log.error("Failed to expire heart links", {
        event: "link_expiry_failed",
        error,
      });
      this.#arm();
    }
  }

  #disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#armedMs = undefined;
  }
}

function endsBefore(a: Link, b: Link): boolean {
  return a.endsMs < b.endsMs || (a.endsMs === b.endsMs && a.order < b.order);
}
