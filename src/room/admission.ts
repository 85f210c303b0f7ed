/**
 * Who may have a part in a room: enter it, and post to it.
 *
 * @module
 */

import type { ErrorCode } from "../wire/errors.ts";
import type { RoomState } from "./room_state.ts";

/** Someone who asks, with what vouches for them. A session is one. */
export interface Visitor {
  readonly userId: string;
  /** Whether the user id was proven; absent is not. */
  readonly isProven?: boolean;
  /** Whether a token makes them an admin of this room; absent is not. */
  readonly isTokenAdmin?: boolean;
}

/**
 * Whether users see a room as one of theirs: one of devices is for devices
 * alone, and a live one is found by what it is called where it comes from.
 */
export function isForUsers({ kind }: Pick<RoomState, "kind">): boolean {
  return kind === "managed" || kind === "chat";
}

/** Whether someone may use admin commands now. */
export function isAdminOf(
  { adminUserIds }: RoomState,
  { userId, isProven = false, isTokenAdmin = false }: Visitor,
): boolean {
  if (isTokenAdmin) return true;
  return isProven && adminUserIds.has(userId);
}

/**
 * Says why someone may have no part in a room.
 *
 * @param now epoch ms.
 * @returns `undefined` when they may.
 */
export function exclusionOf(
  state: RoomState,
  visitor: Visitor,
  now: number,
): ErrorCode | undefined {
  if (state.isEnded) return "room_ended";
  if (state.bans.find(visitor.userId, now)) return "user_banned";
  const isInvited = isForEveryone(state) || isParticipant(state, visitor);
  if (!isInvited && !isAdminOf(state, visitor)) return "not_participant";
  return undefined;
}

function isForEveryone({ chat }: RoomState): boolean {
  return chat?.access !== "participants";
}

function isParticipant({ chat }: RoomState, { userId }: Visitor): boolean {
  return chat?.participants.some((one) => one.userId === userId) ?? false;
}
