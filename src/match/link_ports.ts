/**
 * What heart links need of the rest: rooms, a recorder, the database, a way to
 * tell people.
 *
 * @module
 */

import type { Person } from "../wire/person.ts";
import type { StoredLink } from "../wire/heart_link.ts";
import type { HeartLinkFrame } from "../wire/presence_frame.ts";
import type { ChatSpec, DurableRecord } from "../wire/record.ts";

/** A room that a user is a participant of. */
export interface PartneredRoom {
  readonly roomId: string;
  /** The other participant; `null` while there is none. */
  readonly partner: Person | null;
}

/** A room for two that is made at once. */
export interface ActiveRoomSpec {
  readonly id: string;
  /** Oldest first. */
  readonly participants: readonly [Person, Person];
  /** Facts that are kept in the same call as the room, or not at all. */
  readonly records: readonly DurableRecord[];
}

/** The rooms in which people wait and meet. */
export interface LinkRooms {
  /**
   * Makes a room in which `user` waits.
   *
   * @param also facts that are kept in the same call, or not at all.
   * @returns the room's id.
   * @throws {ChatError} `too_many_rooms` or `storage_unavailable`; then there
   * is no room.
   */
  openWaiting(
    user: Person,
    also: (roomId: string) => readonly DurableRecord[],
  ): string;
  /**
   * Lets `newcomer` into a waiting room, which makes it active.
   *
   * @param records are kept in the same call, or not at all.
   * @throws {ChatError} `room_not_found`, `room_ended`, `bad_request` when it
   * does not wait, `storage_unavailable`, `busy`.
   */
  openFor(
    roomId: string,
    newcomer: Person,
    records: readonly DurableRecord[],
  ): Promise<void>;
  /**
   * Makes an active room for two.
   *
   * @throws {ChatError} as {@linkcode openWaiting} does.
   */
  createActive(spec: ActiveRoomSpec): void;
  /**
   * Ends a waiting room with the reason `unmatched`.
   *
   * @throws {ChatError} when it cannot be ended now.
   */
  end(roomId: string): Promise<void>;
  /** The newest active room that is for this user and others by name. */
  activeRoomOf(userId: string): PartneredRoom | undefined;
  /** A live room of kind `chat`. */
  chatOf(roomId: string): ChatSpec | undefined;
  /** The live rooms in which somebody waits for a match. */
  waitingRoomIds(): Iterable<string>;
}

/** What keeps records of requests that have no room to be kept with. */
export interface LinkRecorder {
  /** `false` when they cannot be kept now; then none of them is. */
  accept(records: readonly DurableRecord[]): boolean;
}

/** What the database knows of requests. */
export interface LinkStore {
  /** The newest request of a user. */
  link(userId: string): Promise<StoredLink | undefined>;
  /** Every pending or matched request, oldest first. */
  openLinks(): Promise<StoredLink[]>;
}

/** How people hear of their requests, wherever they are connected. */
export interface LinkPush {
  push(userId: string, frame: HeartLinkFrame): unknown;
}
