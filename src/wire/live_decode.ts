/**
 * What a viewer of a live room may send.
 *
 * Whether a viewer may write at all is the room's to say, so that a message is
 * understood here also where it will be refused.
 *
 * @module
 */

import { z } from "zod";
import {
  heartbeatFields,
  historyFields,
  pingFields,
} from "./connection_frames.ts";
import type { Decoded } from "./dialect.ts";
import { fieldRefusal } from "./field_refusal.ts";
import { given } from "./given.ts";
import { parseJsonObject } from "./json_object.ts";
import { CLIENT_MSG_ID_CHARS_MAX, type ClientLimits } from "./limits.ts";
import { boundedText, trimmedText } from "./text.ts";

type Fields = z.ZodType<Decoded, unknown>;

/** Builds the decoder for a server's bounds. The decoder never throws. */
export function liveDecoder(limits: ClientLimits): (text: string) => Decoded {
  const inbound = inboundFields(limits);
  return (text) => {
    const frame = parseJsonObject(text);
    if (frame === undefined) return { ok: false, code: "bad_json" };
    const fields = inbound.get(frame["type"]);
    if (fields === undefined) return { ok: false, code: "unknown_type" };
    const parsed = fields.safeParse(frame);
    return parsed.success ? parsed.data : fieldRefusal(parsed.error, frame);
  };
}

/** The closed list of inbound types. */
function inboundFields(limits: ClientLimits): ReadonlyMap<unknown, Fields> {
  const heartbeat = heartbeatFields().transform((command): Decoded => {
    return { ok: true, command };
  });
  return new Map<unknown, Fields>([
    ["chat", chatFields(limits)],
    ["heartbeat", heartbeat],
    ["heartbeat_ack", heartbeat],
    ["ping", pingFields().transform((command) => ({ ok: true, command }))],
    [
      "history",
      historyFields().transform((command) => ({ ok: true, command })),
    ],
  ]);
}

function chatFields({ contentCharsMax }: ClientLimits): Fields {
  return z.object({
    content: trimmedText(contentCharsMax),
    client_msg_id: boundedText(CLIENT_MSG_ID_CHARS_MAX).nullish(),
  }).transform(({ content, client_msg_id }): Decoded => {
    const named = given({ clientMsgId: client_msg_id });
    return content === ""
      ? { ok: false, code: "message_empty", ...named }
      : { ok: true, command: { type: "chat", content, ...named } };
  });
}
