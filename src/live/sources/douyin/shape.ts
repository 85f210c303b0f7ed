/**
 * What a business message becomes: the seed's fields, and what they stand for.
 *
 * @module
 */

import type { LiveType } from "../../../wire/live.ts";

/** A message in the words of COMPAT 4.3, without its id. */
export interface Shape {
  readonly type: LiveType;
  /** Likes of a like, gifts of a gift, otherwise 1. */
  readonly count: number;
  /** Epoch ms; 0 when it is not known. */
  readonly sentAt: number;
  readonly data: Readonly<Record<string, unknown>>;
}
