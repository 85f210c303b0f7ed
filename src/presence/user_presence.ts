/**
 * One user over all their connections.
 *
 * A user is offline exactly when no connection is open: whether a silent one is
 * still there is the connection's business, which has its own time-out. Silence
 * only makes a user `away`, and only one who has not chosen a status. A choice
 * lasts until another, or until the last connection is gone.
 *
 * @module
 */

import type { Person } from "../wire/person.ts";
import type {
  ChosenStatus,
  PresenceFacts,
  PresenceStatus,
} from "../wire/presence.ts";
import type { PresenceRow } from "./presence_store.ts";

/** One instant on both clocks. */
export interface Instant {
  /** Epoch ms. */
  readonly now: number;
  /** In ms from an arbitrary start; it never steps back. */
  readonly monotonic: number;
}

/** A connection that opened. */
export interface OpenedConnection extends Person {
  readonly id: string;
  /** The room that it entered; `null` for one that is in no room. */
  readonly roomId: string | null;
}

/** What is known of one user. Methods tell whether others see a difference. */
export class UserPresence {
  readonly userId: string;
  /** Rooms by connection, in the order in which they were entered. */
  readonly #connections = new Map<string, string | null>();
  #nickname: string;
  #roomId: string | null = null;
  #chosen: Exclude<ChosenStatus, "offline"> = "online";
  #isSilent = false;
  #lastSeenAt: number;
  #activeAt: number;

  constructor({ userId, nickname }: Person, at: Instant) {
    this.userId = userId;
    this.#nickname = nickname;
    this.#lastSeenAt = at.now;
    this.#activeAt = at.monotonic;
  }

  get isOnline(): boolean {
    return this.#connections.size > 0;
  }

  get status(): PresenceStatus {
    if (!this.isOnline) return "offline";
    if (this.#chosen !== "online") return this.#chosen;
    return this.#isSilent ? "away" : "online";
  }

  /** When the user last did something, on the clock that never steps back. */
  get activeAt(): number {
    return this.#activeAt;
  }

  open(connection: OpenedConnection, at: Instant): boolean {
    const { id, nickname, roomId } = connection;
    const isNew = !this.isOnline || this.#nickname !== nickname;
    this.#connections.set(id, roomId);
    this.#nickname = nickname;
    const isBack = this.act(at);
    const isElsewhere = roomId !== null && this.#enter(roomId);
    return isNew || isBack || isElsewhere;
  }

  close(connectionId: string, at: Instant): boolean {
    if (!this.#connections.delete(connectionId)) return false;
    if (!this.isOnline) {
      this.#see(at);
      this.#chosen = "online";
      this.#isSilent = false;
      return true;
    }
    let last: string | null = null;
    for (const roomId of this.#connections.values()) last = roomId ?? last;
    return last !== null && this.#enter(last);
  }

  /** The user did something. */
  act(at: Instant): boolean {
    const before = this.status;
    this.#see(at);
    this.#isSilent = false;
    return this.status !== before;
  }

  /** The user has done nothing for long enough. */
  fallSilent(): boolean {
    const before = this.status;
    this.#isSilent = true;
    return this.status !== before;
  }

  /** What the user says of themselves; passed over when not connected. */
  choose(status: Exclude<ChosenStatus, "offline">): boolean {
    if (!this.isOnline) return false;
    const before = this.status;
    this.#chosen = status;
    return this.status !== before;
  }

  /** The user looks at a room; passed over when no connection is in it. */
  turnTo(roomId: string): boolean {
    for (const [id, room] of this.#connections) {
      if (room !== roomId) continue;
      this.#connections.delete(id);
      this.#connections.set(id, roomId);
      return this.#enter(roomId);
    }
    return false;
  }

  facts(): PresenceFacts {
    return {
      userId: this.userId,
      nickname: this.#nickname,
      status: this.status,
      isOnline: this.isOnline,
      lastSeenAt: this.#lastSeenAt,
      roomId: this.#roomId,
    };
  }

  row(): PresenceRow {
    const { userId, isOnline } = this;
    const nickname = this.#nickname;
    const lastSeenAt = this.#lastSeenAt;
    return { userId, nickname, lastSeenAt, roomId: this.#roomId, isOnline };
  }

  #see({ now, monotonic }: Instant): void {
    // The host's clock may be set back; nobody was seen last before that.
    this.#lastSeenAt = Math.max(this.#lastSeenAt, now);
    this.#activeAt = monotonic;
  }

  #enter(roomId: string): boolean {
    const isElsewhere = this.#roomId !== roomId;
    this.#roomId = roomId;
    return isElsewhere;
  }
}
