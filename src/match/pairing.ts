/**
 * Brings two requests together in the room of the older one.
 *
 * Both are `matching` while the room takes its turn, so nobody else can have
 * them. A request that just came looks for a partner at once. Two that wait
 * both come about only when a turn failed; they are tried again after a while.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { ChatError, type ErrorCode } from "../wire/errors.ts";
import type { Link } from "./link.ts";
import type { LinkBook } from "./link_book.ts";
import type { LinkRooms } from "./link_ports.ts";
import { type Meeting, meetingRecords, newMeeting } from "./link_records.ts";
import type { Settlement } from "./settlement.ts";

/** Most partners that are tried for one request. */
export const CANDIDATES_MAX = 3;

/** How long two who wait go on to wait after a failure, in ms. */
export const RETRY_MS = 1000;

/** What refusals say that the older one's room will never be opened. */
const GONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "room_ended",
  "room_not_found",
  "bad_request",
]);

/** What a pairing works with. */
export interface PairingOptions {
  readonly book: LinkBook;
  readonly settlement: Settlement;
  readonly rooms: Pick<LinkRooms, "openFor" | "chatOf">;
  readonly clock: Clock;
  readonly log: Log;
}

/** What came of one turn; `unsure` is when nobody can tell. */
type Turn = "met" | "gone" | "failed" | "unstored" | "unsure";

/** Pairs the requests of one book. */
export class Pairing {
  readonly #options: PairingOptions;
  #timer: Disposable | undefined;
  #isPairing = false;
  #isStopped = false;
  #failedCount = 0;

  constructor(options: PairingOptions) {
    this.#options = options;
  }

  /** Turns of rooms that failed since the start. */
  get failedCount(): number {
    return this.#failedCount;
  }

  /**
   * Matches a request that just entered, or has it wait.
   *
   * @param wait lets it wait. It is called in the same step in which nobody was
   * found, so two who come at once cannot both find nobody.
   * @throws {ChatError} `storage_unavailable` when no match can be recorded,
   * and what `wait` throws. Then it is `matching` still.
   */
  async place(junior: Link, wait: () => void): Promise<void> {
    const tried = new Set<Link>();
    while (tried.size < CANDIDATES_MAX) {
      const elder = this.#oldestFor(junior.user.userId, tried);
      if (elder === undefined) break;
      tried.add(elder);
      const turn = await this.#openRoom(elder, junior);
      if (turn === "met") return;
      if (turn === "unstored" || turn === "unsure") {
        throw new ChatError("storage_unavailable");
      }
    }
    wait();
  }

  /** Has those who wait paired in a while, if there are two. */
  wake(): void {
    const isIdle = this.#timer === undefined && !this.#isPairing;
    const mayPair = this.#options.book.line.size > 1;
    if (this.#isStopped || !isIdle || !mayPair) return;
    this.#timer = this.#options.clock.after(RETRY_MS, () => {
      this.#timer = undefined;
      void this.#pairWaiting();
    });
  }

  /** Cancels the timer for good. */
  [Symbol.dispose](): void {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  async #pairWaiting(): Promise<void> {
    this.#isPairing = true;
    try {
      while (!this.#isStopped && await this.#pairOldest());
    } catch (error) {
      this.#options.log.error("Failed to pair those who wait", {
        event: "link_pairing_failed",
        error,
      });
    }
    this.#isPairing = false;
    this.wake();
  }

  /** Pairs the two oldest; whether to go on with the next. */
  async #pairOldest(): Promise<boolean> {
    const elder = this.#oldestFor("");
    if (elder === undefined) return false;
    const junior = this.#oldestFor(elder.user.userId, new Set([elder]));
    if (junior === undefined) return false;
    const { book, settlement } = this.#options;
    const landing = Promise.withResolvers<void>();
    junior.flight = landing.promise;
    book.claim(junior);
    const turn = await this.#openRoom(elder, junior);
    if (turn !== "met") settlement.release(junior);
    // The database may say that it was matched, in a room that has ended.
    if (turn === "unsure" && junior.status === "pending") {
      settlement.expire([junior]);
    }
    landing.resolve();
    return turn === "met" || turn === "gone";
  }

  /** The oldest who is still in time; who is not is expired here. */
  #oldestFor(userId: string, tried?: ReadonlySet<Link>): Link | undefined {
    const { book, settlement } = this.#options;
    for (;;) {
      const oldest = book.line.oldestFor(userId, tried);
      if (oldest === undefined) return undefined;
      if (settlement.isInTime(oldest)) return oldest;
    }
  }

  async #openRoom(elder: Link, junior: Link): Promise<Turn> {
    const { roomId } = elder;
    if (roomId === null) {
      throw new Error("Cannot open a room: want one where its user waits");
    }
    const { book, clock, settlement } = this.#options;
    const landing = Promise.withResolvers<void>();
    elder.flight = landing.promise;
    book.claim(elder);
    const meeting = newMeeting(roomId, { elder, junior, now: clock.now() });
    const turn = await this.#takeTurn(meeting);
    if (turn === "met") settlement.meet(meeting);
    else settlement.release(elder);
    if (turn === "gone" && elder.status === "pending") {
      settlement.expire([elder]);
    }
    landing.resolve();
    return turn;
  }

  /** Asks the room for its turn. Never rejects. */
  async #takeTurn(meeting: Meeting): Promise<Turn> {
    const { roomId, junior } = meeting;
    const records = meetingRecords(meeting);
    try {
      await this.#options.rooms.openFor(roomId, junior.user, records);
      return "met";
    } catch (error) {
      this.#noteFailure(meeting, error);
      // The turn may have been taken, and only its answer have failed.
      if (this.#hasOpened(meeting)) return "met";
      const code = error instanceof ChatError ? error.code : "internal";
      if (GONE.has(code)) return "gone";
      // It may have been taken too when the room ended since.
      if (meeting.elder.hasLostRoom && code !== "busy") return "unsure";
      return code === "storage_unavailable" ? "unstored" : "failed";
    }
  }

  #hasOpened({ roomId, junior }: Meeting): boolean {
    const chat = this.#options.rooms.chatOf(roomId);
    if (chat === undefined || chat.isWaiting) return false;
    const { userId } = junior.user;
    return chat.participants.some((person) => person.userId === userId);
  }

  #noteFailure({ roomId }: Meeting, error: unknown): void {
    this.#failedCount += 1;
    this.#options.log.warn("Cannot open a room for two who were matched", {
      event: "link_turn_failed",
      room: roomId,
      error,
    });
  }
}
