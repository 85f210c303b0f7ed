/**
 * The rooms of the registry, as heart links want them.
 *
 * @module
 */

import type {
  ActiveRoomSpec,
  LinkRooms,
  PartneredRoom,
} from "./match/link_ports.ts";
import type { RoomActor } from "./room/room_actor.ts";
import type { NewRoomSpec, RoomRegistry } from "./room/room_registry.ts";
import { ChatError } from "./wire/errors.ts";
import type { Person } from "./wire/person.ts";
import type { ChatSpec, DurableRecord } from "./wire/record.ts";

/** Rooms in which two people wait for each other and meet. */
export class RegistryLinkRooms implements LinkRooms {
  readonly #registry: RoomRegistry;

  constructor(registry: RoomRegistry) {
    this.#registry = registry;
  }

  openWaiting(
    user: Person,
    also: (roomId: string) => readonly DurableRecord[],
  ): string {
    const chat = privateChat([user], true);
    const room = this.#registry.create({
      ...PRIVATE_ROOM,
      chat,
      also: ({ id }) => also(id),
    });
    return room.id;
  }

  async openFor(
    roomId: string,
    newcomer: Person,
    records: readonly DurableRecord[],
  ): Promise<void> {
    const command = { type: "open", newcomer, records } as const;
    await this.#require(roomId).operate(command);
  }

  createActive({ id, participants, records }: ActiveRoomSpec): void {
    const chat = privateChat(participants, false);
    this.#registry.create({ ...PRIVATE_ROOM, id, chat, also: () => records });
  }

  async end(roomId: string): Promise<void> {
    const room = this.#require(roomId);
    await room.operate({ type: "end", reason: "unmatched" });
  }

  activeRoomOf(userId: string): PartneredRoom | undefined {
    for (const room of this.#registry.participating(userId)) {
      const chat = room.state.chat;
      if (chat?.access !== "participants" || chat.isWaiting) continue;
      // Led back to a room that keeps them out, they could match with nobody.
      if (room.exclusionOf({ userId }) !== undefined) continue;
      const partner = chat.participants.find((one) => one.userId !== userId);
      return { roomId: room.id, partner: partner ?? null };
    }
    return undefined;
  }

  chatOf(roomId: string): ChatSpec | undefined {
    return this.#registry.get(roomId)?.state.chat ?? undefined;
  }

  *waitingRoomIds(): Iterable<string> {
    for (const { id, state } of this.#registry.all()) {
      if (state.chat?.isWaiting === true) yield id;
    }
  }

  #require(roomId: string): RoomActor {
    const room = this.#registry.get(roomId);
    if (room === undefined) throw new ChatError("room_not_found");
    return room;
  }
}

/** A room for two: without a rate limit, and gone once both are. */
const PRIVATE_ROOM = {
  name: "",
  adminUserIds: [],
  autoClose: true,
  slowModeSecs: 0,
  membersMax: null,
  pinned: null,
} as const satisfies NewRoomSpec;

function privateChat(
  participants: readonly Person[],
  isWaiting: boolean,
): ChatSpec {
  return { access: "participants", participants, isWaiting };
}
