/**
 * What a client of the chat dialect may send (COMPAT 0.3, and Parlor's own).
 *
 * Fields stand beside `type`, and a frame without a type is a message. The
 * reference server passes over whatever it does not understand; here only what
 * asks for nothing (an empty message, no message to mark as read) is, and the
 * rest is refused with a code, so that a faulty client can be seen.
 *
 * @module
 */

import { z } from "zod";
import {
  type EnvelopeLimits,
  isEnvelope,
  openEnvelope,
} from "./chat_envelope.ts";
import { callInviteFields, callStatusFields } from "./chat_call.ts";
import { messageFields } from "./chat_message.ts";
import type { ClientCommand, Notice } from "./command.ts";
import {
  heartbeatFields,
  historyFields,
  pingFields,
  refreshTokenFields,
  statusFields,
} from "./connection_frames.ts";
import type { Decoded } from "./dialect.ts";
import { fieldRefusal } from "./field_refusal.ts";
import { parseJsonObject } from "./json_object.ts";
import { type ClientLimits, READ_SEQS_MAX } from "./limits.ts";
import { messageRef } from "./message_ref.ts";

/** Bounds on what a client of the chat dialect says, from settings. */
export interface ChatLimits extends ClientLimits, EnvelopeLimits {}

type Frame = Record<string, unknown>;
type Fields = z.ZodType<Decoded, unknown>;

/** Builds the decoder for a server's bounds. The decoder never throws. */
export function chatDecoder(limits: ChatLimits): (text: string) => Decoded {
  const inbound = inboundFields(limits);
  return (text) => {
    const parsed = parseJsonObject(text);
    if (parsed === undefined) return { ok: false, code: "bad_json" };
    if (!isEnvelope(parsed)) return decodeFrame(parsed, inbound);
    const frame = openEnvelope(parsed, limits);
    return frame === undefined ? BAD_ENVELOPE : decodeFrame(frame, inbound);
  };
}

const BAD_ENVELOPE: Decoded = {
  ok: false,
  code: "bad_request",
  message: "Invalid data: want a frame, or a frame in gzip in hex",
};

function decodeFrame(
  frame: Frame,
  inbound: ReadonlyMap<unknown, Fields>,
): Decoded {
  const { type = "message" } = frame;
  const fields = inbound.get(type);
  if (fields === undefined) return { ok: false, code: "unknown_type" };
  const parsed = fields.safeParse(frame);
  return parsed.success ? parsed.data : fieldRefusal(parsed.error, frame);
}

/** The closed list of inbound types. */
function inboundFields(limits: ChatLimits): ReadonlyMap<unknown, Fields> {
  const heartbeat = heartbeatFields().transform(taken);
  return new Map<unknown, Fields>([
    ["message", messageFields(limits)],
    ["typing", typingFields().transform(told)],
    ["read_status", readFields().transform(taken)],
    ["online_status", statusFields().transform(taken)],
    ["heartbeat", heartbeat],
    ["heartbeat_ack", heartbeat],
    ["ping", pingFields().transform(taken)],
    ["video_call_invite", callInviteFields(limits).transform(told)],
    ["video_call_status", callStatusFields().transform(told)],
    ["new_message", postedFields().transform(told)],
    ["history", historyFields().transform(taken)],
    ["refresh_token", refreshTokenFields().transform(taken)],
  ]);
}

function taken(command: ClientCommand | null): Decoded {
  return { ok: true, command };
}

function told(notice: Notice): Decoded {
  return { ok: true, command: { type: "notice", notice } };
}

function typingFields(): z.ZodType<Notice, unknown> {
  return z.object({ is_typing: z.boolean().nullish() }).transform(
    ({ is_typing: isTyping }) => ({
      type: "typing",
      isTyping: isTyping ?? false,
    }),
  );
}

function postedFields(): z.ZodType<Notice, unknown> {
  return z.object({ message_id: messageRef() }).transform(
    ({ message_id: messageId }) => ({ type: "posted", messageId }),
  );
}

/** Message ids here are numbers of the room's log, also when sent as text. */
function readFields(): z.ZodType<ClientCommand | null, unknown> {
  const seqText = z.string().regex(/^[1-9]\d{0,15}$/).transform(Number);
  const seq = z.union([z.int().min(1), seqText.pipe(z.int())]);
  const seqs = z.array(seq).max(READ_SEQS_MAX);
  return z.object({ message_ids: seqs.nullish() }).transform(
    ({ message_ids: ids }) => {
      const distinct = [...new Set(ids ?? [])];
      return distinct.length === 0 ? null : { type: "read", seqs: distinct };
    },
  );
}
