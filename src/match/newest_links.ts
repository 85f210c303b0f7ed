/**
 * The newest request of each user, also for a while after it was settled.
 *
 * The database is behind by what is pending in the recorder, so a user who just
 * cancelled is answered from here. The number of settled ones has a bound: the
 * one that was settled first is forgotten, and the database answers for it.
 *
 * @module
 */

import { Ring } from "../base/ring.ts";
import type { Link } from "./link.ts";

/** User → newest request. */
export class NewestLinks {
  readonly #closedMax: number;
  readonly #links = new Map<string, Link>();
  readonly #closed = new Ring<Link>();

  /** @param closedMax most settled requests that are remembered. */
  constructor(closedMax: number) {
    this.#closedMax = closedMax;
  }

  of(userId: string): Link | undefined {
    return this.#links.get(userId);
  }

  /** Notes a request that is known to others now, unless a newer one is. */
  note(link: Link): void {
    const { userId } = link.user;
    const known = this.#links.get(userId);
    if (known !== undefined && known.order > link.order) return;
    this.#links.set(userId, link);
  }

  /** Notes that a request is settled: from now on it may be forgotten. */
  close(link: Link): void {
    if (this.#links.get(link.user.userId) !== link) return;
    this.#closed.push(link);
    if (this.#closed.size <= this.#closedMax) return;
    const oldest = this.#closed.shift();
    if (oldest === undefined) return;
    const { userId } = oldest.user;
    if (this.#links.get(userId) === oldest) this.#links.delete(userId);
  }
}
