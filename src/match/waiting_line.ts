/**
 * Who waits to be matched with anyone, oldest first.
 *
 * Only requests that may be taken now are in it: one whose room is being made
 * ready, or whose user wants it back, is not.
 *
 * @module
 */

import { IndexedHeap } from "./indexed_heap.ts";
import type { Link } from "./link.ts";

/** A line in the order in which requests were made. */
export class WaitingLine {
  readonly #links = new IndexedHeap<Link>((a, b) => a.order < b.order);

  get size(): number {
    return this.#links.size;
  }

  has(link: Link): boolean {
    return this.#links.has(link);
  }

  /** Puts a request in its place by age, also one that was in before. */
  add(link: Link): void {
    this.#links.add(link);
  }

  delete(link: Link): void {
    this.#links.delete(link);
  }

  /**
   * The oldest request of somebody else. It stays in the line.
   *
   * @param tried requests that are passed over; a few.
   */
  oldestFor(
    userId: string,
    tried: ReadonlySet<Link> = new Set(),
  ): Link | undefined {
    const passed: Link[] = [];
    let oldest = this.#links.first;
    while (oldest !== undefined) {
      const mayMeet = oldest.user.userId !== userId && !tried.has(oldest);
      if (mayMeet) break;
      this.#links.delete(oldest);
      passed.push(oldest);
      oldest = this.#links.first;
    }
    for (const link of passed) this.#links.add(link);
    return oldest;
  }
}
