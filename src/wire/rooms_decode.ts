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
import type { Decoded } from "./dialect.ts";
import { type JsonDepth, jsonDepthFits } from "./json_depth.ts";
import {
  CLIENT_MSG_ID_CHARS_MAX,
  type ClientLimits,
  EVENT_TYPE_CHARS_MAX,
  HISTORY_LIMIT_DEFAULT,
  HISTORY_LIMIT_MAX,
  JSON_DEPTH_MAX,
  PENALTY_SECS_MAX,
} from "./limits.ts";
import { boundedText, isAtMost } from "./text.ts";

const DEPTH: JsonDepth = { depthMax: JSON_DEPTH_MAX };

/** Builds the decoder for a server's bounds. The decoder never throws. */
export function roomsDecoder(limits: ClientLimits): (text: string) => Decoded {
  const schemas = payloadSchemas(limits);
  return (text) => {
    const frame = parseFrame(text);
    if (frame === undefined) return { ok: false, code: "bad_json" };
    const type = frame["type"];
    if (typeof type !== "string" || !Object.hasOwn(schemas, type)) {
      return { ok: false, code: "unknown_type" };
    }
    const schema = schemas[type as keyof typeof schemas];
    const parsed = schema.safeParse(frame["payload"] ?? {});
    if (parsed.success) return { ok: true, command: parsed.data };
    return refusal(parsed.error, frame["payload"]);
  };
}

function parseFrame(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

/** Names the first wrong field; the sender's own id for it goes back too. */
function refusal(error: z.ZodError, payload: unknown): Decoded {
  const issue = error.issues[0];
  const field = ["payload", ...(issue?.path ?? [])].join(".");
  const message = `Invalid ${field}: ${issue?.message ?? "unreadable"}`;
  const named = z.object({ client_msg_id: z.string() }).safeParse(payload);
  const isShort = named.success &&
    isAtMost(named.data.client_msg_id, CLIENT_MSG_ID_CHARS_MAX);
  return {
    ok: false,
    code: "bad_request",
    message,
    ...(isShort ? { clientMsgId: named.data.client_msg_id } : {}),
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
  const range = z.object({
    before_seq: z.int().min(1).nullish(),
    after_seq: z.int().min(0).nullish(),
    limit: z.int().min(1).max(HISTORY_LIMIT_MAX).nullish(),
  });
  return {
    Ping: z.object({ timestamp: z.number().nullish() }).transform(
      ({ timestamp }): ClientCommand => ({ type: "ping", timestamp }),
    ),
    History: range.refine(
      ({ before_seq, after_seq }) =>
        isAbsent(before_seq) || isAbsent(after_seq),
      "before_seq and after_seq exclude each other",
    ).transform(({ before_seq, after_seq, limit }): ClientCommand => ({
      type: "history",
      limit: limit ?? HISTORY_LIMIT_DEFAULT,
      ...given({ beforeSeq: before_seq, afterSeq: after_seq }),
    })),
    RefreshToken: z.object({ token: z.string().min(1).max(8192) }).transform(
      ({ token }): ClientCommand => ({ type: "refresh_token", token }),
    ),
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

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The fields that are there: a client may send `null` for one that is not. */
function given<Fields extends Record<string, unknown>>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  const there = Object.entries(fields).filter(([, value]) => !isAbsent(value));
  return Object.fromEntries(there) as ReturnType<typeof given<Fields>>;
}
