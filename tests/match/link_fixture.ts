/**
 * Requests for tests of the parts of heart links.
 *
 * @module
 */

import { silentLog } from "../../src/base/log.ts";
import { Link, type LinkStart } from "../../src/match/link.ts";
import { LinkBook } from "../../src/match/link_book.ts";
import { LinkExpiry } from "../../src/match/link_expiry.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";

/** A pending request that was made at the start; order 1 unless it says. */
export function newLink(userId: string, start: Partial<LinkStart> = {}): Link {
  return new Link({
    id: `link-${userId}`,
    userId,
    nickname: `Nick ${userId}`,
    number: null,
    roomId: null,
    createdAt: START_AT,
    startedMs: 0,
    order: 1,
    ...start,
  });
}

/** A book, and what it is made of. */
export interface BookWorld {
  readonly clock: FakeClock;
  /** Requests that were overdue; the book closed them. */
  readonly expired: Link[];
  readonly expiry: LinkExpiry;
  readonly book: LinkBook;
}

/** An empty book. */
export function newBook(): BookWorld {
  const clock = new FakeClock();
  const expired: Link[] = [];
  const expiry = new LinkExpiry({
    clock,
    log: silentLog,
    expire: (links) => {
      for (const link of links) {
        expired.push(link);
        book.close(link, "expired");
      }
    },
  });
  const book = new LinkBook({ expiry, closedMax: 10 });
  return { clock, expired, expiry, book };
}
