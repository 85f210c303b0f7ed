/**
 * Which live rooms a user takes part in.
 *
 * A user asks for their rooms on every page and every few seconds; among ten
 * thousand rooms only an index answers that.
 *
 * @module
 */

import type { ChatSpec } from "../wire/record.ts";

/** A room, as far as its participants go. */
interface Shared {
  readonly state: {
    readonly chat: ChatSpec | null;
    /** Epoch ms. */
    readonly createdAt: number;
  };
}

/** User → rooms; as many as all rooms have participants. */
export class Participation<Room extends Shared> {
  readonly #rooms = new Map<string, Set<Room>>();

  /** The rooms of a user, newest first. */
  of(userId: string): Room[] {
    const rooms = [...this.#rooms.get(userId) ?? []];
    return rooms.reverse().sort((left, right) =>
      right.state.createdAt - left.state.createdAt
    );
  }

  /** Notes whoever takes part in a room and did not before. */
  note(room: Room): void {
    for (const { userId } of room.state.chat?.participants ?? []) {
      const rooms = this.#rooms.get(userId);
      if (rooms === undefined) this.#rooms.set(userId, new Set([room]));
      else rooms.add(room);
    }
  }

  /** Forgets a room that ended. */
  forget(room: Room): void {
    for (const { userId } of room.state.chat?.participants ?? []) {
      const rooms = this.#rooms.get(userId);
      rooms?.delete(room);
      if (rooms?.size === 0) this.#rooms.delete(userId);
    }
  }
}
