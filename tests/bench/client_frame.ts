/**
 * Frames of a WebSocket client, by hand (RFC 6455).
 *
 * The runtime's own client costs as much as the server does, so on two cores
 * the load would be what is measured.
 *
 * @module
 */

const TEXT = 1;
const BINARY = 2;
const PONG = 10;

/** Any key will do: masking protects proxies, and there is none. */
const MASK = [0x12, 0x34, 0x56, 0x78] as const;

const encoder = new TextEncoder();

/** A text frame. */
export function textFrame(text: string): Uint8Array<ArrayBuffer> {
  return clientFrame(TEXT, encoder.encode(text));
}

/** A binary frame of a text's bytes. */
export function binaryFrame(text: string): Uint8Array<ArrayBuffer> {
  return clientFrame(BINARY, encoder.encode(text));
}

/** The answer to a ping. */
export function pongFrame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return clientFrame(PONG, payload);
}

function clientFrame(
  opcode: number,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  if (length > 0xffff) {
    throw new RangeError(`Cannot frame ${length} bytes: want at most 65535`);
  }
  const isLong = length > 125;
  const head = isLong
    ? [0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff, ...MASK]
    : [0x80 | opcode, 0x80 | length, ...MASK];
  const frame = new Uint8Array(head.length + length);
  frame.set(head);
  for (let index = 0; index < length; index++) {
    const key = MASK[index & 3] ?? 0;
    frame[head.length + index] = (payload[index] ?? 0) ^ key;
  }
  return frame;
}

/** The request for an upgrade. */
export function upgradeRequest(
  { host, path, protocol, headers }: {
    readonly host: string;
    readonly path: string;
    /** The subprotocol asked for; `null` is none. */
    readonly protocol: string | null;
    readonly headers: Readonly<Record<string, string>>;
  },
): Uint8Array<ArrayBuffer> {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...(protocol === null ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return encoder.encode(`${lines.join("\r\n")}\r\n\r\n`);
}
