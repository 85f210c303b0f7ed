/**
 * A log entry as a frame of the rooms dialect.
 *
 * What is live, resumed and paged is the same frame, and the management API
 * gives it too. An entry for which seed 2 has no type of its own gets one of
 * Parlor's, so that a client sees every number.
 *
 * @module
 */

import type { LogEntry } from "./entry.ts";
import { errorRow } from "./errors.ts";
import { parseJsonObject } from "./json_object.ts";
import type { Person } from "./person.ts";

/** One frame before it becomes text. */
export interface RoomsFrame {
  readonly type: string;
  readonly payload?: unknown;
  readonly [beside: string]: unknown;
}

/** An entry as a frame, its number and time beside the payload. */
export function entryFrame(entry: LogEntry): RoomsFrame {
  const { type, payload, ...more } = entryShape(entry);
  return { type, payload, id: entry.id, seq: entry.seq, at: entry.at, ...more };
}

function entryShape(entry: LogEntry): RoomsFrame {
  switch (entry.kind) {
    case "message":
      return messageShape(entry);
    case "relay":
      return relayShape(entry);
    case "live":
      return liveShape(entry);
    case "custom_event":
      return {
        type: "CustomEvent",
        payload: {
          event_type: entry.payload.eventType,
          payload: entry.payload.payload,
        },
        from: entry.actor,
      };
    case "system":
      return { type: "System", payload: { message: entry.payload.message } };
    case "delete":
      return {
        type: "MessageDeleted",
        payload: { seq: entry.payload.seq },
        by: entry.actor,
      };
    case "read":
      return {
        type: "MessagesRead",
        payload: { seqs: entry.payload.seqs, user_id: entry.actor },
      };
    case "open":
      return {
        type: "RoomOpened",
        payload: { participants: entry.payload.participants.map(person) },
      };
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
      return penaltyShape(entry);
    case "admins":
      return {
        type: "AdminsChanged",
        payload: { admin_user_ids: entry.payload.userIds },
      };
    case "settings":
      return {
        type: "RoomUpdated",
        payload: {
          name: entry.payload.name,
          slow_mode_secs: entry.payload.slowModeSecs,
          max_members: entry.payload.membersMax,
          pinned: entry.payload.pinned,
        },
      };
    case "end":
      return {
        type: "Error",
        payload: { message: errorRow("room_ended").text },
        code: "room_ended",
      };
  }
}

function messageShape(entry: LogEntry<"message">): RoomsFrame {
  const { nickname, content, isAdmin, ...more } = entry.payload;
  return {
    type: "Message",
    payload: { from: entry.actor, nickname, content, is_admin: isAdmin },
    client_msg_id: more.clientMsgId,
    message_type: more.messageType,
    file_url: more.fileUrl,
    file_name: more.fileName,
    sender_type: more.senderType,
    deleted: more.deleted,
  };
}

/** Only the management API shows it: no user is in a room of devices. */
function relayShape({ actor, payload }: LogEntry<"relay">): RoomsFrame {
  const { identity, to, text, base64, clientMsgId } = payload;
  return {
    type: "DeviceMessage",
    payload: { from: actor, identity, target: to, text, base64 },
    client_msg_id: clientMsgId,
  };
}

/** Only the management API shows it: users are in no live room. */
function liveShape({ payload }: LogEntry<"live">): RoomsFrame {
  const { type, text, count, upstreamId } = payload;
  return {
    type: "LiveMessage",
    payload: { ...parseJsonObject(text), type },
    count,
    upstream_id: upstreamId,
  };
}

function person({ userId, nickname }: Person): unknown {
  return { user_id: userId, nickname };
}

/** The kinds that say who may be here or speak. */
type PenaltyKind = "kick" | "ban" | "unban" | "mute" | "unmute";

function penaltyShape(entry: LogEntry<PenaltyKind>): RoomsFrame {
  switch (entry.kind) {
    case "kick":
      return {
        type: "System",
        payload: { message: `用户 ${entry.payload.userId} 已被踢出房间` },
        kicked_user_id: entry.payload.userId,
      };
    case "ban":
      return {
        type: "UserBanned",
        payload: { user_id: entry.payload.userId, until: entry.payload.until },
      };
    case "unban":
      return {
        type: "UserUnbanned",
        payload: { user_id: entry.payload.userId },
      };
    case "mute":
      return {
        type: "UserMuted",
        payload: { user_id: entry.payload.userId },
        until: entry.payload.until,
      };
    case "unmute":
      return {
        type: "UserUnmuted",
        payload: { user_id: entry.payload.userId },
      };
  }
}
