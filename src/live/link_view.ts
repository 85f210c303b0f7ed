/**
 * All that is shown of a link.
 *
 * @module
 */

import type { LinkStatus, LiveStats } from "../wire/live.ts";
import type { Link } from "./link.ts";
import type { Quality } from "./quality.ts";

/** A link as operators and pages see it. Instants are epoch ms. */
export interface LinkView {
  readonly status: LinkStatus;
  readonly stats: LiveStats;
  readonly quality: Quality;
  /** Messages of each of 60 minutes, oldest first, the current one last. */
  readonly perMinute: readonly number[];
  /** The room that it feeds; `null` while there is none. */
  readonly roomId: string | null;
  readonly addedAt: number;
  /** Since when it has delivered nothing; `null` while all is well. */
  readonly failingSinceAt: number | null;
}

/** A link as it is now, in epoch ms. */
export function viewOf(link: Link, now: number): LinkView {
  const { memory, roomId, addedAt } = link.record;
  return {
    status: link.status(),
    stats: memory.stats(),
    quality: memory.quality(now),
    perMinute: memory.perMinute(now),
    roomId,
    addedAt,
    failingSinceAt: memory.failingSinceAt,
  };
}
