/**
 * Heart links: requests to be matched with someone (COMPAT 0.1, 0.4).
 *
 * A request is `pending` until it is matched, cancelled or 10 minutes old. It
 * is `matching` only while its room is being made ready, in memory alone. A
 * match expires with its room, or 60 minutes after it was made.
 *
 * @module
 */

import type { Person } from "./person.ts";

/** Where a request is. */
export type LinkStatus =
  | "pending"
  | "matching"
  | "matched"
  | "expired"
  | "cancelled";

/** How long a request waits, in ms. */
export const PENDING_MS_MAX = 600_000;

/** How long a match counts, in ms. */
export const MATCHED_MS_MAX = 3_600_000;

/** A request as it was made. */
export interface NewLink {
  /** A UUID. */
  readonly id: string;
  readonly userId: string;
  readonly nickname: string;
  /** Four digits, for a match by number; `null` is anyone who waits too. */
  readonly number: string | null;
  /** Where the requester waits; `null` until there is a room. */
  readonly roomId: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** What became of a request. */
export interface SettledLink {
  readonly id: string;
  readonly status: "matched" | "expired" | "cancelled";
  /** Epoch ms. */
  readonly at: number;
  /** The room of the match, or where the requester had waited. */
  readonly roomId: string | null;
  /** Who it was matched with; `null` unless it was. */
  readonly partner: Person | null;
}

/** A request as the database knows it. */
export interface StoredLink extends NewLink {
  readonly status: Exclude<LinkStatus, "matching">;
  /** Epoch ms; `null` unless it was matched. */
  readonly matchedAt: number | null;
  readonly partner: Person | null;
}
