/**
 * Which room a device comes into: the one that it names, the one where it was
 * last, or a new one.
 *
 * A room that has ended is followed by a new one as soon as one of its devices
 * comes back, and the others find that one: they meet again. The rooms that
 * follow each other are a line, known by the id of its first room.
 *
 * No room is made for a device that its token keeps out of it: a flood of them
 * would leave rooms behind that nobody ever was in.
 *
 * The database is asked about rooms that are not live. While it answers, other
 * devices come, so after each wait the live rooms are looked at again, in the
 * same step in which a room is made.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";
import type { AssignmentStatus, DeviceIdentity } from "../wire/device.ts";
import { ChatError } from "../wire/errors.ts";
import { DEVICE_ROOM_ID_CHARS_MAX, ROOM_ID_CHARS_MAX } from "../wire/limits.ts";
import { newRoomId } from "./room_id.ts";
import { RoomLookUp, type StoredRooms } from "./room_look_up.ts";

/** The live rooms, as devices come into them. */
export interface DeviceRooms<Room> {
  /** The live room of devices with this id. */
  find(roomId: string): Room | undefined;
  /** Whether a live room of any kind has this id, or people alone may use it. */
  isUsed(roomId: string): boolean;
  /** The live room of a line. */
  followerOf(originId: string): Room | undefined;
  /**
   * Makes a room.
   *
   * @param originId the line that it goes on with; `null` begins one.
   * @throws {ChatError} when no room can be made now.
   */
  create(
    { id, originId }: { readonly id: string; readonly originId: string | null },
  ): Room;
  /** Resolves when all that is pending of a room is in the database. */
  flush(roomId: string): Promise<void>;
}

/** Where devices were last. */
export interface Homes {
  /** The room of a device; `undefined` when it never was in one. */
  find(deviceId: string): Promise<string | undefined>;
  /** The room of a device, as far as memory knows. */
  recall(deviceId: string): string | undefined;
  note(deviceId: string, roomId: string): void;
}

export interface AssignerOptions<Room> {
  readonly rooms: DeviceRooms<Room>;
  readonly homes: Homes;
  readonly stored: StoredRooms;
  readonly ids: Ids;
  /** Whether a room is made under the id that a device names. */
  readonly createsNamedRooms: boolean;
}

/** The room of a device, and how it came there. */
export interface Assignment<Room> {
  readonly room: Room;
  readonly status: AssignmentStatus;
  /** The room that the device named, or where it was last, and that ended. */
  readonly endedRoomId?: string;
}

/** Whether what vouches for a device opens a room, by the room's id. */
export type Opens = (roomId: string) => boolean;

/** A device that asks for a room. */
interface Asker {
  readonly deviceId: string;
  readonly opens: Opens;
}

/** A room that is to be made. */
interface Wish<Room> extends Asker {
  readonly originId: string | null;
  readonly endedRoomId?: string;
  /** The room that is there by now, and makes the wish void. */
  readonly found: () => Assignment<Room> | undefined;
}

/** Random ids that are tried before a device is told to come again. */
const ID_TRIES_MAX = 8;

const BUSY_MS = 1000;

const NAMED_ROOM_ID = new RegExp(
  `^[A-Za-z0-9_-]{1,${DEVICE_ROOM_ID_CHARS_MAX}}$`,
);

/** Finds or makes the room of each device that connects. */
export class Assigner<Room> {
  readonly #options: AssignerOptions<Room>;
  readonly #stored: RoomLookUp;
  /** New ids about which the database is being asked. */
  readonly #tried = new Set<string>();

  constructor(options: AssignerOptions<Room>) {
    this.#options = options;
    const { rooms, stored } = options;
    const flush = (roomId: string) => rooms.flush(roomId);
    this.#stored = new RoomLookUp({ stored, flush });
  }

  /**
   * The room of a device. It was live when this resolved; until the device has
   * joined it may end, and the device is assigned again.
   *
   * A device for which a room is made is at home there from then on.
   *
   * @param opens what vouches for the device opens these rooms; absent is all.
   * Only rooms that are made are held against it: see {@linkcode requireOpened}
   * for one that is live already.
   * @throws {ChatError} `room_not_found`, `room_refused`, `busy`, or as a room's
   * making and a flush throw.
   * @throws {StoreError} when the database cannot be read.
   */
  assign(
    { deviceId, roomId }: DeviceIdentity,
    opens: Opens = () => true,
  ): Promise<Assignment<Room>> {
    const asker = { deviceId, opens };
    return roomId === undefined
      ? this.#bringHome(asker)
      : this.#admit(asker, roomId);
  }

