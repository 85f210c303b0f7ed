/**
 * What is kept of links to live rooms, beside the rooms' logs.
 *
 * @module
 */

import type { LiveType } from "./live.ts";

/** A link that feeds a live room, as it is kept. Instants are epoch ms. */
export interface StoredLiveLink {
  /** The platform's own name for the room. */
  readonly liveId: string;
  /** The name of its source. */
  readonly source: string;
  /** Whether it is to be kept up. */
  readonly isWanted: boolean;
  /** Whether the room was over, for the platform. */
  readonly isEnded: boolean;
  readonly addedAt: number;
  readonly changedAt: number;
  /** The room that it feeds, or fed last, purged or not; `null` is none. */
  readonly roomId: string | null;
  /** What `memory` counts goes up to this number of the room's log. */
  readonly throughSeq: number;
  /** JSON that only the link reads. */
  readonly memory: string;
}

/** What a room's log has of one type of live message. */
export interface LiveTypeCount {
  readonly type: LiveType;
  readonly messages: number;
  /** The sum of their counts. */
  readonly count: number;
}

/** Who asks for which links, until when. Instants are epoch ms. */
export interface LiveLeaseClaim {
  /** A name that no other process has. */
  readonly owner: string;
  readonly liveIds: readonly string[];
  readonly now: number;
  /** From this instant on it has run out. */
  readonly untilAt: number;
}
