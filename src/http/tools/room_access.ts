/**
 * The room that a path names, for the user who asks.
 *
 * What a token does not open is refused before it is looked up. Beyond that
 * the seed's answers stand: an ended room says so to everyone, then a room of
 * others, then one that never was (COMPAT 0.4). What is posted, the room
 * itself judges again in its turn.
 *
 * A room of devices has no users: to all of them, whatever their token says, it
 * is a room that never was.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import type { PageSession } from "../../identity/page_session.ts";
import { isForUsers } from "../../room/admission.ts";
import type { Author } from "../../room/room_input.ts";
import type { StoredRoom } from "../../store/store.ts";
import { ChatError, type ErrorCode } from "../../wire/errors.ts";
import type { Person } from "../../wire/person.ts";
import { ROOM_ID_CHARS_MAX } from "../../wire/limits.ts";
import type { ChatSpec } from "../../wire/record.ts";
import type { ChatRoom } from "../ports.ts";
import { enterPublic } from "./public_rooms.ts";
import { userOf } from "./session_gate.ts";
import type { ToolsDeps } from "./tools_deps.ts";

const NOT_FOUND = "room_not_found";

/** Where rooms are looked up. */
export type RoomSources = Pick<
  ToolsDeps,
  "messages" | "recorder" | "rooms"
>;

/** A room that was found: a live one, or what the database keeps of it. */
export type FoundRoom =
  | { readonly isEnded: false; readonly room: ChatRoom }
  | { readonly isEnded: true; readonly room: StoredRoom };

/** The room that a request's path names. */
export function roomIdOf(c: Context): string {
  return c.req.param("room_id") ?? "";
}

/** A session's user, as a room wants to know them. */
export function authorOf(session: PageSession, roomId: string): Author {
  return {
    ...personOf(session),
    isProven: session.isProven,
    isTokenAdmin: isTokenAdmin(session, roomId),
  };
}

/** A session's user, as others see them. */
export function personOf({ userId, nickname }: PageSession): Person {
  return { userId, nickname };
}

/** Whether the user's token makes them an admin of a room. */
export function isTokenAdmin({ admin }: PageSession, roomId: string): boolean {
  return typeof admin === "boolean" ? admin : admin.has(roomId);
}

/**
 * The live room of a request's path, which its user may enter. A public room
 * that nobody entered before is made.
 *
 * @throws {ChatError} `room_refused`, `room_ended`, `room_not_found`,
 * `not_participant`, `user_banned`, `admin_proof_required`, `limit_reached`.
 */
export async function roomOf(
  c: Context,
  sources: RoomSources,
): Promise<ChatRoom> {
  const session = userOf(c);
  const found = await findRoom(sources, roomIdOf(c), session);
  if (found?.isEnded) {
    throw new ChatError(isForUsers(found.room) ? "room_ended" : NOT_FOUND);
  }
  const room = found?.room ??
    enterPublic(sources.rooms, roomIdOf(c), session);
  if (room === undefined) throw new ChatError(NOT_FOUND);
  requireEntry(room, session);
  return room;
}

/**
 * As {@linkcode roomOf}, for what may still be asked once the room has ended.
 *
 * @throws {ChatError} as there, but for `room_ended`.
 */
export async function anyRoomOf(
  c: Context,
  sources: RoomSources,
): Promise<FoundRoom> {
  const session = userOf(c);
  const found = await findRoom(sources, roomIdOf(c), session);
  if (found === undefined) throw new ChatError(NOT_FOUND);
  if (found.isEnded) await requirePart(found.room, session, sources);
  else requireEntry(found.room, session);
  return found;
}

/**
 * A room by its id, whoever may enter it. It may be a room of devices, whose id
 * is not free either: see {@linkcode isForUsers}.
 *
 * @throws {ChatError} `room_refused` when the user's token opens others only.
 */
export async function findRoom(
  { messages, recorder, rooms }: RoomSources,
  roomId: string,
  session: PageSession,
): Promise<FoundRoom | undefined> {
  if (session.rooms !== null && !session.rooms.has(roomId)) {
    throw new ChatError("room_refused");
  }
  const live = rooms.get(roomId);
  if (live !== undefined) return { isEnded: false, room: live };
  if (roomId === "" || roomId.length > ROOM_ID_CHARS_MAX) return undefined;
  await recorder.flushRoom(roomId);
  const stored = await messages.room(roomId);
  const isOver = stored?.status === "ended" && await rooms.hasEnded(roomId);
  if (isOver) return { isEnded: true, room: stored };
  // Somebody else may have made it meanwhile.
  const made = rooms.get(roomId);
  return made === undefined ? undefined : { isEnded: false, room: made };
}

/** Whether a room would let a user in now. */
export function mayEnter(room: ChatRoom, session: PageSession): boolean {
  return exclusionOf(room, session) === undefined;
}

/**
 * Refuses a user whom a room would not let in now.
 *
 * @throws {ChatError} `room_not_found`, `user_banned`, `not_participant`, or
 * `admin_proof_required`.
 */
export function requireEntry(room: ChatRoom, session: PageSession): void {
  const exclusion = exclusionOf(room, session);
  if (exclusion !== undefined) throw new ChatError(exclusion);
}

function exclusionOf(
  room: ChatRoom,
  session: PageSession,
): ErrorCode | undefined {
  const facts = room.facts();
  if (!isForUsers(facts)) return NOT_FOUND;
  const isBanned = room.bans().some(({ userId }) => userId === session.userId);
  return isBanned ? "user_banned" : refusalOf(facts, session);
}

/** A room that has ended still bars whom it barred. */
async function requirePart(
  room: StoredRoom,
  session: PageSession,
  { messages }: Pick<RoomSources, "messages">,
): Promise<void> {
  const refusal = isForUsers(room) ? refusalOf(room, session) : NOT_FOUND;
  if (refusal !== undefined) throw new ChatError(refusal);
  if (await messages.isBanned(room.id, session.userId)) {
    throw new ChatError("user_banned");
  }
}

/** What decides who has a part in a room. */
interface Shared {
  readonly id: string;
  readonly adminUserIds: readonly string[];
  readonly chat?: ChatSpec | null;
}

/** Why a room is none of a user's; `undefined` when it is. */
function refusalOf(
  room: Shared,
  session: PageSession,
): ErrorCode | undefined {
  const isAdmin = room.adminUserIds.includes(session.userId);
  if (isAdmin && !session.isProven) return "admin_proof_required";
  const isKnown = room.chat?.access !== "participants" || isAdmin ||
    isParticipant(room, session.userId) || isTokenAdmin(session, room.id);
  return isKnown ? undefined : "not_participant";
}

/** Whether a room is for a user by name, or was made by them. */
export function isParticipant(
  { chat }: Pick<Shared, "chat">,
  userId: string,
): boolean {
  return chat?.participants.some((one) => one.userId === userId) ?? false;
}
