/**
 * Brings together two who say the same four digits.
 *
 * Nobody waits in a room here: one is made for two, in the same call as the
 * records, so this is one synchronous step.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import { ChatError } from "../wire/errors.ts";
import type { Link } from "./link.ts";
import type { LinkBook } from "./link_book.ts";
import type { LinkRecorder, LinkRooms } from "./link_ports.ts";
import { meetingRecords, newMeeting, requestedRecord } from "./link_records.ts";
import type { Settlement } from "./settlement.ts";

const FOUR_DIGITS = /^[0-9]{4}$/;

/** What a match by number works with. */
export interface NumberMatchOptions {
  readonly book: LinkBook;
  readonly settlement: Settlement;
  readonly rooms: Pick<LinkRooms, "createActive">;
  readonly recorder: LinkRecorder;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Matches the requests of one book that have a number. */
export class NumberMatch {
  readonly #options: NumberMatchOptions;

  constructor(options: NumberMatchOptions) {
    this.#options = options;
  }

  /**
   * Matches a request that just entered, or lets it wait.
   *
   * @throws {ChatError} `too_many_rooms` or `storage_unavailable`; then it is
   * `matching` still, and the one who waited waits on.
   */
  place(link: Link, number: string): void {
    const { book, settlement } = this.#options;
    const elder = book.numbers.partnerFor(number, link.user.userId);
    if (elder !== undefined && settlement.isInTime(elder)) {
      this.#meet(elder, link);
    } else {
      this.#wait(link);
    }
  }

  #meet(elder: Link, junior: Link): void {
    const { book, clock, ids, rooms, settlement } = this.#options;
    const roomId = `match-${ids.uuid()}`;
    const meeting = newMeeting(roomId, { elder, junior, now: clock.now() });
    book.claim(elder);
    try {
      const participants = [elder.user, junior.user] as const;
      const records = meetingRecords(meeting);
      rooms.createActive({ id: roomId, participants, records });
    } catch (error) {
      settlement.release(elder);
      throw error;
    }
    settlement.meet(meeting);
  }

  #wait(link: Link): void {
    const { book, recorder } = this.#options;
    const isKept = recorder.accept([requestedRecord(link, null)]);
    if (!isKept) throw new ChatError("storage_unavailable");
    book.settleIn(link, null);
  }
}

/** @throws {ChatError} `number_invalid` unless it is four digits. */
export function requireNumber(number: string): void {
  if (!FOUR_DIGITS.test(number)) throw new ChatError("number_invalid");
}
