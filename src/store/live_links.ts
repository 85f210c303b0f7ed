/**
 * What is asked of the database about the links that feed live rooms.
 *
 * @module
 */

import type { LiveType } from "../wire/live.ts";

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

/**
 * Links of live rooms. Every call rejects with `StoreError` when the database
 * cannot do it now.
 */
export interface LiveLinks {
  /** Every link of a live room, first added first. */
  links(): Promise<StoredLiveLink[]>;
  /** Writes links of live rooms, new or known, in one transaction. */
  saveLinks(links: readonly StoredLiveLink[]): Promise<void>;
  /** Removes links of live rooms; their rooms stay. */
  forgetLinks(liveIds: readonly string[]): Promise<void>;
  /**
   * What a room's log has of live messages after a number, and the number of
   * its last entry, of whatever kind; 0 where it has none.
   */
  countLive(
    roomId: string,
    afterSeq: number,
  ): Promise<{ readonly counts: LiveTypeCount[]; readonly lastSeq: number }>;
  /**
   * The ids that the newest live messages of a room, as many as the limit, have
   * where they come from, oldest first. Those that have none are left out.
   */
  upstreamIds(roomId: string, limit: number): Promise<string[]>;
  /**
   * The texts of the gifts among the newest live messages of a room, as many
   * as the limit, oldest first. Those of more than 8192 characters are left out.
   */
  giftTexts(roomId: string, limit: number): Promise<string[]>;
  /**
   * Takes or renews leases of links, all in one transaction: those that nobody
   * has, that have run out, or that the owner has. Opening drops all of them.
   *
   * @returns the live ids, of those asked for, that the owner has now.
   */
  holdLeases(claim: LiveLeaseClaim): Promise<string[]>;
  /** Gives leases up, as far as the owner has them. */
  dropLeases(owner: string, liveIds: readonly string[]): Promise<void>;
}
