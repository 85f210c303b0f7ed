/**
 * Which room a live id is shown in: one that has not ended.
 *
 * @module
 */

import type { LiveSpec } from "../wire/record.ts";

/** A room, as far as its live id goes. */
interface Fed {
  readonly state: { readonly live: LiveSpec | null };
}

/** Live id → its room. */
export class LiveRooms<Room extends Fed> {
  readonly #rooms = new Map<string, Room>();

  of(liveId: string): Room | undefined {
    return this.#rooms.get(liveId);
  }

  /** Notes a room; one that is not of kind `live` has no live id. */
  note(room: Room): void {
    const { live } = room.state;
    if (live !== null) this.#rooms.set(live.liveId, room);
  }

  /** Forgets a room that ended, unless its live id has another already. */
  forget(room: Room): void {
    const { live } = room.state;
    if (live === null || this.#rooms.get(live.liveId) !== room) return;
    this.#rooms.delete(live.liveId);
  }
}
