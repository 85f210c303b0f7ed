/**
 * A WebSocket client down to the bytes: for what a proper client never does,
 * and for what an upgrade that was refused answers.
 *
 * @module
 */

import assert from "node:assert/strict";
import { within } from "./within.ts";

/** Kinds of WebSocket frames (RFC 6455 §5.2). */
export const OPCODE = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
} as const;

/** An answer to a request to upgrade. */
export interface UpgradeAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or `undefined` where there is none. */
  readonly body: unknown;
}

/** Headers by name; `null` takes one away. */
export type RawHeaders = Readonly<Record<string, string | null>>;

/** One frame of the server. */
export interface RawFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** What an upgrade request says. */
const UPGRADE_HEADERS: RawHeaders = {
  "Upgrade": "websocket",
  "Connection": "Upgrade",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "cGFybG9yLXRlc3Qta2V5IQ==",
};

/** Asks for an upgrade that will be refused, and hears why. */
export async function refusedUpgrade(
  url: string,
  headers: RawHeaders = {},
): Promise<UpgradeAnswer> {
  using socket = await RawSocket.upgrade(url, headers);
  assert.notEqual(socket.status, 101, `${url} was upgraded`);
  return {
    status: socket.status,
    headers: socket.headers,
    body: JSON.parse(await socket.readBody()),
  };
}

/** A connection that did or did not become a WebSocket. */
export class RawSocket implements Disposable {
  readonly #connection: Deno.TcpConn;
  #status = 0;
  #headers = new Headers();
  #rest = new Uint8Array();

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Sends a request to upgrade, and reads the head of the answer. */
  static async upgrade(
    url: string,
    headers: RawHeaders = {},
  ): Promise<RawSocket> {
    const { hostname, port, pathname, search, host } = new URL(url);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const socket = new RawSocket(connection);
    const lines = Object.entries({
      "Host": host,
      ...UPGRADE_HEADERS,
      ...headers,
    }).filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`;
    await socket.write(new TextEncoder().encode(head));
    await socket.#readHead();
    return socket;
  }

  get status(): number {
    return this.#status;
  }

  get headers(): Headers {
    return this.#headers;
  }

  /** The body of an answer that has one. */
  async readBody(): Promise<string> {
    const length = Number(this.headers.get("content-length"));
    while (this.#rest.length < length) await this.#readMore();
    return new TextDecoder().decode(this.#rest);
  }

  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      rest = rest.subarray(await this.#connection.write(rest));
    }
  }

  /** Sends one frame, masked as a client's must be. */
  async writeFrame(
    opcode: number,
    payload: Uint8Array | string,
    { isFinal = true } = {},
  ): Promise<void> {
    const bytes = typeof payload === "string"
      ? new TextEncoder().encode(payload)
      : payload;
    await this.write(frameOf(opcode, bytes, isFinal));
  }

  /** The next bytes as they come; none when the server has let go. */
  async read(): Promise<Uint8Array<ArrayBuffer>> {
    const buffer = new Uint8Array(65_536);
    const reading = this.#connection.read(buffer).catch(() => null);
    const size = await within(reading, { what: "bytes" });
    return buffer.subarray(0, size ?? 0);
  }

  /** The next frame; `undefined` when the server has let go. */
  async readFrame(): Promise<RawFrame | undefined> {
    for (;;) {
      const found = parseFrame(this.#rest);
      if (found !== undefined) {
        this.#rest = this.#rest.subarray(found.endIndex);
        return found.frame;
      }
      const bytes = await this.read();
      if (bytes.length === 0) return undefined;
      this.#rest = joined(this.#rest, bytes);
    }
  }

  /** Says goodbye, or answers it, and waits until the server has let go. */
  async sayGoodbye(code = 1000): Promise<void> {
    const payload = new Uint8Array([code >> 8, code & 255]);
    await this.writeFrame(OPCODE.close, payload);
    await this.readToEnd();
  }

  /** Reads until the server has let go; answers how many bytes came. */
  async readToEnd(): Promise<number> {
    let total = 0;
    for (;;) {
      const { length } = await this.read();
      if (length === 0) return total;
      total += length;
    }
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  async #readHead(): Promise<void> {
    let end = -1;
    while (end < 0) {
      await this.#readMore();
      end = new TextDecoder("ascii").decode(this.#rest).indexOf("\r\n\r\n");
    }
    const text = new TextDecoder().decode(this.#rest.subarray(0, end));
    const [first = "", ...lines] = text.split("\r\n");
    this.#status = Number(first.split(" ")[1]);
    this.#rest = this.#rest.slice(end + 4);
    for (const line of lines) {
      const colon = line.indexOf(":");
      this.#headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
  }

  async #readMore(): Promise<void> {
    const bytes = await this.read();
    assert(bytes.length > 0, "the server hung up");
    this.#rest = joined(this.#rest, bytes);
  }
}

/** The first frame of some bytes, if all of it is there. */
function parseFrame(
  bytes: Uint8Array<ArrayBuffer>,
): { frame: RawFrame; endIndex: number } | undefined {
  if (bytes.length < 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const short = view.getUint8(1) & 127;
  const startIndex = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < startIndex) return undefined;
  let length = short;
  if (short === 126) length = view.getUint16(2);
  if (short === 127) length = Number(view.getBigUint64(2));
  const endIndex = startIndex + length;
  if (bytes.length < endIndex) return undefined;
  const opcode = view.getUint8(0) & 15;
  const payload = bytes.subarray(startIndex, endIndex);
  return { frame: { opcode, payload }, endIndex };
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

/** A masked frame; the mask is zero, so the payload stands as it is. */
function frameOf(
  opcode: number,
  payload: Uint8Array,
  isFinal: boolean,
): Uint8Array {
  const { length } = payload;
  const head = [(isFinal ? 0x80 : 0) | opcode];
  if (length < 126) head.push(0x80 | length);
  else if (length < 65_536) head.push(0xfe, length >> 8, length & 255);
  else head.push(0xff, 0, 0, 0, 0, ...bigEndian(length));
  head.push(0, 0, 0, 0);
  const frame = new Uint8Array(head.length + length);
  frame.set(head);
  frame.set(payload, head.length);
  return frame;
}

function bigEndian(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
}
