/**
 * What the socket of a live room says, as `parlor live watch` reads it.
 *
 * @module
 */

import { z } from "zod";
import { CliError } from "./cli_error.ts";
import { linkFields, statsFields } from "./live_answers.ts";

const item = z.looseObject({
  seq: z.number(),
  at: z.number(),
  /** How many messages it stands for; absent is one. */
  conflated: z.number().optional(),
  /** The first number of those; absent is its own. */
  from_seq: z.number().optional(),
  data: z.looseObject({ type: z.string() }),
});

/** One thing that happened in a live room. */
export type LiveItem = z.infer<typeof item>;

/** What happened in the room itself; as an item it is its own data. */
const roomTypes = z.enum([
  "system",
  "custom_event",
  "message_deleted",
  "room_ended",
]);

const frame = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("snapshot"),
    epoch: z.string(),
    /** Whether all that was missed follows. */
    recovered: z.boolean(),
    status: linkFields,
    stats: statsFields,
    messages: z.array(item),
  }),
  item.extend({ type: z.literal("live_message") }),
  z.looseObject({ type: roomTypes, seq: z.number(), at: z.number() }),
  z.looseObject({ type: z.literal("live_status"), status: linkFields }),
  z.looseObject({
    type: z.literal("live_stats"),
    stats: statsFields,
    watchers: z.number(),
  }),
  z.looseObject({
    type: z.literal("gap"),
    from: z.number(),
    to: z.number(),
  }),
  z.looseObject({ type: z.literal("error"), message: z.string() }),
]);

/** A frame that is understood here. */
export type LiveFrame = z.infer<typeof frame>;

const KNOWN: readonly string[] = [
  "snapshot",
  "live_message",
  ...roomTypes.options,
  "live_status",
  "live_stats",
  "gap",
  "error",
];

const anyFrame = z.looseObject({ type: z.string() });

/** A frame as it came, and as it is understood if its type is known. */
export interface HeardFrame {
  readonly raw: z.infer<typeof anyFrame>;
  readonly frame: LiveFrame | undefined;
}

/** @throws {CliError} for what no server of live rooms says. */
export function readLiveFrame(text: string): HeardFrame {
  const { data: raw } = anyFrame.safeParse(parsed(text));
  const { data } = frame.safeParse(raw);
  const isRefused = raw === undefined ||
    (data === undefined && KNOWN.includes(raw.type));
  if (!isRefused) return { raw, frame: data };
  throw new CliError(
    `Cannot understand a frame of the server (${raw?.type ?? "no JSON"}): ` +
      "it may be of another version, or not Parlor",
  );
}

/** The value of a text; `undefined` when it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
