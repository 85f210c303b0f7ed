/**
 * What links ask of the database.
 *
 * @module
 */

import type {
  LiveLeaseClaim,
  LiveTypeCount,
  StoredLiveLink,
} from "../wire/live_link.ts";

/** The links that are kept, and who has them. */
export interface LiveStore {
  links(): Promise<StoredLiveLink[]>;
  /** Writes links, new or known. */
  saveLinks(links: readonly StoredLiveLink[]): Promise<void>;
  forgetLinks(liveIds: readonly string[]): Promise<void>;
  /** What was kept in a room after a number, and up to which number. */
  countLive(
    roomId: string,
    afterSeq: number,
  ): Promise<{ readonly counts: LiveTypeCount[]; readonly lastSeq: number }>;
  /** The upstream ids of a room's newest messages, oldest first. */
  upstreamIds(roomId: string, limit: number): Promise<string[]>;
  /** The gifts among a room's newest messages, as texts, oldest first. */
  giftTexts(roomId: string, limit: number): Promise<string[]>;
  /**
   * Takes or renews leases: those that nobody has, that have run out, or that
   * the owner has.
   *
   * @returns the live ids that the owner has now.
   */
  holdLeases(claim: LiveLeaseClaim): Promise<string[]>;
  /** Gives leases up, as far as the owner has them. */
  dropLeases(owner: string, liveIds: readonly string[]): Promise<void>;
}
