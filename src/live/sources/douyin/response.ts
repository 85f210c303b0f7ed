/**
 * Responses: what a push frame brings once it is unpacked.
 *
 * They are read field by field and not by the `.proto`, which would make an
 * object of each of the millions of empty messages that a few packed bytes
 * stand for.
 *
 * @module
 */

import protobuf from "protobufjs";
import { skipField } from "./fields.ts";

/** Most messages of one response that are read. */
export const MESSAGES_MAX = 10_000;

/** Most fields beside its messages; the platform sends about ten. */
const OTHERS_MAX = 1000;

/** Most bytes of what an ack has to say again; it has a few hundred. */
const INTERNAL_EXT_BYTES_MAX = 16 * 1024;

/** The fields that are read, as they begin: number and wire type. */
const MESSAGE = 1 << 3 | 2;
const INTERNAL_EXT = 5 << 3 | 2;
const HEARTBEAT_DURATION = 8 << 3;
const NEED_ACK = 9 << 3;

/** The messages of a frame, as bytes, and what it asks for. */
export interface PushedResponse {
  /** Views, each of a Message: one that is broken costs no other. */
  readonly messages: readonly Uint8Array[];
  /** Whether there is more behind `MESSAGES_MAX` messages, read by nobody. */
  readonly isCut: boolean;
  /** A view of the text that an ack brings back. */
  readonly internalExt: Uint8Array;
  /** How often it wants a heartbeat, in seconds; 0 when it does not say. */
  readonly heartbeatS: number;
  readonly needAck: boolean;
}

/**
 * Reads an unpacked payload, within a few ms whatever it holds.
 *
 * @throws {Error} when it is no response.
 */
export function readResponse(payload: Uint8Array): PushedResponse {
  const reader = protobuf.Reader.create(payload);
  const messages: Uint8Array[] = [];
  let internalExt: Uint8Array = new Uint8Array();
  let heartbeatS = 0;
  let needAck = false;
  let isCut = false;
  let otherCount = 0;
  while (reader.pos < reader.len && !isCut) {
    const tag = reader.uint32();
    if (tag === MESSAGE) {
      isCut = messages.length === MESSAGES_MAX;
      if (!isCut) messages.push(reader.bytes());
      continue;
    }
    otherCount += 1;
    if (otherCount > OTHERS_MAX) throw new RangeError("Too many fields");
    if (tag === INTERNAL_EXT) internalExt = reader.bytes();
    else if (tag === HEARTBEAT_DURATION) heartbeatS = reader.uint32();
    else if (tag === NEED_ACK) needAck = reader.bool();
    else skipField(reader, tag);
  }
  if (internalExt.length > INTERNAL_EXT_BYTES_MAX) {
    throw new RangeError("Too long an internal ext");
  }
  return { messages, isCut, internalExt, heartbeatS, needAck };
}
