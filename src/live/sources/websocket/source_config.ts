/**
 * One source of the operator's own, as `LIVE_SOURCES_FILE` describes it.
 *
 * A new field also needs what is wanted in it, below, and a row in README.
 *
 * @module
 */

// deno-lint-ignore-file camelcase -- The words of the file.

import { z } from "zod";
import { LIVE_TYPES } from "../../../wire/live.ts";

/** What stands for the live id in an address. */
const LIVE_ID_MARK = "{live_id}";

const FRAME_BYTES_MIN = 1024;
const FRAME_BYTES_DEFAULT = 1_048_576;
const FRAME_BYTES_MAX = 16_777_216;

const HEARTBEAT_CHARS_MAX = 4096;
const URL_CHARS_MAX = 2000;

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

/** Visible ASCII and spaces. */
const HEADER_VALUE = /^[\x20-\x7e]{0,4096}$/;

/** Headers that the handshake itself sets. */
const OWN_HEADER =
  /^(?:connection|upgrade|content-length|transfer-encoding|sec-websocket-.*)$/i;

const FIELD_PATH = /^[^.\s]{1,100}(?:\.[^.\s]{1,100}){0,9}$/;
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,49}$/;

/** Fields that a mapping makes by other means. */
const OWN_FIELDS = [
  "type",
  "id",
  "msg_id",
  "message_id",
  "timestamp",
  "live_id",
];

const path = z.string().regex(FIELD_PATH);

const headers = z.record(
  z.string().regex(TOKEN).refine((name) => !OWN_HEADER.test(name)),
  z.string().regex(HEADER_VALUE),
).default({});

const states = z.array(z.union([z.string(), z.number(), z.boolean()])).max(100);

const mapping = z.strictObject({
  type: path.default("type"),
  types: z.record(z.string(), z.enum(LIVE_TYPES).nullable()).optional(),
  fields: z.record(
    z.string().regex(FIELD_NAME).refine((name) => !OWN_FIELDS.includes(name)),
    path,
  ).default({}),
  id: path.optional(),
  time: path.optional(),
});

const status = z.strictObject({
  url: z.string().max(URL_CHARS_MAX).refine((text) =>
    isAddress(text, /^https?:$/)
  ),
  headers,
  field: path,
  live: states.min(1),
  ended: states.default([]),
});

/** What one source is, once it is read. */
export const SOURCE_CONFIG = z.strictObject({
  type: z.literal("websocket"),
  url: z.string().max(URL_CHARS_MAX).refine((text) =>
    isAddress(text, /^wss?:$/)
  ),
  headers,
  subprotocol: z.string().regex(TOKEN).optional(),
  heartbeat: z.strictObject({
    text: z.string().min(1).max(HEARTBEAT_CHARS_MAX),
    every_seconds: z.number().min(1).max(3600),
  }).optional(),
  pings: z.boolean().default(true),
  format: z.enum(["json", "text"]).default("json"),
  frame_bytes_max: z.int().min(FRAME_BYTES_MIN).max(FRAME_BYTES_MAX)
    .default(FRAME_BYTES_DEFAULT),
  messages: path.optional(),
  mapping: mapping.optional(),
  status: status.optional(),
});

export type SourceConfig = z.infer<typeof SOURCE_CONFIG>;
export type MappingConfig = z.infer<typeof mapping>;
export type StatusConfig = z.infer<typeof status>;

const WANT_PATH = "names with dots between them such as user.name";
const WANT_STATES = "a list of 1 to 100 texts, numbers or booleans";
const WANT_HEADERS =
  "an object of header names and ASCII values, without those of the handshake";

/** What is wanted at each place of a source, for whom it is not there. */
export const SOURCE_WANTS: Readonly<Record<string, string>> = {
  "": "an object with type and url",
  type: '"websocket"',
  url: "a URL that begins with ws:// or wss://",
  headers: WANT_HEADERS,
  subprotocol: "the name of a subprotocol",
  heartbeat: "an object with text and every_seconds",
  "heartbeat.text": `1 to ${HEARTBEAT_CHARS_MAX} characters`,
  "heartbeat.every_seconds": "a number in 1..3600",
  pings: "true or false",
  format: '"json" or "text"',
  frame_bytes_max: `an integer in ${FRAME_BYTES_MIN}..${FRAME_BYTES_MAX}`,
  messages: WANT_PATH,
  mapping: "an object",
  "mapping.type": WANT_PATH,
  "mapping.types": `an object of words, each for ${
    LIVE_TYPES.join(", ")
  } or null`,
  "mapping.fields": `an object of field names, other than ${
    OWN_FIELDS.join(", ")
  }, and of paths: ${WANT_PATH}`,
  "mapping.id": WANT_PATH,
  "mapping.time": WANT_PATH,
  status: "an object with url, field and live",
  "status.url": "a URL that begins with http:// or https://",
  "status.headers": WANT_HEADERS,
  "status.field": WANT_PATH,
  "status.live": WANT_STATES,
  "status.ended": WANT_STATES,
};

/** An address with a live id in it. */
export function addressOf(template: string, liveId: string): string {
  return template.replaceAll(LIVE_ID_MARK, encodeURIComponent(liveId));
}

function isAddress(text: string, protocol: RegExp): boolean {
  const url = URL.parse(addressOf(text, "0"));
  return url !== null && protocol.test(url.protocol) && url.hash === "";
}
