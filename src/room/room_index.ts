/**
 * Finds a room by what it is known by beside its id.
 *
 * A device room goes on with a line: one that ends is followed by another when
 * one of its devices comes back, and the others must find that one. A live room
 * shows a live id. Of either there is one room at a time that has not ended.
 *
 * @module
 */

import type { DeviceSpec, LiveSpec } from "../wire/record.ts";

/** Key → its room. */
export class RoomIndex<Room> {
  readonly #keyOf: (room: Room) => string | undefined;
  readonly #rooms = new Map<string, Room>();

  /** @param keyOf always the same for a room; `undefined` keeps it out. */
  constructor(keyOf: (room: Room) => string | undefined) {
    this.#keyOf = keyOf;
  }

  /** Rooms in it. */
  get count(): number {
    return this.#rooms.size;
  }

  /** The room of a key. */
  of(key: string): Room | undefined {
    return this.#rooms.get(key);
  }

  /** Notes a room, in place of an older one of its key. */
  note(room: Room): void {
    const key = this.#keyOf(room);
    if (key !== undefined) this.#rooms.set(key, room);
  }

  /** Forgets a room that ended, unless its key has another already. */
  forget(room: Room): void {
    const key = this.#keyOf(room);
    if (key === undefined || this.#rooms.get(key) !== room) return;
    this.#rooms.delete(key);
  }
}

/** The first room of a device room's line; rooms of other kinds have none. */
export function lineOf(
  { id, state: { device } }: {
    readonly id: string;
    readonly state: { readonly device: DeviceSpec | null };
  },
): string | undefined {
  return device === null ? undefined : device.originId ?? id;
}

/** What a live room is called outside; rooms of other kinds have no such name. */
export function liveIdOf(
  { state: { live } }: { readonly state: { readonly live: LiveSpec | null } },
): string | undefined {
  return live?.liveId;
}
