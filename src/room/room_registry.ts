/**
 * The live rooms: id → actor.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";
import type { RoomSettings } from "../wire/entry.ts";
import { ChatError } from "../wire/errors.ts";
import type {
  ChatSpec,
  DeviceSpec,
  DurableRecord,
  LiveSpec,
  NewRoom,
  RoomKind,
} from "../wire/record.ts";
import { Participation } from "./participation.ts";
import { Room } from "./room.ts";
import { RoomActor } from "./room_actor.ts";
import type { RoomFacts } from "./room_facts.ts";
import { lineOf, liveIdOf, RoomIndex } from "./room_index.ts";
import type { RoomOptions, RoomStart } from "./room_state.ts";
import type { RoomWorld } from "./room_world.ts";

/** What is said of a new room. */
export interface RoomSpec extends RoomSettings {
  readonly adminUserIds: readonly string[];
  /** Whether it ends by itself once it has been empty for long enough. */
  readonly autoClose: boolean;
}

/** What is said of a new room by those who know more of it than an operator. */
export interface NewRoomSpec extends RoomSpec {
  /** An id that no room has or had; absent is a new one. */
  readonly id?: string;
  /** Makes it a room of kind `chat`. */
  readonly chat?: ChatSpec;
  /** Makes it a room of kind `device`. */
  readonly device?: DeviceSpec;
  /** Makes it a room of kind `live`; at most one of the three is there. */
  readonly live?: LiveSpec;
  /** Other facts that are kept with the room, or not at all. */
  readonly also?: (room: NewRoom) => readonly DurableRecord[];
}

export interface RegistryOptions {
  readonly world: RoomWorld;
  readonly room: RoomOptions;
  readonly ids: Ids;
  readonly roomsMax: number;
  /** Called once a room has ended and left the registry. */
  readonly onEnded: (roomId: string, facts: RoomFacts) => void;
  /**
   * Called after a turn, once, in which the participants changed, or which
   * users are connected.
   */
  readonly onPeopleChanged?: (actor: RoomActor) => void;
}

/** The rooms of one server. */
export class RoomRegistry {
  readonly #options: RegistryOptions;
  readonly #actors = new Map<string, RoomActor>();
  readonly #participation = new Participation<RoomActor>();
  readonly #lines = new RoomIndex<RoomActor>(lineOf);
  readonly #liveRooms = new RoomIndex<RoomActor>(liveIdOf);

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Live rooms. */
  get count(): number {
    return this.#actors.size;
  }

  /** Live device rooms. */
  get deviceRoomCount(): number {
    return this.#lines.count;
  }

  get(roomId: string): RoomActor | undefined {
    return this.#actors.get(roomId);
  }

  all(): IterableIterator<RoomActor> {
    return this.#actors.values();
  }

  /** The live rooms among whose participants a user is, newest first. */
  participating(userId: string): RoomActor[] {
    return this.#participation.of(userId);
  }

  /**
   * The live device room of the line that began with a room, by that room's id:
   * the room itself while it lives.
   */
  followerOf(originId: string): RoomActor | undefined {
    return this.#lines.of(originId);
  }

  /** The room of a live id that has not ended. */
  liveRoom(liveId: string): RoomActor | undefined {
    return this.#liveRooms.of(liveId);
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
  create({ id, also, ...spec }: NewRoomSpec): RoomActor {
    const { ids, roomsMax, world } = this.#options;
    if (this.#actors.size >= roomsMax) throw new ChatError("too_many_rooms");
    if (id !== undefined && this.#actors.has(id)) {
      throw new Error(`Cannot create a room: its id is in use, got "${id}"`);
    }
    this.#requireNoRoomOf(spec.live);
    const now = world.clock.now();
    const room: NewRoom = {
      ...spec,
      adminUserIds: [...new Set(spec.adminUserIds)],
      id: id ?? ids.uuid(),
      kind: kindOf(spec),
      epoch: ids.uuid(),
      createdAt: now,
    };
    const isKept = world.recorder.accept([
      { type: "room_created", room },
      ...also?.(room) ?? [],
    ]);
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
    const actor = new RoomActor(room, world, {
      onPeopleChanged: (changed) => this.#notePeople(changed),
      onEnded: (ended) => this.#remove(ended),
    });
    this.#actors.set(start.id, actor);
    this.#participation.note(actor);
    this.#lines.note(actor);
    this.#liveRooms.note(actor);
    world.metrics.rooms.set(this.#actors.size);
    return actor;
  }

  /** Cancels every room's timer. */
  [Symbol.dispose](): void {
    for (const actor of this.#actors.values()) actor[Symbol.dispose]();
  }

  #requireNoRoomOf(live: LiveSpec | undefined): void {
    if (live === undefined) return;
    const { liveId } = live;
    if (this.#liveRooms.of(liveId) === undefined) return;
    throw new Error(
      `Cannot create a room: its live id has one, got "${liveId}"`,
    );
  }

  #notePeople(actor: RoomActor): void {
    this.#participation.note(actor);
    this.#options.onPeopleChanged?.(actor);
  }

  #remove(actor: RoomActor): void {
    actor[Symbol.dispose]();
    this.#actors.delete(actor.id);
    this.#participation.forget(actor);
    this.#lines.forget(actor);
    this.#liveRooms.forget(actor);
    this.#options.world.metrics.rooms.set(this.#actors.size);
    this.#options.onEnded(actor.id, actor.facts());
  }
}

function kindOf(
  { chat, device, live }: Omit<NewRoomSpec, keyof RoomSpec>,
): RoomKind {
  if (chat !== undefined) return "chat";
  if (live !== undefined) return "live";
  return device === undefined ? "managed" : "device";
}