  async #bringHome(asker: Asker): Promise<Assignment<Room>> {
    const { homes, rooms } = this.#options;
    const { deviceId } = asker;
    const homeId = await homes.find(deviceId);
    if (homeId === undefined) {
      const found = () => this.#home(deviceId);
      return await this.#create({ ...asker, originId: null, found });
    }
    const room = rooms.find(homeId);
    if (room !== undefined) return { room, status: "reconnected" };
    const stored = await this.#stored.find(homeId);
    // A room that the database has forgotten began its line, for all we know.
    const originId = stored?.originId ?? homeId;
    return await this.#create({
      ...asker,
      originId,
      endedRoomId: homeId,
      found: () =>
        this.#home(deviceId) ??
          this.#follower(originId, homeId, "reconnected"),
    });
  }

  async #admit(asker: Asker, roomId: string): Promise<Assignment<Room>> {
    const { rooms } = this.#options;
    const live = this.#named(roomId);
    if (live !== undefined) return live;
    const isRefused = roomId.length > ROOM_ID_CHARS_MAX || rooms.isUsed(roomId);
    if (isRefused) throw refusalOf(asker, roomId);
    const stored = await this.#stored.find(roomId);
    if (stored === undefined) return this.#createNamed(asker, roomId);
    if (!stored.isDevice) throw refusalOf(asker, roomId);
    const originId = stored.originId ?? roomId;
    return await this.#create({
      ...asker,
      originId,
      endedRoomId: roomId,
      found: () => this.#follower(originId, roomId, "joined_existing"),
    });
  }

  #createNamed(asker: Asker, roomId: string): Assignment<Room> {
    const { createsNamedRooms, rooms } = this.#options;
    // A room that the database has forgotten may be the first of a line.
    const live = this.#named(roomId) ??
      this.#follower(roomId, roomId, "joined_existing");
    if (live !== undefined) return live;
    const mayBeMade = createsNamedRooms && NAMED_ROOM_ID.test(roomId) &&
      !rooms.isUsed(roomId) && asker.opens(roomId);
    if (!mayBeMade) throw refusalOf(asker, roomId);
    return this.#make(asker.deviceId, { id: roomId, originId: null });
  }

  async #create(wish: Wish<Room>): Promise<Assignment<Room>> {
    const { ids, rooms } = this.#options;
    const { deviceId, endedRoomId, opens, originId } = wish;
    for (let tries = 0; tries < ID_TRIES_MAX; tries++) {
      const found = wish.found();
      if (found !== undefined) return found;
      const id = newRoomId(ids);
      requireOpened(opens, [id, originId, endedRoomId]);
      if (rooms.isUsed(id) || await this.#isKnown(id)) continue;
      const foundMeanwhile = wish.found();
      if (foundMeanwhile !== undefined) return foundMeanwhile;
      if (rooms.isUsed(id)) continue;
      const made = this.#make(deviceId, { id, originId });
      return endedRoomId === undefined ? made : { ...made, endedRoomId };
    }
    const message = "No unused room id was found: try again";
    throw new ChatError("busy", { message, retryAfterMs: BUSY_MS });
  }

  /**
   * Whether a new id is taken, for all that the database says. One about which
   * it is asked already counts as taken: that room may have come and gone by
   * the time of the answer.
   */
  async #isKnown(id: string): Promise<boolean> {
    if (this.#tried.has(id)) return true;
    this.#tried.add(id);
    try {
      return await this.#stored.find(id) !== undefined;
    } finally {
      this.#tried.delete(id);
    }
  }

  /** Makes a room whose id was free when last asked, in this very step. */
  #make(
    deviceId: string,
    room: { readonly id: string; readonly originId: string | null },
  ): Assignment<Room> {
    const { homes, rooms } = this.#options;
    const made = rooms.create(room);
    // Another connection of the device may be waiting for a room of its own.
    homes.note(deviceId, room.id);
    return { room: made, status: "created_new" };
  }

  #named(roomId: string): Assignment<Room> | undefined {
    const room = this.#options.rooms.find(roomId);
    if (room === undefined) return undefined;
    return { room, status: "joined_existing" };
  }

  #home(deviceId: string): Assignment<Room> | undefined {
    const { homes, rooms } = this.#options;
    const homeId = homes.recall(deviceId);
    const room = homeId === undefined ? undefined : rooms.find(homeId);
    return room === undefined ? undefined : { room, status: "reconnected" };
  }

  #follower(
    originId: string,
    endedRoomId: string,
    status: AssignmentStatus,
  ): Assignment<Room> | undefined {
    const room = this.#options.rooms.followerOf(originId);
    return room === undefined ? undefined : { room, status, endedRoomId };
  }
}

/**
 * Requires that a room is opened under one of the ids by which it is known: its
 * own, its line's, that of the room which it follows.
 *
 * @throws {ChatError} `room_refused`.
 */
export function requireOpened(
  opens: Opens,
  roomIds: readonly (string | null | undefined)[],
): void {
  const isOpened = roomIds.some((id) => typeof id === "string" && opens(id));
  if (!isOpened) throw new ChatError("room_refused");
}

/** A token for other rooms is not told whether this one is there. */
function refusalOf({ opens }: Asker, roomId: string): ChatError {
  if (!opens(roomId)) return new ChatError("room_refused");
  const shown = roomId.slice(0, ROOM_ID_CHARS_MAX).toWellFormed();
  const message = `Room ${shown} does not exist`;
  return new ChatError("room_not_found", { message });
}
