/**
 * A client of the chat dialect, and of `/ws/presence`, in the verbs of a test.
 *
 * Both speak flat frames: fields stand beside the type. Every wait is on a
 * frame or on the close, never on the clock.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ApiAnswer } from "./test_app.ts";
import { type Closing, type OpenOptions, WsClient } from "./ws_client.ts";

/** JSON that a test reads knowing what is there, as from a response. */
export type Json = ApiAnswer["body"];

/** How a room is entered. */
export interface EnterOptions extends OpenOptions {
  /** What else the query says, such as `since` and `epoch`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Whether the address ends with a slash, as the seed's does. */
  readonly hasSlash?: boolean;
}

/** The address of a chat room. */
export function chatUrl(
  server: string,
  roomId: string,
  { query = {}, hasSlash = true }: EnterOptions = {},
): string {
  const path = `/ws/chat/${encodeURIComponent(roomId)}${hasSlash ? "/" : ""}`;
  return socketUrl(server, path, query);
}

/** The address at which a user is told of what concerns them. */
export function presenceUrl(
  server: string,
  query: Readonly<Record<string, string>> = {},
): string {
  return socketUrl(server, "/ws/presence", query);
}

function socketUrl(
  server: string,
  path: string,
  query: Readonly<Record<string, string>>,
): string {
  const search = new URLSearchParams(query).toString();
  const asked = search === "" ? "" : `?${search}`;
  return `${server.replace(/^http/, "ws")}${path}${asked}`;
}

export class ChatClient implements AsyncDisposable {
  readonly #socket: WsClient;
  #welcome: Json;
  #pingCount = 0;

  constructor(socket: WsClient) {
    this.#socket = socket;
  }

  /** Connects; the first frame is taken and kept. */
  static async open(
    url: string,
    options: OpenOptions = {},
  ): Promise<ChatClient> {
    const client = new ChatClient(await WsClient.open(url, options));
    client.#welcome = await client.expect(() => true, "a first frame");
    assert.match(client.#welcome.type, /_established$/);
    return client;
  }

  /** The first frame of the stay. */
  get welcome(): Json {
    return this.#welcome;
  }

  /** Every frame since the connection opened. */
  get received(): readonly Json[] {
    return this.#socket.received;
  }

  /** The types of all frames, in the order in which they came. */
  get types(): string[] {
    return this.received.map(({ type }) => type);
  }

  /** The text of each WebSocket message, as it came. */
  get texts(): readonly string[] {
    return this.#socket.texts;
  }

  /** The subprotocol that the server chose. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  send(type: string, fields: object = {}): void {
    this.sendJson({ type, ...fields });
  }

  sendJson(frame: unknown): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.#socket.sendText(text);
  }

  sendBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.sendBinary(bytes);
  }

  say(content: string, clientMsgId?: string): void {
    const named = clientMsgId === undefined
      ? {}
      : { "client_msg_id": clientMsgId };
    this.send("message", { content, ...named });
  }

  /** Takes the first frame that fits and was not taken. */
  async expect(fits: (frame: Json) => boolean, what: string): Promise<Json> {
    return await this.#socket.expect(fits, what);
  }

  /** Takes the first frame of a type that was not taken. */
  async expectFrame(type: string): Promise<Json> {
    return await this.expect((one) => one.type === type, type);
  }

  /** Takes the `error` of a code. */
  async expectError(code: string): Promise<Json> {
    return await this.expect(
      (one) => one.type === "error" && one.code === code,
      `error with code ${code}`,
    );
  }

  /** Takes the `chat_message` of a content. */
  async expectChat(content: string): Promise<Json> {
    return await this.expect(
      ({ type, message }) =>
        type === "chat_message" && message.content === content,
      `chat_message ${content.slice(0, 40)}`,
    );
  }

  /** Takes the `ack` of a message. */
  async expectAck(clientMsgId: string): Promise<Json> {
    return await this.expect(
      (one) => one.type === "ack" && one.client_msg_id === clientMsgId,
      `ack of ${clientMsgId}`,
    );
  }

  /** Says something, and has the receipt. */
  async sayAndAck(content: string, clientMsgId: string): Promise<Json> {
    this.say(content, clientMsgId);
    return await this.expectAck(clientMsgId);
  }

  /** Takes the `heart_link` of a status. */
  async expectLink(status: string): Promise<Json> {
    return await this.expect(
      (one) => one.type === "heart_link" && one.status === status,
      `heart_link ${status}`,
    );
  }

  /** Takes all frames that are there, whatever they are. */
  takeAll(): readonly Json[] {
    return this.#socket.takeAll();
  }

  /** All that the server has sent to this connection so far is here. */
  async caughtUp(): Promise<void> {
    // Negative: no other ping of a test has such a time.
    const timestamp = -(++this.#pingCount);
    this.send("ping", { timestamp });
    await this.expect(
      (one) => one.type === "pong" && one.timestamp === timestamp,
      "pong",
    );
  }

  /** Fails if a frame was sent that no one expected. */
  async expectSilence(): Promise<void> {
    await this.caughtUp();
    assert.deepEqual(this.takeAll(), []);
  }

  /** Waits for the end of the connection. */
  async expectClosed(code: number): Promise<Closing> {
    return await this.#socket.expectClosed(code);
  }

  async closed(): Promise<Closing> {
    return await this.#socket.closed();
  }

  /** Leaves, and waits until the server has let go. */
  async close(code = 1000): Promise<void> {
    await this.#socket.close(code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
