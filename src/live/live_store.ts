/**
 * What links ask of the database.
 *
 * @module
 */

import type { LiveType } from "../wire/live.ts";

/** A link as it is kept. Instants are epoch ms. */
export interface StoredLink {
  readonly liveId: string;
  /** The name of its source. */
  readonly source: string;
  /** Whether it is to be kept up. */
  readonly isWanted: boolean;
  /** Whether the room was over when this was written. */
  readonly isEnded: boolean;
  readonly addedAt: number;
  readonly changedAt: number;
  /** The room that it feeds, or fed last; `null` before there was one. */
  readonly roomId: string | null;
  /** What `memory` counts goes up to this number of the room's log. */
  readonly throughSeq: number;
  /** Statistics and history, as JSON; what it holds is the link's alone. */
  readonly memory: string;
}

/** What a room's log has beyond a number, by type of message. */
export interface TypeCount {
  readonly type: LiveType;
  readonly messages: number;
  /** The sum of their counts. */
  readonly count: number;
}

/** Who has which links, until when. */
export interface LeaseClaim {
  /** A name of the process that asks, unlike any other's. */
  readonly owner: string;
  readonly liveIds: readonly string[];
  /** Epoch ms. */
  readonly now: number;
  readonly untilAt: number;
}

/** The links that are kept, and who has them. */
export interface LiveStore {
  links(): Promise<StoredLink[]>;
  /** Writes links, new or known. */
  saveLinks(links: readonly StoredLink[]): Promise<void>;
  forgetLinks(liveIds: readonly string[]): Promise<void>;
  /** What was kept in a room after a number, and up to which number. */
  countLive(
    roomId: string,
    afterSeq: number,
  ): Promise<{ readonly counts: TypeCount[]; readonly lastSeq: number }>;
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
  holdLeases(claim: LeaseClaim): Promise<string[]>;
  /** Gives leases up, as far as the owner has them. */
  dropLeases(owner: string, liveIds: readonly string[]): Promise<void>;
}
