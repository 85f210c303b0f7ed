/**
 * The frames of `/ws/presence`: what is pushed to one user outside any room.
 *
 * It is no dialect: a dialect says what a room says, and this says what
 * concerns a user wherever they are.
 *
 * @module
 */

import type { z } from "zod";
import { toSecs } from "../base/unix_time.ts";
import { userProfile } from "./chat_profile.ts";
import type { ConnectionCommand } from "./command.ts";
import {
  HEARTBEAT_SECS,
  heartbeatFields,
  pingFields,
  statusFields,
} from "./connection_frames.ts";
import { type ErrorCode, errorRow } from "./errors.ts";
import type { Person } from "./person.ts";
import { type FieldRefusal, fieldRefusal } from "./field_refusal.ts";
import type { LinkStatus } from "./heart_link.ts";
import { parseJsonObject } from "./json_object.ts";
import type { PresenceFacts } from "./presence.ts";

/** What the server says to one user. */
export type PushFrame =
  /** The first frame. */
  | { readonly type: "established"; readonly facts: PresenceFacts }
  | HeartLinkFrame
  /** The user's rooms, or who is in them, are not what they were. */
  | { readonly type: "active_rooms_changed" }
  | {
    readonly type: "presence_update";
    readonly users: readonly PresenceFacts[];
  }
  /** Epoch ms. */
  | { readonly type: "heartbeat" | "heartbeat_ack"; readonly at: number }
  | { readonly type: "pong"; readonly timestamp: number | null | undefined }
  | {
    readonly type: "error";
    readonly code: ErrorCode;
    /** A text of its own; the table's when absent. */
    readonly message?: string;
  };

/** What became of the user's request. */
export interface HeartLinkFrame {
  readonly type: "heart_link";
  readonly status: LinkStatus;
  readonly requestId: string;
  /** Four digits, for a match by number. */
  readonly number: string | null;
  /** The room of the match, or where the user waits. */
  readonly roomId: string | null;
  /** Who it was matched with; `null` unless it was. */
  readonly partner: Person | null;
}

/** What a client may say here. */
export type PresenceCommand = Extract<
  ConnectionCommand,
  { type: "set_status" | "heartbeat" | "ping" }
>;

/** A frame that was understood, or why it was not. */
export type DecodedPresence =
  | { readonly ok: true; readonly command: PresenceCommand }
  | { readonly ok: false; readonly code: "bad_json" | "unknown_type" }
  | FieldRefusal;

type Fields = z.ZodType<PresenceCommand, unknown>;

const INBOUND: ReadonlyMap<unknown, Fields> = new Map<unknown, Fields>([
  ["online_status", statusFields()],
  ["heartbeat", heartbeatFields()],
  ["heartbeat_ack", heartbeatFields()],
  ["ping", pingFields()],
]);

/** Understands one text frame. Never throws, whatever the text. */
export function decodePresence(text: string): DecodedPresence {
  const frame = parseJsonObject(text);
  if (frame === undefined) return { ok: false, code: "bad_json" };
  const fields = INBOUND.get(frame["type"]);
  if (fields === undefined) return { ok: false, code: "unknown_type" };
  const parsed = fields.safeParse(frame);
  if (parsed.success) return { ok: true, command: parsed.data };
  return fieldRefusal(parsed.error, frame);
}

/** One text frame. */
export function encodePush(frame: PushFrame): string {
  return JSON.stringify(pushBody(frame));
}

function pushBody(frame: PushFrame): unknown {
  switch (frame.type) {
    case "established":
      return establishedBody(frame.facts);
    case "heart_link":
      return heartLinkBody(frame);
    case "active_rooms_changed":
      return { type: "active_rooms_changed" };
    case "presence_update":
      return { type: "presence_update", users: frame.users.map(userBody) };
    case "heartbeat":
    case "heartbeat_ack":
      return { type: frame.type, timestamp: toSecs(frame.at) };
    case "pong":
      return { type: "pong", timestamp: frame.timestamp };
    case "error":
      return {
        type: "error",
        code: frame.code,
        message: frame.message ?? errorRow(frame.code).text,
      };
  }
}

function establishedBody(facts: PresenceFacts): unknown {
  return {
    type: "presence_established",
    user: facts.userId,
    user_profile: userProfile(facts, facts.isOnline),
    status: facts.status,
    last_seen: isoOrNull(facts.lastSeenAt),
    heartbeat_interval: HEARTBEAT_SECS,
  };
}

function heartLinkBody(frame: HeartLinkFrame): unknown {
  const { status, requestId, number, roomId, partner } = frame;
  return {
    type: "heart_link",
    status,
    request_id: requestId,
    number,
    room_id: roomId,
    matched_user: partner?.userId ?? null,
    matched_user_name: partner?.nickname ?? null,
    chat_url: status === "matched" && roomId !== null ? chatUrl(roomId) : null,
  };
}

/** Where a user's page of a room is. */
export function chatUrl(roomId: string): string {
  return `/tools/chat/enhanced/${encodeURIComponent(roomId)}/`;
}

function userBody(facts: PresenceFacts): unknown {
  return {
    user_id: facts.userId,
    username: facts.userId,
    display_name: facts.nickname,
    status: facts.status,
    is_online: facts.isOnline,
    last_seen: isoOrNull(facts.lastSeenAt),
    current_room: facts.roomId,
  };
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
