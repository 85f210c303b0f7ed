/**
 * A log entry as a frame of the chat dialect.
 *
 * What is live, resumed and paged is the same frame, and the HTTP API gives
 * the same message. Seed 0 has a type for a message and for its being read;
 * every other kind of entry gets one of Parlor's, so that a client sees every
 * number.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { userProfile } from "./chat_profile.ts";
import type { EntryKind, LogEntry, MessageType } from "./entry.ts";

/** One frame before it becomes text. */
export interface ChatFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A message as its readers see it (COMPAT 0.3, and seed 1's fields). */
export interface ChatMessage {
  /** The message's number in its room. */
  readonly id: number;
  /** The author's user id. */
  readonly sender: string | null;
  readonly content: string;
  readonly message_type: MessageType;
  readonly file_url: string;
  /** ISO 8601, in UTC. */
  readonly created_at: string;
  /** Whether the reader is the author. */
  readonly is_own: boolean;
  /** Whether anyone but the author has read it. */
  readonly is_read: boolean;
  readonly sender_id: string | null;
  readonly sender_avatar: null;
  /** The author's nickname. */
  readonly sender_name: string;
  readonly file_name: string;
  readonly sender_type: string;
  /** There when it was taken back; `content` is empty then. */
  readonly deleted?: true;
}

/**
 * An entry as a frame, its uuid, number and time beside what it says; `null`
 * for what a device sent and what a live room is fed, which no room of users
 * has.
 *
 * @param readerId who reads it; absent is anyone who did not cause it.
 */
export function chatFrame(
  entry: LogEntry,
  readerId?: string,
): ChatFrame | null {
  if (entry.kind === "message") return messageFrame(entry, readerId);
  if (entry.kind === "relay" || entry.kind === "live") return null;
  const { id, seq, at } = entry;
  return { ...entryShape(entry), id, seq, at };
}

/** A message as one reader sees it; absent is anyone but its author. */
export function chatMessage(
  { seq, at, actor, payload }: LogEntry<"message">,
  readerId?: string,
): ChatMessage {
  const message: ChatMessage = {
    id: seq,
    sender: actor,
    content: payload.content,
    message_type: payload.messageType ?? "text",
    file_url: payload.fileUrl ?? "",
    created_at: new Date(at).toISOString(),
    is_own: readerId !== undefined && actor === readerId,
    is_read: payload.read ?? false,
    sender_id: actor,
    sender_avatar: null,
    sender_name: payload.nickname,
    file_name: payload.fileName ?? "",
    sender_type: payload.senderType ?? "user",
  };
  return payload.deleted ? { ...message, deleted: true } : message;
}

function messageFrame(
  entry: LogEntry<"message">,
  readerId: string | undefined,
): ChatFrame {
  return {
    type: "chat_message",
    message: chatMessage(entry, readerId),
    id: entry.id,
    seq: entry.seq,
    at: entry.at,
    client_msg_id: entry.payload.clientMsgId,
  };
}

type OtherKind = Exclude<EntryKind, "message" | "relay" | "live">;

function entryShape(entry: LogEntry<OtherKind>): ChatFrame {
  switch (entry.kind) {
    case "read":
      return {
        type: "read_status_update",
        message_ids: entry.payload.seqs,
        username: entry.actor,
      };
    case "delete":
      return {
        type: "message_deleted",
        message_id: entry.payload.seq,
        by: entry.actor,
      };
    case "open":
      return {
        type: "room_opened",
        // The log does not know who is connected; `user_joined` says so.
        participants: entry.payload.participants.map((one) =>
          userProfile(one, false)
        ),
      };
    case "custom_event":
      return {
        type: "custom_event",
        event_type: entry.payload.eventType,
        payload: entry.payload.payload,
        from: entry.actor,
      };
    case "system":
      return { type: "system", message: entry.payload.message };
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
      return penaltyShape(entry);
    case "admins":
      return { type: "admins_changed", admin_user_ids: entry.payload.userIds };
    case "settings":
      return {
        type: "room_updated",
        name: entry.payload.name,
        slow_mode_secs: entry.payload.slowModeSecs,
        max_members: entry.payload.membersMax,
        pinned: entry.payload.pinned,
      };
    case "end":
      return {
        type: "room_ended",
        reason: entry.payload.reason,
        message: "聊天室已结束",
      };
  }
}

/** The kinds that say who may be here or speak. */
type PenaltyKind = "kick" | "ban" | "unban" | "mute" | "unmute";

function penaltyShape(entry: LogEntry<PenaltyKind>): ChatFrame {
  const username = entry.payload.userId;
  switch (entry.kind) {
    case "kick":
      return { type: "user_kicked", username };
    case "ban":
      return { type: "user_banned", username, until: entry.payload.until };
    case "unban":
      return { type: "user_unbanned", username };
    case "mute":
      return { type: "user_muted", username, until: entry.payload.until };
    case "unmute":
      return { type: "user_unmuted", username };
  }
}
