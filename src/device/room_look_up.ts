/**
 * What the database knows of rooms that are not live.
 *
 * @module
 */

import { BatchedLookUp, LOOK_UP_BOUNDS } from "./batched_look_up.ts";

/** What the database knows of a room. */
export interface StoredDeviceRoom {
  readonly isDevice: boolean;
  /** The line that the room goes on with; `null` when it began one. */
  readonly originId: string | null;
}

/** Where rooms are read from. */
export interface StoredRooms {
  /** Room id → room, of those ids that a room has or had. */
  rooms(
    roomIds: readonly string[],
  ): Promise<ReadonlyMap<string, StoredDeviceRoom>>;
}

export interface RoomLookUpOptions {
  readonly stored: StoredRooms;
  /** Resolves when all that is pending of a room is in the database. */
  readonly flush: (roomId: string) => Promise<void>;
}

/** Looks up rooms, one look-up of a room at a time. */
export class RoomLookUp {
  readonly #options: RoomLookUpOptions;
  readonly #batched: BatchedLookUp<StoredDeviceRoom>;
  readonly #running = new Map<string, Promise<StoredDeviceRoom | undefined>>();

  constructor(options: RoomLookUpOptions) {
    this.#options = options;
    this.#batched = new BatchedLookUp({
      read: (roomIds) => this.#read(roomIds),
      ...LOOK_UP_BOUNDS,
    });
  }

  /**
   * The room that has or had this id; `undefined` when none does.
   *
   * Whoever asks while the same is looked up gets that answer, with the others.
   * Of two who learned apart that an id is free, the second could have learned
   * it before the room of the first came and went, and use the id again.
   *
   * @throws {ChatError} `busy`, or as the flush throws.
   * @throws {StoreError} when the database cannot be read.
   */
  find(roomId: string): Promise<StoredDeviceRoom | undefined> {
    const running = this.#running.get(roomId);
    if (running !== undefined) return running;
    const lookUp = this.#batched.find(roomId)
      .finally(() => this.#running.delete(roomId));
    this.#running.set(roomId, lookUp);
    return lookUp;
  }

  async #read(
    roomIds: readonly string[],
  ): Promise<ReadonlyMap<string, StoredDeviceRoom>> {
    const { flush, stored } = this.#options;
    // A room that began and ended a moment ago may still be pending.
    await Promise.all(roomIds.map((roomId) => flush(roomId)));
    return await stored.rooms(roomIds);
  }
}
