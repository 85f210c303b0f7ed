/**
 * What is recorded of requests.
 *
 * @module
 */

import type { DurableRecord } from "../wire/record.ts";
import type { Link } from "./link.ts";

/** Two requests that meet, and where. */
export interface Meeting {
  readonly roomId: string;
  readonly elder: Link;
  readonly junior: Link;
  /** Epoch ms. */
  readonly at: number;
}

/** A meeting in a room; `now` is the wall clock's. */
export function newMeeting(
  roomId: string,
  { elder, junior, now }: { elder: Link; junior: Link; now: number },
): Meeting {
  // A wall clock that was set back must not put an end before its beginning.
  const at = Math.max(now, elder.createdAt, junior.createdAt);
  return { roomId, elder, junior, at };
}

/** A request was made. */
export function requestedRecord(
  link: Link,
  roomId: string | null,
): DurableRecord {
  return { type: "link_requested", link: link.toNew(roomId) };
}

/** A request came to its end without a match, or a match expired. */
export function closedRecord(
  link: Link,
  status: "expired" | "cancelled",
  now: number,
): DurableRecord {
  const { id, roomId, match } = link;
  const at = Math.max(now, match?.at ?? link.createdAt);
  const partner = match?.partner ?? null;
  return { type: "link_settled", link: { id, status, at, roomId, partner } };
}

/**
 * Two requests were matched.
 *
 * A request that did not wait in the room of the match is told of again: what
 * is recorded of another room may reach the database later than this.
 */
export function meetingRecords(meeting: Meeting): DurableRecord[] {
  const { roomId, elder, junior } = meeting;
  const strangers = [elder, junior].filter((link) => link.roomId !== roomId);
  return [
    ...strangers.map((link) => requestedRecord(link, roomId)),
    matchedRecord(elder, junior, meeting),
    matchedRecord(junior, elder, meeting),
  ];
}

function matchedRecord(
  { id }: Link,
  { user: partner }: Link,
  { roomId, at }: Meeting,
): DurableRecord {
  const status = "matched";
  return { type: "link_settled", link: { id, status, at, roomId, partner } };
}
