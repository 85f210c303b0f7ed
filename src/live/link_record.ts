/**
 * What is known of a link beyond the moment, and kept.
 *
 * @module
 */

import { LinkMemory } from "./link_memory.ts";
import type { StoredLiveLink } from "../wire/live_link.ts";

/** How a link is asked for. */
export interface LinkOrigin {
  readonly liveId: string;
  readonly source: string;
  /** Epoch ms. */
  readonly addedAt: number;
}

/** The part of a link that outlives the process. Instants are epoch ms. */
export class LinkRecord {
  readonly liveId: string;
  /** The name of its source. */
  source: string;
  isWanted = true;
  /** Whether the room was over when the platform was last asked. */
  isEnded = false;
  addedAt: number;
  roomId: string | null = null;
  /** Up to which number of the room's log `memory` has counted. */
  throughSeq = 0;
  memory: LinkMemory;
  /** Whether its room's log was read for what `memory` has not seen. */
  isCaughtUp = false;
  /** Whether it was run here since its row was read. */
  hasRun = false;
  /** When the row was written that the database is known to have. */
  savedAt: number | null = null;

  constructor({ liveId, source, addedAt }: LinkOrigin) {
    this.liveId = liveId;
    this.source = source;
    this.addedAt = addedAt;
    this.memory = LinkMemory.fresh(addedAt);
  }

  /** The link that a row tells of. */
  static from(row: StoredLiveLink, now: number): LinkRecord {
    const record = new LinkRecord(row);
    record.adopt(row, now);
    return record;
  }

  /** Takes over what a row says, as when another process wrote it. */
  adopt(row: StoredLiveLink, now: number): void {
    this.source = row.source;
    this.isWanted = row.isWanted;
    this.isEnded = row.isEnded;
    this.addedAt = row.addedAt;
    this.roomId = row.roomId;
    this.throughSeq = row.throughSeq;
    this.memory = LinkMemory.read(row.memory, now);
    this.isCaughtUp = false;
    this.hasRun = false;
    this.savedAt = row.changedAt;
  }

  /** Whether another process may have written the row since. */
  isOlderThan(row: StoredLiveLink): boolean {
    return !this.hasRun || row.changedAt !== this.savedAt;
  }

  /** Its row, as of now. */
  toRow(now: number): StoredLiveLink {
    return {
      liveId: this.liveId,
      source: this.source,
      isWanted: this.isWanted,
      isEnded: this.isEnded,
      addedAt: this.addedAt,
      changedAt: now,
      roomId: this.roomId,
      throughSeq: this.throughSeq,
      memory: this.memory.toJson(),
    };
  }

  /** `memory` has counted a room's log up to a number. */
  countedTo(roomId: string, seq: number): void {
    if (roomId === this.roomId) {
      this.throughSeq = Math.max(this.throughSeq, seq);
    }
  }

  /** Feeds another room from now on, or none until the next message. */
  moveTo(roomId: string | null): void {
    if (roomId === this.roomId) return;
    this.roomId = roomId;
    this.throughSeq = 0;
  }
}
