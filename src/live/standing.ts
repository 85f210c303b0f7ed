/**
 * Where a link stands at the moment, and why.
 *
 * @module
 */

import type { LinkState, LinkStatus } from "../wire/live.ts";

/** The fields of a link's status that last no longer than the process. */
export type Standing = Pick<
  LinkStatus,
  "state" | "retryAt" | "fault" | "faultCode" | "warning"
>;

/** A state with nothing else to say. */
export function standingOf(state: LinkState): Standing {
  return { state, retryAt: null, fault: null, faultCode: null, warning: null };
}

/**
 * What stays said while a link tries again. A lease that
 * somebody else had is no fault once it is ours.
 */
export function lastFault(
  { fault, faultCode }: Standing,
): Pick<Standing, "fault" | "faultCode"> {
  if (fault === "lease_held") return { fault: null, faultCode: null };
  return { fault, faultCode };
}
