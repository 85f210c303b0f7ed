/**
 * A client of the rooms dialect, in the verbs of a test.
 *
 * Every wait is on a frame or on the close, never on the clock. A frame that
 * is expected by type may have others before it: they stay to be asked for.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { Inbox } from "./inbox.ts";
import { within } from "./within.ts";

/** The runtime's own, which takes headers; the DOM's type has none. */
const HeaderedWebSocket: new (
  url: string,
  options: { headers: Record<string, string>; protocols: string[] },
) => WebSocket = WebSocket as never;

/** A frame of the server. */
export interface Frame {
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly seq?: number;
  readonly at?: number;
  readonly code?: string;
  readonly retry_after_ms?: number;
  readonly client_msg_id?: string;
  readonly session_id?: string;
  readonly epoch?: string;
  readonly last_seq?: number;
  readonly recovered?: boolean;
  readonly [beside: string]: unknown;
}

/** How a connection ended. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** What an upgrade request carries beside its address. */
export interface OpenOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** Who joins, and how. */
export interface JoinOptions extends OpenOptions {
  readonly nickname?: string;
  /** What else the query says, such as `since` and `epoch`. */
  readonly query?: Readonly<Record<string, string>>;
}

/** The address at which a user joins a room. */
export function roomUrl(
  server: string,
  roomId: string,
  query: Readonly<Record<string, string>>,
): string {
  const base = server.replace(/^http/, "ws");
  const path = encodeURIComponent(roomId);
  return `${base}/ws/rooms/${path}?${new URLSearchParams(query)}`;
}

/** Joins a room, and is in it: the welcome is taken and kept. */
export async function joinRoom(
  server: string,
  roomId: string,
  userId: string,
  { nickname = userId.toUpperCase(), query = {}, ...open }: JoinOptions = {},
): Promise<WsClient> {
  const names = { user_id: userId, nickname, ...query };
  const client = await WsClient.open(roomUrl(server, roomId, names), open);
  await client.expectWelcome();
  return client;
}

export class WsClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #inbox = new Inbox<Frame>();
  readonly #closed = Promise.withResolvers<Closing>();
  #welcome: Frame | undefined;
  /** The text of each WebSocket message, as it came. */
  readonly texts: string[] = [];

  /** Takes a socket that is not open yet; {@linkcode WsClient.open} makes one. */
  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#onMessage(String(data));
    socket.onclose = ({ code, reason }) => {
      this.#inbox.end(`closed with ${code} ${reason}`);
      this.#closed.resolve({ code, reason });
    };
  }

  /** Connects, and has not been welcomed yet. */
  static async open(
    url: string,
    options: OpenOptions = {},
  ): Promise<WsClient> {
    const socket = newSocket(url, options);
    const client = new WsClient(socket);
    await untilOpen(socket);
    return client;
  }

  /** The first frame of the stay. */
  get welcome(): Frame {
    assert(this.#welcome, "the welcome was not expected yet");
    return this.#welcome;
  }

  /** Every frame since the connection opened. */
  get received(): readonly Frame[] {
    return this.#inbox.all;
  }

  /** The subprotocol that the server chose. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  send(type: string, payload?: unknown): void {
    this.sendText(JSON.stringify({ type, payload }));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  sendBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  sendChat(content: string, clientMsgId?: string): void {
    this.send("SendMessage", { content, client_msg_id: clientMsgId });
  }

  async expectWelcome(): Promise<Frame> {
    const first = await this.#inbox.take(() => true, "a first frame");
    assert.equal(first.type, "WelcomeInfo", JSON.stringify(first));
    this.#welcome = first;
    return first;
  }

  /** Takes the first frame that fits and was not taken. */
  async expect(fits: (frame: Frame) => boolean, what: string): Promise<Frame> {
    return await this.#inbox.take(fits, what);
  }

  /** Takes the first frame of a type that was not taken. */
  async expectFrame(type: string): Promise<Frame> {
    return await this.#inbox.take((one) => one.type === type, type);
  }

  /** Takes the `Error` of a code. */
  async expectError(code: string): Promise<Frame> {
    return await this.#inbox.take(
      (one) => one.type === "Error" && one.code === code,
      `Error with code ${code}`,
    );
  }

  /** Takes the `Message` of a content. */
  async expectChat(content: string): Promise<Frame> {
    return await this.#inbox.take(
      (one) => one.type === "Message" && one.payload?.["content"] === content,
      `Message ${content.slice(0, 40)}`,
    );
  }

  /** Takes the `Ack` of a message. */
  async expectAck(clientMsgId: string): Promise<Frame> {
    return await this.#inbox.take(
      (one) =>
        one.type === "Ack" && one.payload?.["client_msg_id"] === clientMsgId,
      `Ack of ${clientMsgId}`,
    );
  }

  /** Takes what became of a send: its `Ack` or its `Error`. */
  async expectAnswer(clientMsgId: string): Promise<Frame> {
    return await this.#inbox.take(
      ({ type, payload, client_msg_id: name }) =>
        (type === "Ack" && payload?.["client_msg_id"] === clientMsgId) ||
        (type === "Error" && name === clientMsgId),
      `answer to ${clientMsgId}`,
    );
  }

  /** Takes so many frames of a type, in order. */
  async expectFrames(type: string, count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.expectFrame(type));
    return frames;
  }

  /** Takes all frames that are there, whatever they are. */
  takeAll(): Frame[] {
    return this.#inbox.takeAll();
  }

  /** All that the server has sent to this connection so far is here. */
  async caughtUp(): Promise<void> {
    const timestamp = this.texts.length + 1;
    this.send("Ping", { timestamp });
    await this.#inbox.take(
      (one) => one.type === "Pong" && one.payload?.["timestamp"] === timestamp,
      "Pong",
    );
  }

  /** Fails if a frame was sent that no one expected. */
  async expectSilence(): Promise<void> {
    await this.caughtUp();
    assert.deepEqual(this.#inbox.untaken, []);
  }

  /** Waits for the end of the connection. */
  async expectClosed(code: number): Promise<Closing> {
    const closing = await this.closed();
    const last = this.received.slice(-3);
    const shown = `${closing.reason} after ${JSON.stringify(last)}`;
    assert.equal(closing.code, code, `closed with ${closing.code} ${shown}`);
    return closing;
  }

  async closed(): Promise<Closing> {
    return await within(this.#closed.promise, { what: "the end" });
  }

  /** Leaves, and waits until the server has let go. */
  async close(code = 1000): Promise<void> {
    if (this.#socket.readyState < WebSocket.CLOSING) this.#socket.close(code);
    await this.closed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #onMessage(text: string): void {
    this.texts.push(text);
    for (const line of text.split("\n")) this.#inbox.put(JSON.parse(line));
  }
}

/** A socket that is not open yet. */
export function newSocket(
  url: string,
  { headers = {}, protocols = [] }: OpenOptions,
): WebSocket {
  return new HeaderedWebSocket(url, {
    headers: { ...headers },
    protocols: [...protocols],
  });
}

/** Resolves once a socket is open; rejects when it cannot connect. */
export async function untilOpen(socket: WebSocket): Promise<void> {
  const { url } = socket;
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error(`Cannot connect to ${url}`));
  await within(opened.promise, { what: `a connection to ${url}` });
}
