/**
 * The rooms that are open to everyone, those used last first.
 *
 * Every page asks for them, and there may be ten thousand: which were used last
 * is found out once a second, and what was said last in them is read once.
 *
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import type { PageSession } from "../../identity/page_session.ts";
import type { LogEntry } from "../../wire/entry.ts";
import type { ChatRoom } from "../ports.ts";
import { mayEnter, type RoomSources } from "./room_access.ts";

/** Most open rooms that an answer names. */
export const OPEN_ROOMS_MAX = 20;

/** How long a list is shown, in ms. */
export const LIST_MS = 1000;

/** Most rooms of a list, since some of them may be closed to the reader. */
const LISTED_MAX = 5 * OPEN_ROOMS_MAX;

type Message = LogEntry<"message">;

/** A room with its last message, if anything was said in it. */
export interface OpenRoom {
  readonly room: ChatRoom;
  readonly last: Message | undefined;
}

/** When a room was used last, in epoch ms. */
export function usedAt(
  { createdAt, lastMessageAt }: {
    readonly createdAt: number;
    readonly lastMessageAt: number | null;
  },
): number {
  return lastMessageAt ?? createdAt;
}

/** Rooms as they were at one time. */
interface Listing {
  readonly atMs: number;
  readonly rooms: readonly ChatRoom[];
  /** What was said last, of the rooms that were shown to anyone. */
  readonly said: Map<string, Promise<Message | undefined>>;
}

/** Finds them. */
export class OpenRoomList {
  readonly #sources: RoomSources;
  readonly #clock: Pick<Clock, "monotonic">;
  #listing: Listing | undefined;

  constructor(sources: RoomSources, clock: Pick<Clock, "monotonic">) {
    this.#sources = sources;
    this.#clock = clock;
  }

  /** Those that a user may enter. */
  async for(session: PageSession): Promise<OpenRoom[]> {
    const listing = this.#listingFor(session);
    const rooms = Iterator.from(listing.rooms)
      .filter((room) => this.#isLive(room) && mayEnter(room, session))
      .take(OPEN_ROOMS_MAX)
      .toArray();
    this.#readLast(rooms, listing);
    return await Promise.all(rooms.map(async (room) => {
      return { room, last: await listing.said.get(room.id) };
    }));
  }

  /** It may have ended since the list was made. */
  #isLive(room: ChatRoom): boolean {
    return this.#sources.rooms.get(room.id) === room;
  }

  #listingFor(session: PageSession): Listing {
    const { rooms } = this.#sources;
    const atMs = this.#clock.monotonic();
    if (session.rooms !== null) {
      const named = [...session.rooms].flatMap((id) => rooms.get(id) ?? []);
      return newListing(named, atMs);
    }
    const known = this.#listing;
    if (known !== undefined && atMs - known.atMs < LIST_MS) return known;
    this.#listing = newListing(rooms.all(), atMs);
    return this.#listing;
  }

  /** Reads what was not read for this list before, in one go. */
  #readLast(rooms: readonly ChatRoom[], { said }: Listing): void {
    const ids = rooms.map(({ id }) => id).filter((id) => !said.has(id));
    if (ids.length === 0) return;
    const found = this.#lastOf(ids);
    for (const id of ids) said.set(id, found.then((last) => last.get(id)));
  }

  async #lastOf(ids: readonly string[]): Promise<Map<string, Message>> {
    const { messages, recorder } = this.#sources;
    await Promise.all(ids.map((id) => recorder.flushRoom(id)));
    const last = await messages.lastMessages(ids);
    return new Map(last.map((message) => [message.roomId, message]));
  }
}

/** Each room is looked at once, and few of them closely. */
function newListing(rooms: Iterable<ChatRoom>, atMs: number): Listing {
  const open: { room: ChatRoom; at: number }[] = [];
  for (const room of rooms) {
    const facts = room.facts();
    if (facts.chat?.access === "open") open.push({ room, at: usedAt(facts) });
  }
  const newest = open.sort((one, other) => other.at - one.at)
    .slice(0, LISTED_MAX).map(({ room }) => room);
  return { atMs, rooms: newest, said: new Map() };
}
