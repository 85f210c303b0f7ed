/**
 * What a user is told of the own request (COMPAT 0.4).
 *
 * @module
 */

import type { Person } from "../wire/person.ts";
import { PENDING_MS_MAX, type StoredLink } from "../wire/heart_link.ts";
import type { Link } from "./link.ts";

/** From this age on a pending request warns that it will expire, in ms. */
const WARNING_MS = 480_000;

const MINUTE_MS = 60_000;

/** A request that waits. */
export interface PendingView {
  readonly status: "pending";
  readonly requestId: string;
  /** Four digits, for a match by number. */
  readonly number: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
  /** `createdAt` and 10 minutes, in epoch ms. */
  readonly expiresAt: number;
  /** How long it still waits, in ms, whatever the wall clock says. */
  readonly leftMs: number;
  /** Minutes left, rounded up, once it is 8 minutes old; else `null`. */
  readonly warningMinutes: number | null;
}

/** The newest request of a user. */
export type LinkView =
  | { readonly status: "not_found" }
  | PendingView
  | {
    readonly status: "expired" | "cancelled";
    readonly requestId: string;
    readonly number: string | null;
  }
  | {
    readonly status: "matched";
    readonly requestId: string;
    readonly number: string | null;
    readonly roomId: string;
    readonly partner: Person;
    /** Epoch ms. */
    readonly matchedAt: number;
  };

/** @param nowMs on the monotonic clock. */
export function pendingView(link: Link, nowMs: number): PendingView {
  const leftMs = Math.max(0, link.endsMs - nowMs);
  const isLate = PENDING_MS_MAX - leftMs >= WARNING_MS;
  return {
    status: "pending",
    requestId: link.id,
    number: link.number,
    createdAt: link.createdAt,
    expiresAt: link.createdAt + PENDING_MS_MAX,
    leftMs,
    warningMinutes: isLate ? Math.max(1, Math.ceil(leftMs / MINUTE_MS)) : null,
  };
}

/** One that is `matching` waits, to its user. */
export function linkView(link: Link, nowMs: number): LinkView {
  const { id: requestId, number, status, match } = link;
  if (status === "matched" && match !== null) {
    const { roomId, partner, at: matchedAt } = match;
    return { status, requestId, number, roomId, partner, matchedAt };
  }
  if (status === "expired" || status === "cancelled") {
    return { status, requestId, number };
  }
  return pendingView(link, nowMs);
}

/**
 * A request that memory does not know. It is not open, whatever the database
 * has heard so far.
 */
export function storedView(stored: StoredLink | undefined): LinkView {
  if (stored === undefined) return { status: "not_found" };
  const { id: requestId, number } = stored;
  const status = stored.status === "cancelled" ? "cancelled" : "expired";
  return { status, requestId, number };
}
