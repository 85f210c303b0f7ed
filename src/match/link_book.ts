/**
 * Every open request, and all the ways to find one.
 *
 * A request changes its status here and nowhere else, together with the lines
 * and indexes that go by it, in one synchronous step. So whoever looks finds
 * them in agreement.
 *
 * @module
 */

import type { Link, LinkMatch } from "./link.ts";
import type { LinkExpiry } from "./link_expiry.ts";
import { NewestLinks } from "./newest_links.ts";
import { NumberPool } from "./number_pool.ts";
import { WaitingLine } from "./waiting_line.ts";

/** Two kinds of request; a user may have one of each. */
export type LinkKind = "anyone" | "number";

/** How many are open. */
export interface OpenCounts {
  /** Those that are `matching` included. */
  readonly pending: number;
  readonly matched: number;
}

/** What a book is made of. */
export interface LinkBookOptions {
  readonly expiry: LinkExpiry;
  /** Most settled requests that are remembered. */
  readonly closedMax: number;
}

/** The requests of one server. */
export class LinkBook {
  readonly line = new WaitingLine();
  readonly numbers = new NumberPool();
  readonly #expiry: LinkExpiry;
  readonly #newest: NewestLinks;
  readonly #seeking = {
    anyone: new Map<string, Link>(),
    number: new Map<string, Link>(),
  } as const;
  readonly #rooms = new Map<string, Set<Link>>();
  #matchedCount = 0;
  #lastOrder = 0;

  constructor({ expiry, closedMax }: LinkBookOptions) {
    this.#expiry = expiry;
    this.#newest = new NewestLinks(closedMax);
  }

  get counts(): OpenCounts {
    const { anyone, number } = this.#seeking;
    return { pending: anyone.size + number.size, matched: this.#matchedCount };
  }

  /** The order of a request that is made now. */
  nextOrder(): number {
    this.#lastOrder += 1;
    return this.#lastOrder;
  }

  /** The request of a user that is `pending` or `matching`. */
  seeking(userId: string, kind: LinkKind): Link | undefined {
    return this.#seeking[kind].get(userId);
  }

  /** What a user asks about: what is sought, else the newest request. */
  newest(userId: string): Link | undefined {
    const { anyone, number } = this.#seeking;
    return anyone.get(userId) ?? number.get(userId) ?? this.#newest.of(userId);
  }

  /** The open requests that wait in a room, or were matched in it. */
  inRoom(roomId: string): Link[] {
    return [...this.#rooms.get(roomId) ?? []];
  }

  hasRoom(roomId: string): boolean {
    return this.#rooms.has(roomId);
  }

  /** Takes in a new request, `matching` from the start: it looks for others. */
  enter(link: Link): void {
    link.claim();
    this.#seeking[kindOf(link)].set(link.user.userId, link);
  }

  /** Forgets a request that entered and was never recorded. */
  discard(link: Link): void {
    this.#seeking[kindOf(link)].delete(link.user.userId);
  }

  /** Lets a request that entered wait, in a room of its own if any. */
  settleIn(link: Link, roomId: string | null): void {
    link.settleIn(roomId);
    this.#seat(link);
    this.#newest.note(link);
    this.resume(link);
  }

  /** Takes a waiting request for a match that is under way. */
  claim(link: Link): void {
    this.suspend(link);
    this.#expiry.delete(link);
    link.claim();
  }

  /** Lets a claimed request wait again, where it was in line. */
  release(link: Link): void {
    link.release();
    this.resume(link);
  }

  /** Lets nobody take a pending request. */
  suspend(link: Link): void {
    this.line.delete(link);
    this.numbers.delete(link);
  }

  /** Lets others take a pending request, unless its user wants it back. */
  resume(link: Link): void {
    this.#expiry.add(link);
    if (link.isLeaving) return;
    if (link.number === null) this.line.add(link);
    else this.numbers.add(link);
  }

  /** @param sinceMs when it was matched, on the monotonic clock. */
  meet(link: Link, match: LinkMatch, sinceMs: number): void {
    this.#unseat(link);
    link.meet(match, sinceMs);
    this.#seat(link);
    this.#seeking[kindOf(link)].delete(link.user.userId);
    this.#newest.note(link);
    this.#matchedCount += 1;
    this.#expiry.add(link);
  }

  /** Ends a request that is pending, or a match. */
  close(link: Link, status: "expired" | "cancelled"): void {
    const wasMatched = link.status === "matched";
    if (status === "expired") link.expire();
    else link.cancel();
    if (wasMatched) this.#matchedCount -= 1;
    else this.#seeking[kindOf(link)].delete(link.user.userId);
    this.suspend(link);
    this.#expiry.delete(link);
    this.#unseat(link);
    this.#newest.close(link);
  }

  #seat(link: Link): void {
    const { roomId } = link;
    if (roomId === null) return;
    const links = this.#rooms.get(roomId);
    if (links === undefined) this.#rooms.set(roomId, new Set([link]));
    else links.add(link);
  }

  #unseat(link: Link): void {
    const { roomId } = link;
    const links = roomId === null ? undefined : this.#rooms.get(roomId);
    if (roomId === null || links === undefined) return;
    links.delete(link);
    if (links.size === 0) this.#rooms.delete(roomId);
  }
}

/** Which kind a request is of. */
export function kindOf(link: Link): LinkKind {
  return link.number === null ? "anyone" : "number";
}
