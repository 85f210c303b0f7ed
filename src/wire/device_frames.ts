/**
 * What a device is told beside what others send: seed 3's frames, one flat
 * JSON object each.
 *
 * The reference server answers every mistake with a text alone; here a code
 * stands beside it, for programs.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { type ErrorCode, errorRow } from "./errors.ts";
import type { Ack, Assigned, Refusal, RoomInfo, YouAreMuted } from "./event.ts";

/** One frame before it becomes text. */
export interface DeviceFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The table's texts in English, where those are in another language. */
const ENGLISH: { readonly [Code in ErrorCode]?: string } = {
  login_required: "Log in first",
  room_ended: "This room has ended",
  too_many_connections: "The server holds as many connections as it may",
  user_banned: "You are banned from this room",
  user_kicked: "You were put out of this room for good",
};

/** The first words, before the device says who it is. */
export const CONNECTED: DeviceFrame = {
  type: "connection",
  message: "Connected successfully",
};

/**
 * Into which room the device came.
 *
 * @param options.hasEnvelope whether what a client resumes by stands beside it.
 */
export function assignedFrame(
  { roomId, status, endedRoomId, welcome }: Assigned,
  { hasEnvelope }: { readonly hasEnvelope: boolean },
): DeviceFrame {
  const ended = endedRoomId === undefined
    ? ""
    : `; room ${endedRoomId} has ended`;
  const frame = {
    type: "room",
    room_id: roomId,
    status,
    message: `${status}: joined room ${roomId}${ended}`,
  };
  if (!hasEnvelope || welcome === undefined) return frame;
  return {
    ...frame,
    session_id: welcome.sessionId,
    epoch: welcome.epoch,
    last_seq: welcome.lastSeq,
    recovered: welcome.recovered,
  };
}

/** Who is in the room. */
export function roomInfoFrame(info: RoomInfo): DeviceFrame {
  return {
    type: "room_info",
    room_id: info.roomId,
    total_clients: info.totalClients,
    clients: info.clients.map(({ userId, nickname }) => ({
      device_id: userId,
      identity: nickname,
    })),
  };
}

/** The receipt of a message that its sender named. */
export function ackFrame(ack: Ack): DeviceFrame {
  return {
    type: "ack",
    client_msg_id: ack.clientMsgId,
    id: ack.id,
    seq: ack.seq,
    durability: ack.durability,
  };
}

/** Something was refused. */
export function errorFrame(refusal: Refusal): DeviceFrame {
  return {
    type: "error",
    message: messageOf(refusal),
    code: refusal.code,
    retry_after_ms: refusal.retryAfterMs,
    client_msg_id: refusal.clientMsgId,
  };
}

/** A message was refused because the operator muted the device. */
export function mutedFrame({ until, clientMsgId }: YouAreMuted): DeviceFrame {
  const named = clientMsgId === undefined ? {} : { clientMsgId };
  return {
    ...errorFrame({ type: "error", code: "user_muted", ...named }),
    until,
  };
}

/** Its own text, or in English the table's. */
function messageOf({ code, message, retryAfterMs }: Refusal): string {
  const { text } = errorRow(code);
  if (message !== undefined && message !== text) return message;
  if (code !== "rate_limited" || retryAfterMs === undefined) {
    return ENGLISH[code] ?? text;
  }
  return `${text}: try again in ${Math.ceil(retryAfterMs / 1000)} s`;
}
