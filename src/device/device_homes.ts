/**
 * Where each device was last.
 *
 * The database knows it of every device, and is behind by what is pending in
 * the recorder. So what was noted lately is answered from memory. That has a
 * bound: a device that is pushed out may be one that the database does not
 * know yet, and then a flush comes before the next read.
 *
 * @module
 */

import { BatchedLookUp, LOOK_UP_BOUNDS } from "./batched_look_up.ts";

/** What homes are read from. */
export interface HomeReader {
  /** Device id → room id, of those devices that were in a room. */
  homes(deviceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface HomesOptions {
  readonly reader: HomeReader;
  /** Resolves when all that is pending now is in the database. */
  readonly flush: () => Promise<void>;
  /** Most devices in memory. */
  readonly sizeMax?: number;
}

/** A read that runs, and what was noted of its device meanwhile. */
interface Search {
  readonly found: Promise<string | undefined>;
  noted: string | undefined;
}

const SIZE_MAX = 100_000;

/** Device id → the room that it was in last. */
export class DeviceHomes {
  readonly #reader: HomeReader;
  readonly #flush: () => Promise<void>;
  readonly #sizeMax: number;
  /** The one that was used last is last. */
  readonly #homes = new Map<string, string>();
  readonly #searches = new Map<string, Search>();
  readonly #stored = new BatchedLookUp<string>({
    read: (deviceIds) => this.#read(deviceIds),
    ...LOOK_UP_BOUNDS,
  });
  /** Whether the database may not know what memory has forgotten. */
  #isBehind = false;

  constructor({ reader, flush, sizeMax = SIZE_MAX }: HomesOptions) {
    this.#reader = reader;
    this.#flush = flush;
    this.#sizeMax = sizeMax;
  }

  /** A device is in a room now, and this is recorded or about to be. */
  note(deviceId: string, roomId: string): void {
    const search = this.#searches.get(deviceId);
    if (search !== undefined) search.noted = roomId;
    this.#keep(deviceId, roomId);
  }

  /** The room of a device, as far as memory knows. */
  recall(deviceId: string): string | undefined {
    return this.#homes.get(deviceId);
  }

  /**
   * The room of a device; `undefined` when it never was in one. What is noted
   * while the database is asked is the answer.
   *
   * @throws {ChatError} `busy`, or as the flush and the read throw.
   */
  async find(deviceId: string): Promise<string | undefined> {
    const known = this.#homes.get(deviceId);
    if (known === undefined) return await this.#searchOf(deviceId).found;
    this.#keep(deviceId, known);
    return known;
  }

  /** Puts a device last, and pushes the first out where they are too many. */
  #keep(deviceId: string, roomId: string): void {
    this.#homes.delete(deviceId);
    this.#homes.set(deviceId, roomId);
    if (this.#homes.size <= this.#sizeMax) return;
    for (const first of this.#homes.keys()) {
      this.#homes.delete(first);
      this.#isBehind = true;
      return;
    }
  }

  /** One search of a device at a time, shared by all who ask for it. */
  #searchOf(deviceId: string): Search {
    const running = this.#searches.get(deviceId);
    if (running !== undefined) return running;
    const search: Search = {
      found: this.#search(deviceId),
      noted: undefined,
    };
    this.#searches.set(deviceId, search);
    return search;
  }

  async #search(deviceId: string): Promise<string | undefined> {
    try {
      const stored = await this.#stored.find(deviceId);
      const noted = this.#searches.get(deviceId)?.noted;
      if (noted !== undefined) return noted;
      if (stored !== undefined) this.#keep(deviceId, stored);
      return stored;
    } finally {
      this.#searches.delete(deviceId);
    }
  }

  async #read(
    deviceIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    if (this.#isBehind) await this.#catchUp();
    return await this.#reader.homes(deviceIds);
  }

  async #catchUp(): Promise<void> {
    // Whoever is pushed out from here on may come too late for this flush.
    this.#isBehind = false;
    try {
      await this.#flush();
    } catch (error) {
      this.#isBehind = true;
      throw error;
    }
  }
}
