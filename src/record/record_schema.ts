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
import type { EntryKind, EntryPayloads, RoomSettings } from "../wire/entry.ts";
import type { DurableRecord, RoomKind } from "../wire/record.ts";

type SchemaOf<Shape> = { readonly [Key in keyof Shape]: z.ZodType<Shape[Key]> };

const text = z.string();
const at = z.number();
const until = z.number().nullable();
const aboutUser = z.object({ userId: text });
const penalty = z.object({ userId: text, until });

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
    deleted: z.exactOptional(z.literal(true)),
  }),
  "custom_event": z.object({ eventType: text, payload: z.unknown() }),
  system: z.object({ message: text }),
  delete: z.object({ seq: z.int() }),
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
  end: z.object({ reason: z.enum(["closed", "reaped"]) }),
};

const ROOM_KINDS: { readonly [Kind in RoomKind]: Kind } = {
  managed: "managed",
};

const entry = z.object({
  roomId: text,
  seq: z.int().positive(),
  id: text,
  at,
  kind: z.custom<EntryKind>(isEntryKind),
  actor: text.nullable(),
  payload: z.unknown(),
}).refine(({ kind, payload }) => PAYLOADS[kind].safeParse(payload).success);

const recordSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("room_created"),
    room: z.object({
      ...settings,
      id: text,
      kind: z.enum(ROOM_KINDS),
      epoch: text,
      adminUserIds: z.array(text),
      autoClose: z.boolean(),
      createdAt: at,
    }),
  }),
  z.object({ type: z.literal("entry"), entry }),
  z.object({
    type: z.literal("session_opened"),
    session: z.object({
      id: text,
      roomId: text,
      userId: text,
      nickname: text,
      ip: text,
      joinedAt: at,
      peakUsers: z.number(),
    }),
  }),
  z.object({
    type: z.literal("session_closed"),
    session: z.object({
      id: text,
      roomId: text,
      leftAt: at,
      closeCode: z.number(),
    }),
  }),
]);

/** Whether a value from outside is a record that the store can apply. */
export function isDurableRecord(value: unknown): value is DurableRecord {
  return recordSchema.safeParse(value).success;
}

function isEntryKind(value: unknown): boolean {
  return typeof value === "string" && Object.hasOwn(PAYLOADS, value);
}
