/**
 * Brings open requests back after a restart.
 *
 * A request and what became of it are recorded in the same call as the room's
 * own facts, so database and rooms agree, and most of this finds nothing to
 * mend. What has no room any more, or cannot be, expires.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Person } from "../wire/person.ts";
import type { StoredLink } from "../wire/heart_link.ts";
import { Link, type LinkMatch } from "./link.ts";
import { kindOf, type LinkBook } from "./link_book.ts";
import type { LinkRooms } from "./link_ports.ts";
import { closedRecord } from "./link_records.ts";
import type { Settlement } from "./settlement.ts";

/** What a recovery works with. */
export interface RecoveryOptions {
  readonly book: LinkBook;
  readonly settlement: Settlement;
  readonly rooms: Pick<LinkRooms, "chatOf">;
  readonly clock: Clock;
}

/** Puts stored requests, oldest first, into an empty book. */
export function recoverLinks(
  stored: readonly StoredLink[],
  options: RecoveryOptions,
): void {
  for (const link of stored) recoverLink(link, options);
}

function recoverLink(stored: StoredLink, options: RecoveryOptions): void {
  const { book, settlement, clock } = options;
  const startedMs = monotonicOf(stored.createdAt, clock);
  const link = new Link({ ...stored, startedMs, order: book.nextOrder() });
  const isSecond = book.seeking(stored.userId, kindOf(link)) !== undefined;
  const match = matchOf(stored, options);
  const mayWait = stored.status === "pending" && !isSecond &&
    hasPlace(stored, options);
  if (match === undefined && !mayWait) {
    settlement.record([closedRecord(link, "expired", clock.now())]);
    return;
  }
  book.enter(link);
  if (match === undefined) return book.settleIn(link, stored.roomId);
  book.meet(link, match, monotonicOf(match.at, clock));
  if (stored.status === "matched") return;
  const { id } = link;
  settlement.record([{
    type: "link_settled",
    link: { id, status: "matched", ...match },
  }]);
}

/** The match of a stored request whose room is still there and active. */
function matchOf(
  stored: StoredLink,
  { clock, rooms }: RecoveryOptions,
): LinkMatch | undefined {
  const { roomId, userId, createdAt } = stored;
  const chat = roomId === null ? undefined : rooms.chatOf(roomId);
  if (roomId === null || chat === undefined || chat.isWaiting) return undefined;
  const isHere = chat.participants.some((one) => one.userId === userId);
  const partner = stored.partner ?? otherThan(userId, chat.participants);
  if (!isHere || partner === undefined) return undefined;
  const at = stored.matchedAt ?? Math.max(createdAt, clock.now());
  return { roomId, partner, at };
}

/** Whether a pending request can wait on where it waited. */
function hasPlace(
  { number, roomId, userId }: StoredLink,
  { book, rooms }: RecoveryOptions,
): boolean {
  if (number !== null) {
    return book.numbers.partnerFor(number, userId) === undefined;
  }
  const chat = roomId === null ? undefined : rooms.chatOf(roomId);
  return chat?.isWaiting === true && chat.participants[0]?.userId === userId;
}

function otherThan(
  userId: string,
  people: readonly Person[],
): Person | undefined {
  return people.find((person) => person.userId !== userId);
}

/** An instant of an earlier run; one that is yet to come counts as now. */
function monotonicOf(at: number, clock: Clock): number {
  return clock.monotonic() - Math.max(0, clock.now() - at);
}
