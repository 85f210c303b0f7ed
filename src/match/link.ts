/**
 * One request to be matched, as memory holds it.
 *
 * Its age is measured on the monotonic clock: a wall clock that is set neither
 * expires it early nor keeps it for longer. Instants are for records.
 *
 * @module
 */

import type { Person } from "../wire/person.ts";
import {
  type LinkStatus,
  MATCHED_MS_MAX,
  type NewLink,
  PENDING_MS_MAX,
} from "../wire/heart_link.ts";
import { moveLink } from "./link_states.ts";

/** A match, as one of the two sees it. */
export interface LinkMatch {
  readonly roomId: string;
  readonly partner: Person;
  /** Epoch ms. */
  readonly at: number;
}

/** A request as it begins. */
export interface LinkStart extends NewLink {
  /** When it was made, on the monotonic clock, in ms. */
  readonly startedMs: number;
  /** 1, 2, 3… in the order in which requests were made. */
  readonly order: number;
}

/** A request and its status; every change is checked. */
export class Link {
  readonly id: string;
  readonly user: Person;
  readonly number: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly order: number;
  /** Whether its user wants it back: it must not be matched again. */
  isLeaving = false;
  /** Whether its room ended while it was `matching`. */
  hasLostRoom = false;
  /** Settles when it is no longer `matching`. */
  flight: Promise<void> = Promise.resolve();
  #status: LinkStatus = "pending";
  #roomId: string | null;
  #match: LinkMatch | null = null;
  #sinceMs: number;

  constructor(start: LinkStart) {
    this.id = start.id;
    this.user = { userId: start.userId, nickname: start.nickname };
    this.number = start.number;
    this.createdAt = start.createdAt;
    this.order = start.order;
    this.#roomId = start.roomId;
    this.#sinceMs = start.startedMs;
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** Where its user waits, or the room of the match. */
  get roomId(): string | null {
    return this.#match?.roomId ?? this.#roomId;
  }

  /** `null` unless it was matched. */
  get match(): LinkMatch | null {
    return this.#match;
  }

  /** When it was made or matched, on the monotonic clock, in ms. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** The last instant at which it counts, on the monotonic clock, in ms. */
  get endsMs(): number {
    const isMatched = this.#status === "matched";
    return this.#sinceMs + (isMatched ? MATCHED_MS_MAX : PENDING_MS_MAX);
  }

  /** Whether it may wait or be matched. */
  get isOpen(): boolean {
    return this.#status !== "expired" && this.#status !== "cancelled";
  }

  /** Whether it is past its time. */
  isOverdue(nowMs: number): boolean {
    return this.isOpen && nowMs > this.endsMs;
  }

  /** What is recorded of it when it is made. */
  toNew(roomId: string | null): NewLink {
    const { id, user, number, createdAt } = this;
    return { id, ...user, number, roomId, createdAt };
  }

  /** Takes it for a match that is under way. */
  claim(): void {
    this.#status = moveLink(this.#status, "matching");
  }

  /** Lets it wait again, after all. */
  release(): void {
    this.#status = moveLink(this.#status, "pending");
  }

  /** Lets a request that found nobody wait, in a room of its own if any. */
  settleIn(roomId: string | null): void {
    this.release();
    this.#roomId = roomId;
  }

  /** @param sinceMs when it was matched, on the monotonic clock. */
  meet(match: LinkMatch, sinceMs: number): void {
    this.#status = moveLink(this.#status, "matched");
    this.#match = match;
    this.#sinceMs = sinceMs;
  }

  expire(): void {
    this.#status = moveLink(this.#status, "expired");
  }

  cancel(): void {
    this.#status = moveLink(this.#status, "cancelled");
  }
}
