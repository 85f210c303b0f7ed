/**
 * The live rooms: id → actor.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";
import type { RoomSettings } from "../wire/entry.ts";
import { ChatError } from "../wire/errors.ts";
import type { NewRoom } from "../wire/record.ts";
import { Room } from "./room.ts";
import { RoomActor, type RoomWorld } from "./room_actor.ts";
import type { RoomOptions, RoomStart } from "./room_state.ts";

/** What an operator says of a new room. */
export interface RoomSpec extends RoomSettings {
  readonly adminUserIds: readonly string[];
  /** Whether it ends by itself once it has been empty for long enough. */
  readonly autoClose: boolean;
}

export interface RegistryOptions {
  readonly world: RoomWorld;
  readonly room: RoomOptions;
  readonly ids: Ids;
  readonly roomsMax: number;
  /** Called once a room has ended and left the registry. */
  readonly onEnded: (roomId: string) => void;
}

/** The rooms of one server. */
export class RoomRegistry {
  readonly #options: RegistryOptions;
  readonly #actors = new Map<string, RoomActor>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Live rooms. */
  get count(): number {
    return this.#actors.size;
  }

  get(roomId: string): RoomActor | undefined {
    return this.#actors.get(roomId);
  }

  all(): IterableIterator<RoomActor> {
    return this.#actors.values();
  }

  /** Inputs that wait in all mailboxes. */
  get depth(): number {
    let depth = 0;
    for (const actor of this.#actors.values()) depth += actor.depth;
    return depth;
  }

  /**
   * Makes a room and keeps it.
   *
   * @throws ChatError `too_many_rooms`, or `storage_unavailable`.
   */
  create(spec: RoomSpec): RoomActor {
    const { ids, roomsMax, world } = this.#options;
    if (this.#actors.size >= roomsMax) throw new ChatError("too_many_rooms");
    const now = world.clock.now();
    const room: NewRoom = {
      ...spec,
      adminUserIds: [...new Set(spec.adminUserIds)],
      id: ids.uuid(),
      kind: "managed",
      epoch: ids.uuid(),
      createdAt: now,
    };
    const isKept = world.recorder.accept([{ type: "room_created", room }]);
    if (!isKept) throw new ChatError("storage_unavailable");
    return this.restore({
      ...room,
      lastSeq: 0,
      peakUsers: 0,
      totalJoins: 0,
      lastMessageAt: null,
      bans: [],
      mutes: [],
      recentSends: [],
      emptySinceAt: now,
    });
  }

  /** Brings a room back as the database knows it. */
  restore(start: RoomStart): RoomActor {
    const { ids, room: options, world } = this.#options;
    const room = new Room(start, options, ids);
    const actor = new RoomActor(room, world, (ended) => this.#remove(ended));
    this.#actors.set(start.id, actor);
    world.metrics.rooms.set(this.#actors.size);
    return actor;
  }

  /** Cancels every room's timer. */
  [Symbol.dispose](): void {
    for (const actor of this.#actors.values()) actor[Symbol.dispose]();
  }

  #remove(actor: RoomActor): void {
    actor[Symbol.dispose]();
    this.#actors.delete(actor.id);
    this.#options.world.metrics.rooms.set(this.#actors.size);
    this.#options.onEnded(actor.id);
  }
}
