/**
 * Rooms that users make, and how many of them one user may.
 *
 * @module
 */

import type { PageSession } from "../../identity/page_session.ts";
import { ChatError } from "../../wire/errors.ts";
import type { ChatRoom, ChatRooms } from "../ports.ts";
import type { RoomFacts } from "../../room/room_facts.ts";

/** Most live rooms, open to everyone, that one user has made. */
export const OPEN_ROOMS_PER_USER_MAX = 20;

/**
 * Refuses a user who has made as many open rooms as one may.
 *
 * @throws {ChatError} `limit_reached`.
 */
export function requireRoomToMake(
  rooms: Pick<ChatRooms, "participating">,
  userId: string,
): void {
  const made = Iterator.from(rooms.participating(userId))
    .filter((room) => isMadeBy(room.facts(), userId))
    .take(OPEN_ROOMS_PER_USER_MAX);
  if (made.toArray().length < OPEN_ROOMS_PER_USER_MAX) return;
  const message = `您创建的聊天室已达上限：${OPEN_ROOMS_PER_USER_MAX}`;
  throw new ChatError("limit_reached", { message });
}

/**
 * The live room of an id, or the public room that it names, made for its first
 * visitor.
 *
 * @throws {ChatError} what making it says.
 */
export function enterPublic(
  rooms: ChatRooms,
  roomId: string,
  { userId, nickname }: PageSession,
): ChatRoom | undefined {
  // Somebody else may have made it meanwhile.
  const made = rooms.get(roomId);
  if (made !== undefined) return made;
  return rooms.makePublic(roomId, { userId, nickname });
}

function isMadeBy({ chat, pinned }: RoomFacts, userId: string): boolean {
  const [maker] = chat?.participants ?? [];
  return chat?.access === "open" && pinned === null && maker?.userId === userId;
}
