/**
 * Push frames: what comes in them, and the two that are sent.
 *
 * @module
 */

import { checkFieldCount } from "./fields.ts";
import { decode, encodePushFrame } from "./proto.ts";

/** Most bytes of a frame as it comes. */
export const FRAME_BYTES_MAX = 16 * 1024 * 1024;

/** Most fields of a frame, its headers among them; there are about ten. */
const FIELDS_MAX = 1000;

/** The frame that keeps a connection alive. */
export const HEARTBEAT: Uint8Array = encodePushFrame({ payloadType: "hb" });

/** The first bytes of what is packed by gzip (RFC 1952). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** A frame that brings messages. */
export interface PushedPayload {
  /** What an ack names. */
  readonly logId: string;
  readonly isPacked: boolean;
  /** A view of the frame. */
  readonly payload: Uint8Array;
}

/**
 * Opens a frame.
 *
 * @returns `null` for one that brings no messages, such as the answer to a
 * heartbeat.
 * @throws {Error} when it is not a push frame.
 */
export function openPushFrame(frame: Uint8Array): PushedPayload | null {
  checkFieldCount(frame, FIELDS_MAX);
  const { logId, headers, payloadType, payload } = decode("PushFrame", frame);
  if (payloadType !== "msg") return null;
  const saysGzip = headers.some(({ key, value }) =>
    key === "compress_type" && value === "gzip"
  );
  const hasMagic = payload[0] === GZIP_MAGIC[0] &&
    payload[1] === GZIP_MAGIC[1];
  return { logId, isPacked: saysGzip || hasMagic, payload };
}

/**
 * The frame that says that the messages of another have been taken.
 *
 * @param internalExt what that one said.
 */
export function ackFrame(logId: string, internalExt: Uint8Array): Uint8Array {
  return encodePushFrame({ logId, payloadType: "ack", payload: internalExt });
}
