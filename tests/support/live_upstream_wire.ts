/**
 * The server's side of a WebSocket down to the bytes, for a server that has to
 * do what a proper one never does.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { OPCODE, type RawFrame } from "./raw_socket.ts";

/** The opcode of a pong; a client of the tests never sends one by itself. */
export const PONG = 10;

/** Most bytes of the head of a request. */
const HEAD_BYTES_MAX = 65_536;

const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** A request, as far as it is looked at. */
export interface UpstreamRequest {
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** What followed the head. */
  readonly rest: Uint8Array;
}

/** Reads the head of a request; `undefined` when there is none. */
export async function readRequest(
  connection: Deno.Conn,
): Promise<UpstreamRequest | undefined> {
  let bytes = new Uint8Array();
  while (bytes.length < HEAD_BYTES_MAX) {
    const more = await readSome(connection);
    if (more === undefined) return undefined;
    bytes = joined(bytes, more);
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf("\r\n\r\n");
    if (end >= 0) return parseRequest(text.slice(0, end), bytes.slice(end + 4));
  }
  return undefined;
}

function parseRequest(head: string, rest: Uint8Array): UpstreamRequest {
  const [first = "", ...lines] = head.split("\r\n");
  const url = new URL(first.split(" ")[1] ?? "/", "http://upstream.invalid");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { path: url.pathname, query: url.searchParams, headers, rest };
}

/** Some bytes; `undefined` when the other side has let go. */
export async function readSome(
  connection: Deno.Conn,
): Promise<Uint8Array | undefined> {
  const buffer = new Uint8Array(65_536);
  const size = await connection.read(buffer).catch(() => null);
  return size === null ? undefined : buffer.subarray(0, size);
}

/** The answer that turns a connection into a WebSocket. */
export function upgradeAnswer({ headers }: UpstreamRequest): Uint8Array {
  const key = headers.get("sec-websocket-key") ?? "";
  const accept = createHash("sha1").update(key + ACCEPT_GUID).digest("base64");
  const protocol = headers.get("sec-websocket-protocol")?.split(",")[0];
  return encode([
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    "\r\n",
  ].join("\r\n"));
}

/** An HTTP answer with a body of JSON, after which the connection closes. */
export function httpAnswer(status: number, body: unknown): Uint8Array {
  const text = JSON.stringify(body);
  return encode([
    `HTTP/1.1 ${status} Answer`,
    "Content-Type: application/json",
    `Content-Length: ${encode(text).length}`,
    "Location: /elsewhere",
    "Connection: close",
    "",
    text,
  ].join("\r\n"));
}

/** A frame as a server sends it: not masked. */
export function serverFrame(
  opcode: number,
  payload: Uint8Array | string,
  { isFinal = true } = {},
): Uint8Array {
  const bytes = typeof payload === "string" ? encode(payload) : payload;
  const { length } = bytes;
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = new Uint8Array(size + length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, (isFinal ? 0x80 : 0) | opcode);
  view.setUint8(1, size === 2 ? length : size === 4 ? 126 : 127);
  if (size === 4) view.setUint16(2, length);
  if (size === 10) view.setBigUint64(2, BigInt(length));
  frame.set(bytes, size);
  return frame;
}

/** A frame that says goodbye. */
export function closeFrame(code: number, reason = ""): Uint8Array {
  const text = encode(reason);
  const payload = new Uint8Array(2 + text.length);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(text, 2);
  return serverFrame(OPCODE.close, payload);
}

/** Takes the frames of a client out of its bytes, in whatever pieces. */
export class ClientFrames {
  #rest = new Uint8Array();

  /** The frames that `bytes` completes. */
  *take(bytes: Uint8Array): Generator<RawFrame> {
    this.#rest = joined(this.#rest, bytes);
    for (;;) {
      const found = parseMasked(this.#rest);
      if (found === undefined) return;
      this.#rest = this.#rest.slice(found.endIndex);
      yield found.frame;
    }
  }
}

function parseMasked(
  bytes: Uint8Array,
): { frame: RawFrame; endIndex: number } | undefined {
  if (bytes.length < 6) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const short = view.getUint8(1) & 127;
  const maskIndex = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < maskIndex + 4) return undefined;
  let length = short;
  if (short === 126) length = view.getUint16(2);
  if (short === 127) length = Number(view.getBigUint64(2));
  const startIndex = maskIndex + 4;
  const endIndex = startIndex + length;
  if (bytes.length < endIndex) return undefined;
  const mask = bytes.subarray(maskIndex, startIndex);
  const payload = bytes.slice(startIndex, endIndex)
    .map((byte, index) => byte ^ (mask[index & 3] ?? 0));
  return { frame: { opcode: view.getUint8(0) & 15, payload }, endIndex };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joined(
  left: Uint8Array,
  right: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
