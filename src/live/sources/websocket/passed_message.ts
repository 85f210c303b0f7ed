/**
 * Messages in the shapes of COMPAT 4.3: as a source that speaks them sends
 * them, and as the mapping of another makes them.
 *
 * Fields that no shape knows are kept, for viewers that do.
 *
 * @module
 */

// deno-lint-ignore-file camelcase -- The words of the wire.

import { z } from "zod";
import { LIVE_TYPES, type LiveType } from "../../../wire/live.ts";
import type { FeedFault, SourceMessage } from "../../source.ts";

/** Most characters of an id; a longer one is taken for none. */
const ID_CHARS_MAX = 128;

/** Most likes or gifts that one message stands for. */
const COUNT_MAX = 1_000_000_000;

/** Where a message's own id may stand, the first one first. */
const ID_FIELDS = ["id", "msg_id", "message_id"] as const;

const COUNT = z.union([
  z.int(),
  z.string().regex(/^\d{1,10}$/).transform(Number),
]).pipe(z.int().min(0).max(COUNT_MAX));
const TEXT = z.union([z.string(), z.number().transform(String)]);
/** One that makes no sense is no reason to lose the message. */
const TIMESTAMP = z.number().min(0).optional().catch(undefined);

/** Whoever did it; who is not named has an empty name. */
const PERSON = {
  user_id: TEXT.default(""),
  user_name: z.string().default(""),
};
const AVATAR = { user_avatar: z.string().default("") };

/** What each type has to say; the rest of a message is its own. */
const SHAPES: Readonly<Record<LiveType, z.ZodType<Fields>>> = {
  chat: shape("chat", { ...PERSON, content: z.string(), ...AVATAR }),
  gift: shape("gift", {
    ...PERSON,
    gift_name: z.string(),
    gift_count: COUNT.default(1),
    gift_delta: COUNT.optional(),
    ...AVATAR,
  }),
  like: shape("like", { ...PERSON, count: COUNT.default(1), ...AVATAR }),
  member: shape("member", {
    ...PERSON,
    gender: z.string().optional(),
    ...AVATAR,
  }),
  follow: shape("follow", { ...PERSON, ...AVATAR }),
  stats: shape("stats", {
    current_viewers: z.union([COUNT, z.string()]).optional(),
    total_viewers: TEXT.optional(),
  }),
  fansclub: shape("fansclub", { content: z.string() }),
  control: shape("control", { status: z.string() }),
  emoji_chat: shape("emoji_chat", {}),
  room_stats: shape("room_stats", {}),
  room_message: shape("room_message", {}),
  room_rank: shape("room_rank", {}),
  stream_adaptation: shape("stream_adaptation", {}),
};

type Fields = Record<string, unknown>;

/** The message that `value` is, or what is wrong with it. */
export function readMessage(value: unknown): SourceMessage | FeedFault {
  if (!isFields(value)) return "malformed";
  const named = value["type"];
  if (typeof named !== "string") return "malformed";
  const type = LIVE_TYPES.find((known) => known === named);
  if (type === undefined) return "unknown_type";
  const { success, data } = SHAPES[type].safeParse(withoutNulls(value));
  if (!success) return "malformed";
  const id = idOf(data);
  const timestamp = data["timestamp"];
  return {
    type,
    count: countOf(type, data),
    data,
    ...(id === undefined ? {} : { id }),
    ...(typeof timestamp === "number" ? { sentAt: timestamp * 1000 } : {}),
  };
}

function shape(type: LiveType, fields: z.ZodRawShape): z.ZodType<Fields> {
  return z.looseObject({
    type: z.literal(type),
    timestamp: TIMESTAMP,
    ...fields,
  });
}

/** A field that is null says as little as one that is not there. */
function withoutNulls(fields: Fields): Fields {
  const said = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(said);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function idOf(data: Fields): string | undefined {
  for (const field of ID_FIELDS) {
    const id = data[field];
    if (Number.isSafeInteger(id)) return String(id);
    const isId = typeof id === "string" && id !== "" &&
      id.length <= ID_CHARS_MAX;
    if (isId) return id;
  }
  return undefined;
}

function countOf(type: LiveType, data: Fields): number {
  if (type === "like") return Number(data["count"]);
  if (type !== "gift") return 1;
  return Number(data["gift_delta"] ?? data["gift_count"]);
}
