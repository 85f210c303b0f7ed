/**
 * The links that are known.
 *
 * @module
 */

import type { Link } from "./link.ts";

/** Links that nobody wants and that are known still, at most. */
export const IDLE_LINKS_MAX = 1000;

/** Links by their live id; those that nobody wants, oldest first. */
export class LinkTable {
  readonly #links = new Map<string, Link>();
  /** Since when nobody wants them, on the monotonic clock. */
  readonly #idleSince = new Map<string, number>();

  get(liveId: string): Link | undefined {
    return this.#links.get(liveId);
  }

  all(): MapIterator<Link> {
    return this.#links.values();
  }

  get wantedCount(): number {
    return this.#links.size - this.#idleSince.size;
  }

  /** Puts a link in, or notes that it is wanted again, or no more. */
  put(link: Link, now: number): void {
    const { liveId, isWanted } = link.record;
    this.#links.set(liveId, link);
    this.#idleSince.delete(liveId);
    if (!isWanted) this.#idleSince.set(liveId, now);
  }

  remove(liveId: string): void {
    this.#links.delete(liveId);
    this.#idleSince.delete(liveId);
  }

  ofRoom(roomId: string): Link | undefined {
    return this.all().find(({ record }) => record.roomId === roomId);
  }

  /** Those that nobody has wanted for so long, in ms. */
  idle(now: number, forMs: number): Link[] {
    const links: Link[] = [];
    for (const [liveId, since] of this.#idleSince) {
      if (now - since < forMs) break;
      const link = this.#links.get(liveId);
      if (link !== undefined) links.push(link);
    }
    return links;
  }

  /** The oldest of those that nobody wants, beyond what is kept of them. */
  surplus(): string[] {
    const count = this.#idleSince.size - IDLE_LINKS_MAX;
    return count > 0 ? [...this.#idleSince.keys()].slice(0, count) : [];
  }
}
