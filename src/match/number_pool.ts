/**
 * Who waits for someone with the same number.
 *
 * Two equal numbers are matched the moment the second is said, so at most one
 * request waits for each.
 *
 * @module
 */

import type { Link } from "./link.ts";

/** Number → the request that waits for it. */
export class NumberPool {
  readonly #links = new Map<string, Link>();

  get size(): number {
    return this.#links.size;
  }

  /** Adds a request with a number; `false` when someone waits for that one. */
  add(link: Link): boolean {
    if (link.number === null || this.#links.has(link.number)) return false;
    this.#links.set(link.number, link);
    return true;
  }

  delete(link: Link): void {
    if (link.number === null) return;
    if (this.#links.get(link.number) === link) this.#links.delete(link.number);
  }

  /** The request of somebody else that waits for this number. */
  partnerFor(number: string, userId: string): Link | undefined {
    const link = this.#links.get(number);
    return link?.user.userId === userId ? undefined : link;
  }
}
