/**
 * What a client of the rooms dialect may send (COMPAT 2.1, and Parlor's own).
 *
 * Only the types below exist inbound. A server's own types are refused, since
 * a client that could send `UserLeft` could remove others.
 *
 * @module
 */
import { z } from "zod";
import type { ClientCommand } from "./command.ts";
import {
  historyFields,
  pingFields,
  refreshTokenFields,
} from "./connection_frames.ts";
import type { Decoded } from "./dialect.ts";
import { fieldRefusal } from "./field_refusal.ts";
import { given } from "./given.ts";
import { type JsonDepth, jsonDepthFits } from "./json_depth.ts";
import { parseJsonObject } from "./json_object.ts";
import {
  CLIENT_MSG_ID_CHARS_MAX,
  type ClientLimits,
  EVENT_TYPE_CHARS_MAX,
  JSON_DEPTH_MAX,
  PENALTY_SECS_MAX,
} from "./limits.ts";
import { boundedText } from "./text.ts";

const DEPTH: JsonDepth = { depthMax: JSON_DEPTH_MAX };

/** Builds the decoder for a server's bounds. The decoder never throws. */
export function roomsDecoder(limits: ClientLimits): (text: string) => Decoded {
  const schemas = payloadSchemas(limits);
  return (text) => {
    const frame = parseJsonObject(text);
    if (frame === undefined) return { ok: false, code: "bad_json" };
    const type = frame["type"];
    if (typeof type !== "string" || !Object.hasOwn(schemas, type)) {
      return { ok: false, code: "unknown_type" };
    }
    const schema = schemas[type as keyof typeof schemas];
    const parsed = schema.safeParse(frame["payload"] ?? {});
    if (parsed.success) return { ok: true, command: parsed.data };
    return fieldRefusal(parsed.error, frame["payload"], "payload");
  };
}

function payloadSchemas(limits: ClientLimits) {
  return {
    ...chatSchemas(limits),
    ...adminSchemas(limits),
    ...connectionSchemas(),
  };
}

function chatSchemas({ contentCharsMax }: ClientLimits) {
  const message = z.object({
    content: boundedText(contentCharsMax),
    client_msg_id: boundedText(CLIENT_MSG_ID_CHARS_MAX).nullish(),
  });
  return {
    SendMessage: message.transform(({ content, ...more }): ClientCommand => ({
      type: "chat",
      content,
      ...given({ clientMsgId: more.client_msg_id }),
    })),
  };
}

function adminSchemas({ userIdCharsMax }: ClientLimits) {
  const userId = boundedText(userIdCharsMax);
  const durationSecs = z.int().min(1).max(PENALTY_SECS_MAX).nullish();
  const target = z.object({ user_id: userId });
  const timed = z.object({ user_id: userId, duration_secs: durationSecs });
  const event = z.object({
    event_type: boundedText(EVENT_TYPE_CHARS_MAX),
    payload: z.unknown().refine(
      (value) => jsonDepthFits(value, DEPTH),
      `nests deeper than ${JSON_DEPTH_MAX}`,
    ).optional(),
  });
  return {
    KickUser: target.transform(toUser("kick")),
    BanUser: timed.transform(toUserFor("ban")),
    UnbanUser: target.transform(toUser("unban")),
    MuteUser: timed.transform(toUserFor("mute")),
    UnmuteUser: target.transform(toUser("unmute")),
    CustomEvent: event.transform(({ event_type, payload }): ClientCommand => ({
      type: "custom_event",
      eventType: event_type,
      payload: payload ?? null,
    })),
    DeleteMessage: z.object({ seq: z.int().min(1) }).transform(
      ({ seq }): ClientCommand => ({ type: "delete_message", seq }),
    ),
  };
}

function connectionSchemas() {
  return {
    Ping: pingFields(),
    History: historyFields(),
    RefreshToken: refreshTokenFields(),
  };
}

function toUser(type: "kick" | "unban" | "unmute") {
  return (to: { user_id: string }): ClientCommand => {
    return { type, userId: to.user_id };
  };
}

function toUserFor(type: "ban" | "mute") {
  return (
    to: { user_id: string; duration_secs?: number | null | undefined },
  ): ClientCommand => {
    const durationSecs = to.duration_secs;
    return { type, userId: to.user_id, ...given({ durationSecs }) };
  };
}
