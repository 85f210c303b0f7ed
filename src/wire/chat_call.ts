/**
 * Fields of the chat dialect's notices about video calls (COMPAT 0.3).
 *
 * Parlor carries no call. It tells the others in the room that one is offered
 * and what became of it.
 *
 * @module
 */

import { z } from "zod";
import type { CallStatus, Notice } from "./command.ts";
import { type ClientLimits, ROOM_ID_CHARS_MAX } from "./limits.ts";
import { messageRef } from "./message_ref.ts";
import { shortText, trimmedText } from "./text.ts";

/** What an invitation says when its sender says nothing. */
const INVITATION = "邀请您进行视频通话";

const STATUSES = [
  "joined",
  "declined",
  "left",
  "expired",
] as const satisfies readonly CallStatus[];

/** The fields of `video_call_invite`. */
export function callInviteFields(
  { contentCharsMax }: ClientLimits,
): z.ZodType<Notice, unknown> {
  const fields = z.object({
    message: trimmedText(contentCharsMax).nullish(),
    room_id: shortText(ROOM_ID_CHARS_MAX).nullish(),
  });
  return fields.transform(({ message, room_id: callRoomId }) => ({
    type: "call_invite",
    message: message || INVITATION,
    ...(callRoomId ? { callRoomId } : {}),
  }));
}

/** The fields of `video_call_status`. */
export function callStatusFields(): z.ZodType<Notice, unknown> {
  const fields = z.object({
    status: z.enum(STATUSES),
    message_id: messageRef().nullish(),
    video_room_id: shortText(ROOM_ID_CHARS_MAX).nullish(),
  });
  return fields.transform(({ status, message_id, video_room_id }) => ({
    type: "call_status",
    status,
    messageId: message_id ?? null,
    callRoomId: video_room_id || null,
  }));
}
