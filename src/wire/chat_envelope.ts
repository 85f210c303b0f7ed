/**
 * The envelope in which a client of the chat dialect may send (COMPAT 0.3).
 *
 * It is `{"compressed": true, "data": <hex of gzip>}` or `{"compressed": false,
 * "data": {…}}`. What it unpacks to has the bound that a frame has: a few bytes
 * of gzip can hold a thousand times as many.
 *
 * @module
 */

import { gunzipSync } from "node:zlib";
import { asJsonObject, parseJsonObject } from "./json_object.ts";

/** The bound on what an envelope holds. */
export interface EnvelopeLimits {
  /** Most bytes of JSON; also the bound of a frame that has no envelope. */
  readonly frameBytesMax: number;
}

type Frame = Record<string, unknown>;

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Whether a frame is an envelope: no other frame lacks a type and has this. */
export function isEnvelope(frame: Frame): boolean {
  return typeof frame["compressed"] === "boolean" && !("type" in frame);
}

/**
 * The frame in an envelope; `undefined` when there is none, when it is larger
 * than a frame may be, and when it is an envelope again.
 */
export function openEnvelope(
  { compressed, data }: Frame,
  limits: EnvelopeLimits,
): Frame | undefined {
  const frame = compressed === true ? unpack(data, limits) : asJsonObject(data);
  return frame === undefined || isEnvelope(frame) ? undefined : frame;
}

function unpack(
  data: unknown,
  { frameBytesMax }: EnvelopeLimits,
): Frame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const packed = Uint8Array.fromHex(data);
    const bytes = gunzipSync(packed, { maxOutputLength: frameBytesMax });
    return parseJsonObject(UTF8.decode(bytes));
  } catch {
    return undefined;
  }
}
