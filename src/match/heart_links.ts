/**
 * Heart links: people who press, wait, and meet (COMPAT 0.1, 0.4).
 *
 * All that is open is in memory, and decided there in one synchronous step; the
 * only thing that is awaited is the turn of the room in which two meet. A
 * request is recorded in the same call as its room, so neither is ever without
 * the other.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/turn.ts";
import { ChatError } from "../wire/errors.ts";
import type { Person } from "../wire/person.ts";
import { Link } from "./link.ts";
import { LinkBook, type LinkKind, type OpenCounts } from "./link_book.ts";
import { EXPIRY_SLICE, LinkExpiry } from "./link_expiry.ts";
import type {
  LinkPush,
  LinkRecorder,
  LinkRooms,
  LinkStore,
} from "./link_ports.ts";
import { type LinkOutcome, outcomeOf } from "./link_outcome.ts";
import { requestedRecord } from "./link_records.ts";
import { recoverLinks } from "./link_recovery.ts";
import {
  type LinkView,
  linkView,
  type PendingView,
  pendingView,
  storedView,
} from "./link_view.ts";
import { NumberMatch, requireNumber } from "./number_match.ts";
import { Pairing } from "./pairing.ts";
import { type LinkTotals, Settlement } from "./settlement.ts";

/** What heart links work with. */
export interface HeartLinksOptions {
  readonly rooms: LinkRooms;
  readonly recorder: LinkRecorder;
  readonly store: LinkStore;
  readonly push: LinkPush;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /**
   * Whether a command stands in for the server: then nothing expires but by
   * {@linkcode HeartLinks.sweep}, or a look at the file would change it.
   *
   * @default {false}
   */
  readonly isOffline?: boolean;
  /** Most requests and matches that are open at once. */
  readonly openMax?: number;
  /** Most settled requests that are remembered. */
  readonly closedMax?: number;
}

/** What is open, and what there was since the start. */
export interface LinkCounts extends OpenCounts {
  readonly totals: Readonly<LinkTotals>;
  /** Turns of rooms that failed. */
  readonly turnsFailed: number;
  /** Requests that were refused because too many were open. */
  readonly refused: number;
}

/** What a sweep found. */
export interface LinkSweep {
  readonly expired: number;
  /** Waiting rooms without a request that were ended. */
  readonly endedRooms: number;
}

const OPEN_MAX = 100_000;
const CLOSED_MAX = 20_000;

/** How long a user who is refused should wait, in ms. */
const BUSY_MS = 10_000;

/** The heart links of one server. */
export class HeartLinks {
  readonly #options: HeartLinksOptions;
  readonly #openMax: number;
  readonly #book: LinkBook;
  readonly #expiry: LinkExpiry;
  readonly #settlement: Settlement;
  readonly #pairing: Pairing;
  readonly #numbers: NumberMatch;
  #refusedCount = 0;

