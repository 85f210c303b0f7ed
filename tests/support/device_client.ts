/**
 * A client of the devices dialect, in the verbs of a test.
 *
 * Every message is kept as it came, a text byte for byte and bytes as bytes:
 * what a device sends reaches the others unchanged, and tests look at that.
 * Every wait is on a message or on the close, never on the clock.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { Inbox } from "./inbox.ts";
import type { ApiAnswer } from "./test_app.ts";
import { within } from "./within.ts";
import {
  type Closing,
  newSocket,
  type OpenOptions,
  untilOpen,
} from "./ws_client.ts";

/** JSON that a test reads knowing what is there, as from a response. */
export type Json = ApiAnswer["body"];

/** What a device says it is, in its first frame. */
export interface SentIdentity {
  readonly device_id: unknown;
  readonly identity: unknown;
  readonly room_id?: unknown;
  readonly token?: unknown;
}

/** A device that says it is a sensor; without a room the server chooses. */
export function sensor(deviceId: string, roomId?: string): SentIdentity {
  const identity = { device_id: deviceId, identity: "sensor" };
  return roomId === undefined ? identity : { ...identity, room_id: roomId };
}

/**
 * Fails if one of the devices of a room was sent what no one expected, once all
 * that they have said was passed on.
 */
export async function expectQuiet(...clients: DeviceClient[]): Promise<void> {
  for (const client of clients) await client.query();
  for (const client of clients) await client.expectSilence();
}

/** What else the query of the address says, such as `envelope`. */
export type DeviceQuery = Readonly<Record<string, string>>;

/** One message of the server. */
export type Heard =
  /** `json` is `undefined` when the text is not JSON. */
  | { readonly text: string; readonly json: Json }
  | { readonly bytes: Uint8Array<ArrayBuffer> };

/** The subprotocol in which one frame holds several texts. */
const BATCH_PROTOCOL = "parlor.v1.batch";

/** The address of the devices dialect on the main port. */
export function deviceUrl(server: string, query: DeviceQuery = {}): string {
  const search = new URLSearchParams(query).toString();
  const asked = search === "" ? "" : `?${search}`;
  return `${server.replace(/^http/, "ws")}/ws/devices${asked}`;
}

export class DeviceClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #inbox = new Inbox<Heard>();
  readonly #closed = Promise.withResolvers<Closing>();
  readonly #isBatched: boolean;
  #room: Json;
  /** The text of each text frame, as it came. */
  readonly texts: string[] = [];

  /** Takes a socket that is not open yet; {@linkcode DeviceClient.open} makes one. */
  constructor(socket: WebSocket) {
    this.#socket = socket;
    const { searchParams } = new URL(socket.url);
    this.#isBatched = searchParams.get("batch") === "true";
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#onMessage(data);
    socket.onclose = ({ code, reason }) => {
      this.#inbox.end(`closed with ${code} ${reason}`);
      this.#closed.resolve({ code, reason });
    };
  }

  /** Connects, and takes the greeting; the server does not know who it is. */
  static async open(
    url: string,
    options: OpenOptions = {},
  ): Promise<DeviceClient> {
    const socket = newSocket(url, options);
    const client = new DeviceClient(socket);
    await untilOpen(socket);
    const greeting = await client.expectJson(() => true, "a first frame");
    assert.deepEqual(greeting, {
      type: "connection",
      message: "Connected successfully",
    });
    return client;
  }

  /** Connects, says who it is, and is in a room. */
  static async enter(
    server: string,
    identity: SentIdentity,
    query: DeviceQuery = {},
  ): Promise<DeviceClient> {
    const client = await DeviceClient.open(deviceUrl(server, query));
    client.identify(identity);
    await client.expectRoom();
    return client;
  }

  /** The last `room` frame. */
  get room(): Json {
    assert(this.#room, "the room was not expected yet");
    return this.#room;
  }

  get roomId(): string {
    return this.room.room_id;
  }

  /** How the device came into its room. */
  get status(): string {
    return this.room.status;
  }

  /** What the `room` frame says to people. */
  get message(): string {
    return this.room.message;
  }

  /** Every message since the connection opened. */
  get received(): readonly Heard[] {
    return this.#inbox.all;
  }

  /** The subprotocol that the server chose. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /** Says who it is. What comes of it is to be expected. */
  identify(identity: SentIdentity): void {
    this.sendJson(identity);
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  sendBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  sendJson(value: unknown): void {
    this.sendText(JSON.stringify(value));
  }

  /** Takes the `room` frame, and keeps it. */
  async expectRoom(): Promise<Json> {
    this.#room = await this.expectFrame("room");
    return this.#room;
  }

  /** Takes the first text that fits and was not taken, as it came. */
  async expectText(
    fits: string | ((text: string) => boolean),
    what = typeof fits === "string" ? fits.slice(0, 80) : "a text",
  ): Promise<string> {
    const heard = await this.#inbox.take((one) => {
      if (!("text" in one)) return false;
      return typeof fits === "string" ? one.text === fits : fits(one.text);
    }, what);
    assert("text" in heard);
    return heard.text;
  }

  /** Takes the first bytes that were not taken. */
  async expectBinary(): Promise<Uint8Array<ArrayBuffer>> {
    const heard = await this.#inbox.take((one) => "bytes" in one, "bytes");
    assert("bytes" in heard);
    return heard.bytes;
  }

  /** Takes the first text whose value fits and was not taken. */
  async expectJson(
    fits: (value: Json) => boolean,
    what: string,
  ): Promise<Json> {
    const heard = await this.#inbox.take(
      (one) => "text" in one && one.json !== undefined && fits(one.json),
      what,
    );
    assert("text" in heard);
    return heard.json;
  }

  /** Takes the first frame of a type that was not taken. */
  async expectFrame(type: string): Promise<Json> {
    return await this.expectJson((one) => one?.type === type, type);
  }

  /** Takes the `error` of a code. */
  async expectError(code: string): Promise<Json> {
    return await this.expectJson(
      (one) => one?.type === "error" && one.code === code,
      `error with code ${code}`,
    );
  }

  /** Takes the `ack` of a message. */
  async expectAck(clientMsgId: string): Promise<Json> {
    return await this.expectJson(
      (one) => one?.type === "ack" && one.client_msg_id === clientMsgId,
      `ack of ${clientMsgId}`,
    );
  }

  /** Asks who is in the room. */
  async query(): Promise<Json> {
    this.sendJson({ type: "query_room" });
    return await this.expectFrame("room_info");
  }

  /** Takes all messages that are there, whatever they are. */
  takeAll(): Heard[] {
    return this.#inbox.takeAll();
  }

  /** Fails if anything was sent that no one expected. */
  async expectSilence(): Promise<void> {
    await this.query();
    assert.deepEqual(this.#inbox.untaken, []);
  }

  /** Waits for the end of the connection. */
  async expectClosed(code: number): Promise<Closing> {
    const closing = await this.closed();
    const last = this.texts.slice(-3).join(" ");
    const shown = `${closing.reason} after ${last}`;
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

  #onMessage(data: string | ArrayBuffer): void {
    if (typeof data !== "string") {
      return this.#inbox.put({ bytes: new Uint8Array(data) });
    }
    this.texts.push(data);
    const isBatched = this.#isBatched || this.protocol === BATCH_PROTOCOL;
    for (const text of isBatched ? data.split("\n") : [data]) {
      this.#inbox.put({ text, json: parsed(text) });
    }
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
