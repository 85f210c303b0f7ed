/**
 * Rooms, a recorder and a database, as an assigner sees them.
 *
 * What is recorded is pending until a flush, and every answer takes a step that
 * the test may put anywhere.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  Assigner,
  type Assignment,
  type Opens,
} from "../../src/device/assigner.ts";
import { DeviceHomes } from "../../src/device/device_homes.ts";
import type { StoredDeviceRoom } from "../../src/device/room_look_up.ts";
import type { DeviceIdentity } from "../../src/wire/device.ts";

/** A live room. */
export interface WorldRoom {
  readonly id: string;
  readonly originId: string | null;
}

export interface WorldOptions {
  /** What a flush and a read wait for; by default for nothing. */
  readonly step?: (name: string) => Promise<void>;
  /** The numbers that new ids are made of; by default 1, 2, 3 and so on. */
  readonly nextNumber?: () => number;
  readonly createsNamedRooms?: boolean;
  /** Most homes in memory. */
  readonly homesMax?: number;
}

interface Pending {
  readonly roomId: string;
  readonly apply: () => void;
}

/** The id that comes of a number below 36^4. */
export function roomIdOf(number: number): string {
  return number.toString(36).toUpperCase().padStart(8, "0");
}

/** One server's rooms and what is kept of them. */
export class DeviceWorld {
  readonly live = new Map<string, WorldRoom>();
  /** Live rooms of another kind. */
  readonly elsewhere = new Set<string>();
  readonly storedRooms = new Map<string, StoredDeviceRoom>();
  readonly storedHomes = new Map<string, string>();
  /** Flushes and reads that were asked for. */
  readonly calls: string[] = [];
  /** Ids of the rooms that were made, in order. */
  readonly made: string[] = [];
  /** Thrown by whatever asks the database. */
  failure: Error | undefined;
  /** Thrown when a room is to be made. */
  refusal: Error | undefined;
  readonly homes: DeviceHomes;
  readonly assigner: Assigner<WorldRoom>;
  readonly #step: (name: string) => Promise<void>;
  #pending: Pending[] = [];

  constructor(options: WorldOptions = {}) {
    let count = 0;
    const { nextNumber = () => ++count } = options;
    this.#step = options.step ?? (() => Promise.resolve());
    this.homes = new DeviceHomes({
      reader: { homes: (ids) => this.#read("homes", ids, this.storedHomes) },
      flush: () => this.#flush(),
      sizeMax: options.homesMax ?? 100,
    });
    this.assigner = new Assigner<WorldRoom>({
      homes: this.homes,
      rooms: {
        find: (roomId) => this.live.get(roomId),
        isUsed: (roomId) => this.live.has(roomId) || this.elsewhere.has(roomId),
        followerOf: (originId) => this.#inLine(originId),
        create: (room) => this.#create(room),
        flush: (roomId) => this.#flush(roomId),
      },
      stored: {
        rooms: (ids) => this.#read("rooms", ids, this.storedRooms),
      },
      ids: { uuid: () => uuidOf(nextNumber()), fraction: () => 0 },
      createsNamedRooms: options.createsNamedRooms ?? false,
    });
  }

  /** Assigns a device, by its home unless it names a room. */
  assign(
    deviceId: string,
    roomId?: string,
    opens?: Opens,
  ): Promise<Assignment<WorldRoom>> {
    const who: DeviceIdentity = { deviceId, identity: "sensor" };
    return this.assigner.assign(
      roomId === undefined ? who : { ...who, roomId },
      opens,
    );
  }

  /** A device joins a room, unless it has ended. */
  join(deviceId: string, { id }: WorldRoom): boolean {
    if (!this.live.has(id)) return false;
    this.homes.note(deviceId, id);
    const apply = () => this.storedHomes.set(deviceId, id);
    this.#pending.push({ roomId: id, apply });
    return true;
  }

  end(roomId: string): void {
    this.live.delete(roomId);
  }

  /** A live room that the database knows. */
  restore(room: WorldRoom): WorldRoom {
    this.live.set(room.id, room);
    this.#store(room);
    return room;
  }

  /** A room that ended, and whose devices the database alone knows. */
  remember(room: WorldRoom, deviceIds: readonly string[] = []): void {
    this.#store(room);
    for (const deviceId of deviceIds) this.storedHomes.set(deviceId, room.id);
  }

  #store({ id, originId }: WorldRoom): void {
    this.storedRooms.set(id, { isDevice: true, originId });
  }

  #create({ id, originId }: WorldRoom): WorldRoom {
    if (this.refusal !== undefined) throw this.refusal;
    const isUsed = this.made.includes(id) || this.storedRooms.has(id) ||
      this.elsewhere.has(id);
    assert(!isUsed, `id ${id} is used a second time`);
    const line = originId ?? id;
    assert.equal(this.#inLine(line), undefined, `line ${line} has two rooms`);
    const room = { id, originId };
    this.made.push(id);
    this.live.set(id, room);
    const apply = () => this.#store(room);
    this.#pending.push({ roomId: id, apply });
    return room;
  }

  #inLine(originId: string): WorldRoom | undefined {
    return this.live.values()
      .find((room) => (room.originId ?? room.id) === originId);
  }

  async #flush(roomId?: string): Promise<void> {
    const isMeant = (one: Pending) =>
      roomId === undefined || one.roomId === roomId;
    if (!this.#pending.some(isMeant)) return;
    this.calls.push(`flush ${roomId ?? "all"}`);
    const flushed = this.#pending.filter(isMeant);
    await this.#step("flush");
    if (this.failure !== undefined) throw this.failure;
    for (const { apply } of flushed) apply();
    this.#pending = this.#pending.filter((one) => !flushed.includes(one));
  }

  async #read<Value>(
    name: string,
    keys: readonly string[],
    table: ReadonlyMap<string, Value>,
  ): Promise<ReadonlyMap<string, Value>> {
    this.calls.push(`${name} ${keys.join(" ")}`);
    await this.#step("query");
    if (this.failure !== undefined) throw this.failure;
    const found = new Map<string, Value>();
    for (const key of keys) {
      const value = table.get(key);
      if (value !== undefined) found.set(key, value);
    }
    await this.#step("answer");
    return found;
  }
}

function uuidOf(number: number): string {
  const tail = number.toString(16).padStart(12, "0");
  return `00000000-0000-4000-8000-${tail}`;
}
