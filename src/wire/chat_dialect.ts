/**
 * The chat dialect: seed 0's frames, one flat JSON object each.
 *
 * Of a message its author reads another text than the others (`is_own`), so
 * the dialect is personal: there are two encodings of an entry, however many
 * read it. What Parlor adds stands beside the seed's fields.
 *
 * @module
 */

import { toSecs } from "../base/unix_time.ts";
import { chatDecoder, type ChatLimits } from "./chat_decode.ts";
import { type ChatFrame, chatFrame } from "./chat_entry.ts";
import { userProfile } from "./chat_profile.ts";
import type { Notice } from "./command.ts";
import { HEARTBEAT_SECS } from "./connection_frames.ts";
import type { TextDialect } from "./dialect.ts";
import type { Ack, RoomEvent, Welcome } from "./event.ts";
import type { Person } from "./person.ts";
import { mutedFrame, refusalFrame } from "./refusal_frame.ts";

/** The dialect of `/ws/chat/{room_id}/`, with the server's bounds. */
export function chatDialect(limits: ChatLimits): TextDialect {
  return {
    name: "chat",
    isPersonal: true,
    decode: chatDecoder(limits),
    encode: (event, readerId) => {
      const frame = eventFrame(event, readerId);
      return frame === null ? null : JSON.stringify(frame);
    },
  };
}

function eventFrame(event: RoomEvent, readerId?: string): ChatFrame | null {
  switch (event.type) {
    case "entry":
      return chatFrame(event.entry, readerId);
    case "history":
      return historyFrame(event, readerId);
    case "notice":
      return noticeFrame(event.user, event.notice);
    case "arrived":
      return personFrame("user_joined", event.user);
    case "departed":
      return personFrame("user_left", event.user);
    case "user_joined":
    case "user_left":
    case "room_stats":
      // Those of the rooms dialect, which come later and together.
    case "connected":
    case "assigned":
    case "room_info":
      // Those of the devices dialect.
    case "live_snapshot":
    case "live_status":
    case "live_stats":
    case "live_burst":
      // Those of the live dialect.
      return null;
    case "welcome":
    case "ack":
    case "gap":
    case "token_refreshed":
      return standingFrame(event);
    case "heartbeat":
    case "heartbeat_ack":
      return { type: event.type, timestamp: toSecs(event.at) };
    case "pong":
      return { type: "pong", timestamp: event.timestamp };
    case "you_are_kicked":
      return { type: "you_are_kicked" };
    case "you_are_muted":
      return mutedFrame(event);
    case "error":
      return refusalFrame(event);
  }
}

function historyFrame(
  { entries, hasMore }: Extract<RoomEvent, { type: "history" }>,
  readerId?: string,
): ChatFrame {
  const frames = entries.map((entry) => chatFrame(entry, readerId));
  const messages = frames.filter((frame) => frame !== null);
  return { type: "history", messages, has_more: hasMore };
}

function personFrame(
  type: "user_joined" | "user_left",
  user: Person,
): ChatFrame {
  const isOnline = type === "user_joined";
  return {
    type,
    username: user.userId,
    user_profile: userProfile(user, isOnline),
  };
}

/** Where a session stands in the room's log, and with what right. */
type StandingEvent = Extract<
  RoomEvent,
  { type: "welcome" | "ack" | "gap" | "token_refreshed" }
>;

function standingFrame(event: StandingEvent): ChatFrame {
  switch (event.type) {
    case "welcome":
      return welcomeFrame(event);
    case "ack":
      return ackFrame(event);
    case "gap":
      return { type: "gap", from: event.from, to: event.to };
    case "token_refreshed":
      return { type: "token_refreshed", expires_at: event.expiresAt };
  }
}

function welcomeFrame(welcome: Welcome): ChatFrame {
  return {
    type: "connection_established",
    message: "Connected to chat room",
    room_id: welcome.roomId,
    user: welcome.user.userId,
    user_profile: userProfile(welcome.user, true),
    heartbeat_interval: HEARTBEAT_SECS,
    session_id: welcome.sessionId,
    epoch: welcome.epoch,
    last_seq: welcome.lastSeq,
    recovered: welcome.recovered,
    is_muted: welcome.isMuted,
  };
}

function ackFrame(ack: Ack): ChatFrame {
  return {
    type: "ack",
    client_msg_id: ack.clientMsgId,
    id: ack.id,
    message_id: ack.seq,
    seq: ack.seq,
    durability: ack.durability,
  };
}

function noticeFrame(user: Person, notice: Notice): ChatFrame {
  const username = user.userId;
  switch (notice.type) {
    case "typing":
      return {
        type: "user_typing",
        username,
        is_typing: notice.isTyping,
        display_name: user.nickname,
      };
    case "call_invite":
      return {
        type: "video_call_invite",
        username,
        room_id: notice.callRoomId ?? null,
        message: notice.message,
      };
    case "call_status":
      return {
        type: "video_call_status",
        status: notice.status,
        message_id: notice.messageId,
        video_room_id: notice.callRoomId,
        username,
      };
    case "posted":
      return { type: "new_message", message_id: notice.messageId, username };
  }
}
