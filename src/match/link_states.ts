/**
 * Where a heart link may go from where it is (COMPAT 0.4).
 *
 * The way back from `matching` to `pending` is the release of a request whose
 * room could not be made ready; only memory knows that state.
 *
 * @module
 */

import type { LinkStatus } from "../wire/heart_link.ts";

/** The statuses that may follow each status. */
export const LINK_TRANSITIONS: Readonly<
  Record<LinkStatus, readonly LinkStatus[]>
> = {
  pending: ["matching", "expired", "cancelled"],
  matching: ["pending", "matched"],
  matched: ["expired"],
  expired: [],
  cancelled: [],
};

/**
 * Answers `to`, the status that follows `from`.
 *
 * @throws {Error} when the table has no such step, which is a bug.
 */
export function moveLink(from: LinkStatus, to: LinkStatus): LinkStatus {
  const allowed = LINK_TRANSITIONS[from];
  if (allowed.includes(to)) return to;
  const wanted = allowed.length === 0 ? "no step" : allowed.join(" or ");
  throw new Error(
    `Cannot move a heart link that is ${from}: want ${wanted}, got ${to}`,
  );
}
