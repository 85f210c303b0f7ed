/**
 * What is asked of the database about the links that feed live rooms.
 *
 * @module
 */

import type {
  LiveLeaseClaim,
  LiveTypeCount,
  StoredLiveLink,
} from "../wire/live_link.ts";

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
