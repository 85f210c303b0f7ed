/**
 * A viewer of a live room, in the verbs of a test.
 *
 * Every wait is on a frame or on the close, never on the clock.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ApiAnswer } from "./test_app.ts";
import { type Closing, type OpenOptions, WsClient } from "./ws_client.ts";

/** JSON that a test reads knowing what is there, as from a response. */
export type Json = ApiAnswer["body"];

/** How a live room is watched. */
export interface WatchOptions extends OpenOptions {
  /** What else the query says, such as `since` and `epoch`. */
  readonly query?: Readonly<Record<string, string>>;
}

/** The address of a live room. */
export function liveUrl(
  server: string,
  liveId: string,
  { query = {} }: WatchOptions = {},
): string {
  const search = new URLSearchParams(query).toString();
  const asked = search === "" ? "" : `?${search}`;
  const base = server.replace(/^http/, "ws");
  return `${base}/ws/live/${encodeURIComponent(liveId)}${asked}`;
}

export class LiveClient implements AsyncDisposable {
  readonly #socket: WsClient;
  #snapshot: Json;
  #pingCount = 0;

  constructor(socket: WsClient) {
    this.#socket = socket;
  }

  /** Connects; the snapshot is taken and kept. */
  static async open(
    url: string,
    options: OpenOptions = {},
  ): Promise<LiveClient> {
    const client = new LiveClient(await WsClient.open(url, options));
    client.#snapshot = await client.expect(() => true, "a first frame");
    assert.equal(client.#snapshot.type, "snapshot");
    return client;
  }

  /** The first frame. */
  get snapshot(): Json {
    return this.#snapshot;
  }

  /** Every frame since the connection opened. */
  get received(): readonly Json[] {
    return this.#socket.received;
  }

  /** The text of each WebSocket message, as it came. */
  get texts(): readonly string[] {
    return this.#socket.texts;
  }

  /** Every `live_message` so far, in the order in which they came. */
  get messages(): readonly Json[] {
    return this.received.filter(({ type }) => type === "live_message");
  }

  /** What was chatted, in the order in which it came. */
  get contents(): string[] {
    return this.messages.filter(({ data }) => data.type === "chat")
      .map(({ data }) => data.content);
  }

  /** The states that it was told of, without repetitions. */
  get states(): string[] {
    return this.received.filter(({ type }) => type === "live_status")
      .map(({ status }) => status.state)
      .filter((state, index, all) => state !== all[index - 1]);
  }

  send(type: string, fields: object = {}): void {
    this.#socket.sendText(JSON.stringify({ type, ...fields }));
  }

  say(content: string, clientMsgId: string): void {
    this.send("chat", { content, "client_msg_id": clientMsgId });
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

  /** Takes the first message of a type. */
  async expectMessage(type: string): Promise<Json> {
    return await this.expect(
      (one) => one.type === "live_message" && one.data.type === type,
      `live_message of type ${type}`,
    );
  }

  /** Takes the chat of a content. */
  async expectChat(content: string): Promise<Json> {
    return await this.expect(
      ({ type, data }) => type === "live_message" && data.content === content,
      `chat ${content}`,
    );
  }

  /** Takes the first word of a state. */
  async expectState(state: string): Promise<Json> {
    const { status } = await this.expect(
      ({ type, status }) => type === "live_status" && status.state === state,
      `live_status ${state}`,
    );
    return status;
  }

  /** Takes all frames that are there, whatever they are. */
  takeAll(): readonly Json[] {
    return this.#socket.takeAll();
  }

  /** All that the server has sent to this connection so far is here. */
  async caughtUp(): Promise<void> {
    const timestamp = ++this.#pingCount;
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

  /** Leaves, and waits until the server has let go. */
  async close(): Promise<void> {
    await this.#socket.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
