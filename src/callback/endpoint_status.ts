/**
 * An endpoint as an operator sees it.
 *
 * @module
 */

import type { EndpointHistory, EndpointRecord } from "./outbox.ts";

/** `open`: it fails, and is tried with one delivery at a time. */
export type BreakerState = "closed" | "open";

/** How an endpoint does. */
export interface EndpointStatus
  extends Omit<EndpointRecord, "url">, EndpointHistory {
  /** Without user, password and query; `null` when it has no URL now. */
  readonly url: string | null;
  readonly breaker: BreakerState;
  /** When it is tried again at the earliest, in epoch ms; `null`: now. */
  readonly heldUntil: number | null;
  /** Attempts under way. */
  readonly inFlight: number;
}

/** A URL without what may be secret in it; `null` when it is none. */
export function shownUrl(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed === null ? null : `${parsed.origin}${parsed.pathname}`;
}