  constructor(options: HeartLinksOptions) {
    const { openMax = OPEN_MAX, closedMax = CLOSED_MAX } = options;
    this.#options = options;
    this.#openMax = openMax;
    this.#expiry = new LinkExpiry({
      ...options,
      expire: (links) => this.#settlement.expire(links),
    });
    const book = new LinkBook({ expiry: this.#expiry, closedMax });
    const settlement = new Settlement({ ...options, book });
    this.#book = book;
    this.#settlement = settlement;
    this.#pairing = new Pairing({ ...options, book, settlement });
    this.#numbers = new NumberMatch({ ...options, book, settlement });
  }

  get counts(): LinkCounts {
    return {
      ...this.#book.counts,
      totals: { ...this.#settlement.totals },
      turnsFailed: this.#pairing.failedCount,
      refused: this.#refusedCount,
    };
  }

  /**
   * Brings back what was open when the last run ended. To be called once, after
   * the rooms are back and before anything else.
   */
  async start(): Promise<void> {
    const stored = await this.#options.store.openLinks();
    recoverLinks(stored, {
      ...this.#options,
      book: this.#book,
      settlement: this.#settlement,
    });
    if (this.#options.isOffline !== true) await this.sweep();
  }

  /**
   * Matches a user with whoever waits longest, or lets them wait.
   *
   * @throws {ChatError} `link_pending` when the user waits already, `busy` when
   * too many do, `too_many_rooms`, `storage_unavailable`; then nothing changed.
   */
  async request(user: Person): Promise<LinkOutcome> {
    this.#refuseSecond(user.userId, "anyone");
    const active = this.#options.rooms.activeRoomOf(user.userId);
    if (active !== undefined) return { kind: "reconnect", ...active };
    const link = this.#enter(user, null);
    const landing = Promise.withResolvers<void>();
    link.flight = landing.promise;
    try {
      await this.#pairing.place(link, () => this.#waitInRoom(link));
      this.#settlement.totals.requested += 1;
      return outcomeOf(link);
    } catch (error) {
      this.#book.discard(link);
      throw error;
    } finally {
      landing.resolve();
      this.#pairing.wake();
    }
  }

  /**
   * Matches a user with the one who waits with the same number, or lets them
   * wait.
   *
   * @param number four digits.
   * @throws {ChatError} `number_invalid`, and as {@linkcode request} does.
   */
  // deno-lint-ignore require-await -- refusals are rejections, as in request.
  async requestNumber(user: Person, number: string): Promise<LinkOutcome> {
    requireNumber(number);
    this.#refuseSecond(user.userId, "number");
    const link = this.#enter(user, number);
    try {
      this.#numbers.place(link, number);
      this.#settlement.totals.requested += 1;
      return outcomeOf(link);
    } catch (error) {
      this.#book.discard(link);
      throw error;
    }
  }

  /**
   * Takes back the request of a user. One that is being matched is waited for:
   * it is cancelled if the match fails.
   *
   * @returns how many were cancelled, 0 or 1.
   * @throws {ChatError} `storage_unavailable`; then it waits as before.
   */
  async cancel(userId: string, kind: LinkKind): Promise<number> {
    const link = this.#inTime(this.#book.seeking(userId, kind));
    if (link === undefined) return 0;
    link.isLeaving = true;
    if (link.status === "matching") await link.flight;
    // By now it may be matched, lost or cancelled by another call.
    if (link.status !== "pending" || !this.#settlement.isInTime(link)) return 0;
    try {
      this.#settlement.cancel(link);
      return 1;
    } catch (error) {
      link.isLeaving = false;
      this.#book.resume(link);
      this.#pairing.wake();
      throw error;
    }
  }

  /** What a user waits for, or the newest request. */
  async status(userId: string): Promise<LinkView> {
    const known = this.#viewOf(userId);
    if (known !== undefined) return known;
    const stored = await this.#options.store.link(userId);
    // One may have been made while the database was asked.
    return this.#viewOf(userId) ?? storedView(stored);
  }

  /** The request of a user to be matched with anyone, while it waits. */
  pendingOf(userId: string): PendingView | null {
    const link = this.#inTime(this.#book.seeking(userId, "anyone"));
    if (link === undefined) return null;
    return pendingView(link, this.#options.clock.monotonic());
  }

  /**
   * Does what timers and room turns left undone: expires what is overdue,
   * records what is owed, ends waiting rooms that nobody waits in.
   */
  async sweep(): Promise<LinkSweep> {
    this.#settlement.recordOwed();
    let expired = 0;
    for (;;) {
      const count = this.#expiry.run();
      expired += count;
      if (count < EXPIRY_SLICE) break;
      await new Promise<void>(nextTurn);
    }
    const endedRooms = await this.#settlement.endOrphans();
    this.#pairing.wake();
    return { expired, endedRooms };
  }

  /** Expires what waited or was matched in a room that ended. */
  roomEnded(roomId: string): void {
    for (const link of this.#book.inRoom(roomId)) {
      if (link.status === "matching") link.hasLostRoom = true;
      else this.#settlement.lose(link);
    }
  }

  /** Cancels every timer, when the server stops. */
  [Symbol.dispose](): void {
    this.#expiry[Symbol.dispose]();
    this.#pairing[Symbol.dispose]();
  }

  #refuseSecond(userId: string, kind: LinkKind): void {
    const link = this.#inTime(this.#book.seeking(userId, kind));
    if (link !== undefined) throw new ChatError("link_pending");
  }

  #enter(user: Person, number: string | null): Link {
    const { clock, ids } = this.#options;
    const { pending, matched } = this.#book.counts;
    if (pending + matched >= this.#openMax) {
      this.#refusedCount += 1;
      const message = "Too many people wait: try again later";
      throw new ChatError("busy", { message, retryAfterMs: BUSY_MS });
    }
    const link = new Link({
      id: ids.uuid(),
      userId: user.userId,
      nickname: user.nickname,
      number,
      roomId: null,
      createdAt: clock.now(),
      startedMs: clock.monotonic(),
      order: this.#book.nextOrder(),
    });
    this.#book.enter(link);
    return link;
  }

  #waitInRoom(link: Link): void {
    const { rooms } = this.#options;
    const roomId = rooms.openWaiting(link.user, (id) => [
      requestedRecord(link, id),
    ]);
    this.#book.settleIn(link, roomId);
  }

  #viewOf(userId: string): LinkView | undefined {
    const link = this.#book.newest(userId);
    if (link === undefined) return undefined;
    // What is overdue is expired by this, and seen as that.
    this.#settlement.isInTime(link);
    return linkView(link, this.#options.clock.monotonic());
  }

  /** A request unless it is past its time: then it expires here. */
  #inTime(link: Link | undefined): Link | undefined {
    if (link === undefined || !this.#settlement.isInTime(link)) {
      return undefined;
    }
    return link;
  }
}
