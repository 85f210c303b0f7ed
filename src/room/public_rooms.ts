/**
 * Public rooms by their names, in as many lives as they have.
 *
 * An id belongs to one room for good, so a public room that ended would never
 * be there again. Only the first of a name has it for an id: those that follow
 * have ids of their own, and their name leads to the one that goes on.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";
import type { Person } from "../wire/person.ts";
import { isPublicName, publicNameOf, publicRoom } from "./public_room.ts";
import type { NewRoomSpec } from "./room_registry.ts";

/** Names that are remembered as used: many more than visitors at a time. */
const USED_MAX = 10_000;
/** Names at which those of rooms that ended are looked for, at least. */
const LIVES_MIN = 64;

/** The live rooms. */
export interface LiveRooms<Room extends { readonly id: string }> {
  all(): Iterable<Room>;
  get(roomId: string): Room | undefined;
  create(spec: NewRoomSpec): Room;
}

/** The rooms of one server, by id, and public ones by name too. */
export class PublicRooms<Room extends { readonly id: string }> {
  readonly #rooms: LiveRooms<Room>;
  readonly #ids: Pick<Ids, "uuid">;
  /** Name → id of its last room, unless the two are the same. */
  readonly #lives = new Map<string, string>();
  /** Names that a room had for an id, those heard of last at the end. */
  readonly #used = new Set<string>();
  #pruneSize = LIVES_MIN;

  constructor(rooms: LiveRooms<Room>, ids: Pick<Ids, "uuid">) {
    this.#rooms = rooms;
    this.#ids = ids;
  }

  /** Takes in the rooms that a former run left, once they are back. */
  start(): void {
    for (const { id } of this.#rooms.all()) {
      const name = publicNameOf(id);
      if (name !== undefined) this.#lives.set(name, id);
    }
  }

  /** The live room of an id, or of a public name. */
  get(id: string): Room | undefined {
    const life = this.#lives.get(id);
    const named = life === undefined ? undefined : this.#rooms.get(life);
    return named ?? this.#rooms.get(id);
  }

  /**
   * Says that there was a room of an id.
   *
   * @returns whether that is the end of it: whether no room can follow.
   */
  noteUsed(id: string): boolean {
    if (!isPublicName(id)) return true;
    this.#use(id);
    return false;
  }

  /**
   * Makes the room of a public name, whose last one has ended if there was one.
   * Whoever asks has looked whether the database knows the name, and said so.
   *
   * @returns `undefined` when it is no public name.
   * @throws ChatError `too_many_rooms`, or `storage_unavailable`.
   */
  make(name: string, visitor: Person): Room | undefined {
    const spec = publicRoom(name, visitor);
    if (spec === undefined) return undefined;
    if (!this.#used.has(name)) {
      const room = this.#rooms.create(spec);
      this.#use(name);
      return room;
    }
    const id = `${name}.${this.#ids.uuid().slice(0, 8)}`;
    const room = this.#rooms.create({ ...spec, id });
    this.#lives.set(name, id);
    this.#prune();
    return room;
  }

  /** Names in memory that lead to another id. */
  get aliasCount(): number {
    return this.#lives.size;
  }

  #use(name: string): void {
    this.#used.delete(name);
    this.#used.add(name);
    if (this.#used.size <= USED_MAX) return;
    const [oldest = name] = this.#used;
    this.#used.delete(oldest);
  }

  /** Forgets names whose room has ended, each time their number doubled. */
  #prune(): void {
    if (this.#lives.size <= this.#pruneSize) return;
    for (const [name, id] of this.#lives) {
      if (this.#rooms.get(id) === undefined) this.#lives.delete(name);
    }
    this.#pruneSize = Math.max(LIVES_MIN, this.#lives.size * 2);
  }
}
