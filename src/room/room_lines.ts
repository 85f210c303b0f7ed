/**
 * Which live device room goes on with a line of rooms.
 *
 * A device room that ends is followed by another when one of its devices comes
 * back. The others must find that one, by the room where the line began.
 *
 * @module
 */

import type { DeviceSpec } from "../wire/record.ts";

/** A room, as far as its line goes. */
interface Follower {
  readonly id: string;
  readonly state: { readonly device: DeviceSpec | null };
}

/** Line → its live room. */
export class RoomLines<Room extends Follower> {
  readonly #rooms = new Map<string, Room>();

  /** Live device rooms: a line has one at a time. */
  get count(): number {
    return this.#rooms.size;
  }

  /** The live room of the line that began with a room. */
  of(originId: string): Room | undefined {
    return this.#rooms.get(originId);
  }

  /** Notes a live room; one that is not of kind `device` is in no line. */
  note(room: Room): void {
    const { device } = room.state;
    if (device !== null) this.#rooms.set(device.originId ?? room.id, room);
  }

  /** Forgets a room that ended, unless its line has gone on already. */
  forget(room: Room): void {
    const { device } = room.state;
    if (device === null) return;
    const originId = device.originId ?? room.id;
    if (this.#rooms.get(originId) === room) this.#rooms.delete(originId);
  }
}
