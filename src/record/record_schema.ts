/**
 * The check that a record read from a journal is one that the store knows.
 *
 * A checksum says that a line is what some process wrote, not that this
 * version wrote it. What is unknown must not reach the store.
 *
 * The record itself is kept as it was read: fields that the check does not
 * know are not lost.
 *
 * @module
 */

import { z } from "zod";
import {
  type EndReason,
  type EntryKind,
  type EntryPayloads,
  MESSAGE_TYPES,
  type RoomSettings,
} from "../wire/entry.ts";
import type { Person } from "../wire/person.ts";
import type { NewLink, SettledLink } from "../wire/heart_link.ts";
import { LIVE_TYPES } from "../wire/live.ts";
import type {
  ChatSpec,
  ClosedSession,
  DeviceSpec,
  DurableRecord,
  LiveSpec,
  NewRoom,
  OpenedSession,
  RoomKind,
  RoomQuery,
} from "../wire/record.ts";

type SchemaOf<Shape> = { readonly [Key in keyof Shape]: z.ZodType<Shape[Key]> };

const text = z.string();
const at = z.number();
const until = z.number().nullable();
const aboutUser = z.object({ userId: text });
const penalty = z.object({ userId: text, until });

const seq = z.int().positive();
/** Where in a log a stay began or ended; 0 is before its first entry. */
const mark = z.int().nonnegative();

const person = z.object(
  { userId: text, nickname: text } satisfies SchemaOf<
    Person
  >,
);

const END_REASONS: { readonly [Reason in EndReason]: Reason } = {
  closed: "closed",
  reaped: "reaped",
  unmatched: "unmatched",
};

const settings = {
  name: text,
  slowModeSecs: z.number().nullable(),
  membersMax: z.number().nullable(),
  pinned: text.nullable(),
} satisfies SchemaOf<RoomSettings>;

const PAYLOADS: SchemaOf<EntryPayloads> = {
  message: z.object({
    nickname: text,
    content: text,
    isAdmin: z.boolean(),
    clientMsgId: z.exactOptional(text),
    messageType: z.exactOptional(z.enum(MESSAGE_TYPES)),
    fileUrl: z.exactOptional(text),
    fileName: z.exactOptional(text),
    senderType: z.exactOptional(text),
    read: z.exactOptional(z.literal(true)),
    deleted: z.exactOptional(z.literal(true)),
  }),
  relay: z.object({
    identity: text,
    sessionId: text,
    text: z.exactOptional(text),
    base64: z.exactOptional(z.base64()),
    to: z.exactOptional(text),
    clientMsgId: z.exactOptional(text),
  }).refine(({ text, base64 }) =>
    (text === undefined) !== (base64 === undefined)
  ),
  live: z.object({
    type: z.enum(LIVE_TYPES),
    text,
    count: z.number(),
    upstreamId: z.exactOptional(text),
  }),
  "custom_event": z.object({ eventType: text, payload: z.unknown() }),
  system: z.object({ message: text }),
  delete: z.object({ seq: z.int() }),
  read: z.object({ seqs: z.array(seq).min(1) }),
  open: z.object({ participants: z.array(person) }),
  kick: aboutUser,
  ban: penalty,
  unban: aboutUser,
  mute: penalty,
  unmute: aboutUser,
  admins: z.object({ userIds: z.array(text) }),
  settings: z.object({
    name: z.exactOptional(settings.name),
    slowModeSecs: z.exactOptional(settings.slowModeSecs),
    membersMax: z.exactOptional(settings.membersMax),
    pinned: z.exactOptional(settings.pinned),
  }),
  end: z.object({ reason: z.enum(END_REASONS) }),
};

const ROOM_KINDS: { readonly [Kind in RoomKind]: Kind } = {
  managed: "managed",
  chat: "chat",
  device: "device",
  live: "live",
};

const chat = z.object(
  {
    access: z.enum(["participants", "open"]),
    participants: z.array(person).min(1),
    isWaiting: z.boolean(),
  } satisfies SchemaOf<ChatSpec>,
);

const device = z.object(
  { originId: text.nullable() } satisfies SchemaOf<DeviceSpec>,
);

const live = z.object({ liveId: text } satisfies SchemaOf<LiveSpec>);

const room = z.object(
  {
    ...settings,
    id: text,
    kind: z.enum(ROOM_KINDS),
    epoch: text,
    adminUserIds: z.array(text),
    autoClose: z.boolean(),
    createdAt: at,
    chat: z.exactOptional(chat),
    device: z.exactOptional(device),
    live: z.exactOptional(live),
  } satisfies { readonly [Key in keyof NewRoom]-?: z.ZodType },
).refine(({ kind, chat, device, live }) =>
  (kind === "chat") === (chat !== undefined) &&
  (kind === "device") === (device !== undefined) &&
  (kind === "live") === (live !== undefined)
);

const openedSession = z.object(
  {
    id: text,
    roomId: text,
    userId: text,
    nickname: text,
    ip: text,
    joinedAt: at,
    peakUsers: z.number(),
    afterSeq: z.exactOptional(mark),
  } satisfies SchemaOf<OpenedSession>,
);

const closedSession = z.object(
  {
    id: text,
    roomId: text,
    leftAt: at,
    closeCode: z.number(),
    throughSeq: z.exactOptional(mark),
  } satisfies SchemaOf<ClosedSession>,
);

const query = z.object(
  { id: text, roomId: text, userId: text, at } satisfies SchemaOf<RoomQuery>,
);

const newLink = z.object(
  {
    id: text,
    userId: text,
    nickname: text,
    number: text.nullable(),
    roomId: text.nullable(),
    createdAt: at,
  } satisfies SchemaOf<NewLink>,
);

const settledLink = z.object(
  {
    id: text,
    status: z.enum(["matched", "expired", "cancelled"]),
    at,
    roomId: text.nullable(),
    partner: person.nullable(),
  } satisfies SchemaOf<SettledLink>,
);

const entry = z.object({
  roomId: text,
  seq,
  id: text,
  at,
  kind: z.custom<EntryKind>(isEntryKind),
  actor: text.nullable(),
  payload: z.unknown(),
}).refine(({ kind, payload }) => PAYLOADS[kind].safeParse(payload).success);

const recordSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("room_created"), room }),
  z.object({ type: z.literal("entry"), entry }),
  z.object({ type: z.literal("session_opened"), session: openedSession }),
  z.object({ type: z.literal("session_closed"), session: closedSession }),
  z.object({ type: z.literal("room_queried"), query }),
  z.object({ type: z.literal("link_requested"), link: newLink }),
  z.object({ type: z.literal("link_settled"), link: settledLink }),
]);

/** Whether a value from outside is a record that the store can apply. */
export function isDurableRecord(value: unknown): value is DurableRecord {
  return recordSchema.safeParse(value).success;
}

function isEntryKind(value: unknown): boolean {
  return typeof value === "string" && Object.hasOwn(PAYLOADS, value);
}
