/**
 * Who may enter a room, as far as it can be told before the upgrade. The room
 * asks the same again in its turn, when it may be another.
 *
 * @module
 */

import type { RoomState } from "../room/room_state.ts";
import { ChatError } from "../wire/errors.ts";
import type { Visitor } from "./visitor.ts";

/** What a room is asked. */
export type RoomAccess = Pick<RoomState, "adminUserIds" | "bans" | "chat">;

/**
 * Requires that a visitor is not banned now; `now` is epoch ms.
 *
 * @throws ChatError `user_banned`.
 */
export function requireNoBan(
  { bans }: RoomAccess,
  { userId }: Visitor,
  now: number,
): void {
  if (bans.find(userId, now)) throw new ChatError("user_banned");
}

/**
 * Requires that a room is open, or the visitor one of its own.
 *
 * @throws ChatError `not_participant`.
 */
export function requireParticipant(
  { adminUserIds, chat }: RoomAccess,
  { isTokenAdmin, userId }: Visitor,
): void {
  if (chat?.access !== "participants") return;
  if (isTokenAdmin || adminUserIds.has(userId)) return;
  const isParticipant = chat.participants.some((one) => one.userId === userId);
  if (!isParticipant) throw new ChatError("not_participant");
}

/**
 * Requires that a room admin's id is more than a claim.
 *
 * @throws ChatError `admin_proof_required`.
 */
export function requireAdminProof(
  { adminUserIds }: RoomAccess,
  { isProven, userId }: Visitor,
): void {
  if (adminUserIds.has(userId) && !isProven) {
    throw new ChatError("admin_proof_required");
  }
}
