/**
 * What becomes of requests: the record, the change in memory, the end of the
 * room where someone waited, and word to the people concerned.
 *
 * A request that is past its time expires whether or not that can be recorded:
 * the next start would come to the same from its age. The record is owed then,
 * and offered again. A cancellation that cannot be recorded is refused.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { ChatError } from "../wire/errors.ts";
import type { DurableRecord } from "../wire/record.ts";
import type { Link } from "./link.ts";
import type { LinkBook } from "./link_book.ts";
import type { LinkPush, LinkRecorder, LinkRooms } from "./link_ports.ts";
import { closedRecord, type Meeting } from "./link_records.ts";

/** Most records that are offered in one call. */
const OWED_SLICE = 200;

/** How many requests there were since the start. */
export interface LinkTotals {
  requested: number;
  matched: number;
  expired: number;
  cancelled: number;
}

/** What a settlement works with. */
export interface SettlementOptions {
  readonly book: LinkBook;
  readonly rooms: Pick<LinkRooms, "end" | "waitingRoomIds">;
  readonly recorder: LinkRecorder;
  readonly push: LinkPush;
  readonly clock: Clock;
  readonly log: Log;
}

/** Settles the requests of one book. */
export class Settlement {
  readonly totals: LinkTotals = {
    requested: 0,
    matched: 0,
    expired: 0,
    cancelled: 0,
  };
  readonly #options: SettlementOptions;
  /** At most one for each request that was once open. */
  #owed: DurableRecord[] = [];
  readonly #ending = new Set<string>();

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** Expires requests and matches that are past their time. */
  expire(links: readonly Link[]): void {
    const now = this.#options.clock.now();
    this.record(links.map((link) => closedRecord(link, "expired", now)));
    for (const link of links) {
      const waitingRoomId = waitingRoomOf(link);
      this.#close(link, "expired");
      if (waitingRoomId !== null) void this.#endRoom(waitingRoomId);
    }
  }

  /**
   * Whether a request still counts. One that waits, or was matched, and is past
   * its time is expired by this.
   */
  isInTime(link: Link): boolean {
    const nowMs = this.#options.clock.monotonic();
    if (link.status === "matching" || !link.isOverdue(nowMs)) return true;
    this.expire([link]);
    return false;
  }

  /** Expires a request whose room ended: that end says so in the database. */
  lose(link: Link): void {
    this.#close(link, "expired");
  }

  /** @throws {ChatError} `storage_unavailable`; then it waits as before. */
  cancel(link: Link): void {
    const { clock, recorder } = this.#options;
    const record = closedRecord(link, "cancelled", clock.now());
    if (!recorder.accept([record])) throw new ChatError("storage_unavailable");
    const waitingRoomId = waitingRoomOf(link);
    this.#close(link, "cancelled");
    if (waitingRoomId !== null) void this.#endRoom(waitingRoomId);
  }

  /** Notes a match that is recorded. */
  meet({ elder, junior, roomId, at }: Meeting): void {
    const { book, clock } = this.#options;
    const sinceMs = clock.monotonic();
    const leftRoomId = junior.roomId;
    book.meet(elder, { roomId, at, partner: junior.user }, sinceMs);
    book.meet(junior, { roomId, at, partner: elder.user }, sinceMs);
    this.totals.matched += 2;
    this.#tell(elder);
    this.#tell(junior);
    if (leftRoomId !== null && leftRoomId !== roomId) {
      void this.#endRoom(leftRoomId);
    }
    // The room may have ended before we heard that it was opened.
    if (!elder.hasLostRoom) return;
    this.lose(elder);
    this.lose(junior);
  }

  /** Lets a claimed request wait again, if its room is still there. */
  release(link: Link): void {
    this.#options.book.release(link);
    if (link.hasLostRoom) this.lose(link);
  }

  /** Keeps records that cannot be refused: now, or as soon as it is possible. */
  record(records: readonly DurableRecord[]): void {
    if (records.length === 0 || this.#options.recorder.accept(records)) return;
    this.#owed.push(...records);
  }

  /** Offers again what could not be recorded. */
  recordOwed(): void {
    const { recorder } = this.#options;
    while (this.#owed.length > 0) {
      if (!recorder.accept(this.#owed.slice(0, OWED_SLICE))) return;
      this.#owed = this.#owed.slice(OWED_SLICE);
    }
  }

  /**
   * Ends waiting rooms that no open request belongs to.
   *
   * @returns how many were ended.
   */
  async endOrphans(): Promise<number> {
    const { book, rooms } = this.#options;
    let count = 0;
    for (const roomId of [...rooms.waitingRoomIds()]) {
      // Asked of each in its turn: ending the others takes time.
      if (book.hasRoom(roomId)) continue;
      if (await this.#endRoom(roomId)) count += 1;
    }
    return count;
  }

  #close(link: Link, status: "expired" | "cancelled"): void {
    this.#options.book.close(link, status);
    this.totals[status] += 1;
    this.#tell(link);
  }

  #tell(link: Link): void {
    const { push, log } = this.#options;
    const { id: requestId, status, number, roomId, match } = link;
    const partner = match?.partner ?? null;
    const frame = { status, requestId, number, roomId, partner };
    try {
      push.push(link.user.userId, { type: "heart_link", ...frame });
    } catch (error) {
      log.error("Failed to tell a user of a heart link", {
        event: "link_push_failed",
        error,
      });
    }
  }

  /** Never rejects: a room that stays is found as an orphan later. */
  async #endRoom(roomId: string): Promise<boolean> {
    if (this.#ending.has(roomId)) return false;
    this.#ending.add(roomId);
    try {
      await this.#options.rooms.end(roomId);
      return true;
    } catch (error) {
      const isGone = error instanceof ChatError &&
        (error.code === "room_ended" || error.code === "room_not_found");
      if (isGone) return false;
      this.#options.log.warn("Cannot end a waiting room yet", {
        event: "waiting_room_end_failed",
        room: roomId,
        error,
      });
      return false;
    } finally {
      this.#ending.delete(roomId);
    }
  }
}

/** The room where the user of a request waits, and nobody else is. */
function waitingRoomOf(link: Link): string | null {
  return link.status === "pending" ? link.roomId : null;
}
