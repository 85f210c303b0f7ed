/**
 * What comes of a request at once.
 *
 * @module
 */

import type { Person } from "../wire/person.ts";
import type { Link } from "./link.ts";

/** What came of pressing. */
export type LinkOutcome =
  | { readonly kind: "waiting"; readonly requestId: string }
  | {
    readonly kind: "matched";
    readonly requestId: string;
    readonly roomId: string;
    readonly partner: Person;
  }
  /** The user has an active room already. */
  | {
    readonly kind: "reconnect";
    readonly roomId: string;
    readonly partner: Person | null;
  };

/** What came of a request that was looked after. */
export function outcomeOf({ id: requestId, match }: Link): LinkOutcome {
  if (match === null) return { kind: "waiting", requestId };
  const { roomId, partner } = match;
  return { kind: "matched", requestId, roomId, partner };
}
