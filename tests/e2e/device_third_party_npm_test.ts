import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import websocket from "websocket";
import { DeviceClient, deviceUrl, sensor } from "../support/device_client.ts";
import { Inbox } from "../support/inbox.ts";
import { newTestApp } from "../support/test_app.ts";
import { within } from "../support/within.ts";
import type { Closing } from "../support/ws_client.ts";

/** What the package, which has no types, gives for a message. */
type NpmMessage =
  | { readonly type: "utf8"; readonly utf8Data: string }
  | { readonly type: "binary"; readonly binaryData: Buffer<ArrayBuffer> };

interface NpmConnection {
  on(event: "message", run: (message: NpmMessage) => void): void;
  on(event: "close", run: (code: number, reason: string) => void): void;
  on(event: "pong", run: (data: Buffer) => void): void;
  sendUTF(text: string): void;
  sendBytes(bytes: Buffer): void;
  ping(data: string): void;
  close(code: number, reason: string): void;
}

interface NpmClient {
  on(event: "connect", run: (connection: NpmConnection) => void): void;
  on(event: "connectFailed", run: (error: Error) => void): void;
  connect(url: string): void;
}

/** Bounds of the package on what it sends. */
interface NpmOptions {
  readonly fragmentOutgoingMessages?: boolean;
  /** Most bytes of one fragment. */
  readonly fragmentationThreshold?: number;
}

const NpmClient: new (options: NpmOptions) => NpmClient = websocket.client;
const W3cWebSocket: new (url: string) => WebSocket = websocket.w3cwebsocket;

const TEXT = '{"type": "text", "content": "héllo 👋", "ratio": 1.0}';

/** 64 KiB of every byte. */
const BYTES = Buffer.from(Uint8Array.from({ length: 65_536 }, (_, at) => at));

/** A device that the package's `client` connects. */
class NpmDevice implements AsyncDisposable {
  readonly connection: NpmConnection;
  readonly pongs = new Inbox<string>();
  readonly #heard = new Inbox<string | Buffer>();
  readonly #closed = Promise.withResolvers<Closing>();

  constructor(connection: NpmConnection) {
    this.connection = connection;
    connection.on("message", (message) => {
      const isText = message.type === "utf8";
      this.#heard.put(isText ? message.utf8Data : message.binaryData);
    });
    connection.on("pong", (data) => this.pongs.put(data.toString()));
    connection.on("close", (code, reason) => {
      this.#closed.resolve({ code, reason });
    });
  }

  static async open(
    url: string,
    options: NpmOptions = {},
  ): Promise<NpmDevice> {
    const client = new NpmClient(options);
    const opened = Promise.withResolvers<NpmDevice>();
    // What comes with the handshake is read as soon as this returns.
    client.on("connect", (made) => opened.resolve(new NpmDevice(made)));
    client.on("connectFailed", opened.reject);
    client.connect(url);
    return await within(opened.promise, { what: `a connection to ${url}` });
  }

  /** Takes the next message: text, or bytes. */
  async next(): Promise<string | Buffer> {
    return await this.#heard.take(() => true, "a message");
  }

  async closed(): Promise<Closing> {
    return await within(this.#closed.promise, { what: "the end" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.close(1000, "");
    await this.closed();
  }
}

/** Connects as a device of a room, and takes what comes before its messages. */
async function enter(
  server: string,
  roomId: string,
  options: NpmOptions = {},
): Promise<NpmDevice> {
  const device = await NpmDevice.open(deviceUrl(server), options);
  device.connection.sendUTF(JSON.stringify(sensor("npm", roomId)));
  assert.equal(
    await device.next(),
    '{"type":"connection","message":"Connected successfully"}',
  );
  assert.equal(
    await device.next(),
    `{"type":"room","room_id":"${roomId}","status":"joined_existing",` +
      `"message":"joined_existing: joined room ${roomId}"}`,
  );
  return device;
}

Deno.test("The client of npm's websocket says and hears text and binary, byte for byte", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  await using device = await enter(app.url, host.roomId);
  device.connection.sendUTF(TEXT);
  await host.expectText(TEXT);
  device.connection.sendBytes(BYTES);
  assert.deepEqual(Buffer.from(await host.expectBinary()), BYTES);
  host.sendText(TEXT);
  host.sendBinary(new Uint8Array(BYTES));
  assert.equal(await device.next(), TEXT);
  assert.deepEqual(await device.next(), BYTES);
  device.connection.sendUTF('{"type":"query_room"}');
  assert.equal(
    await device.next(),
    `{"type":"room_info","room_id":"${host.roomId}","total_clients":2,` +
      `"clients":[{"device_id":"host","identity":"sensor"}]}`,
  );
  device.connection.ping("are you there");
  await device.pongs.take((data) => data === "are you there", "a pong");
});

Deno.test("Fragments of npm's websocket arrive as one message, wherever they are cut", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  for (const threshold of [1, 7, 1000]) {
    await using device = await enter(app.url, host.roomId, {
      fragmentOutgoingMessages: true,
      fragmentationThreshold: threshold,
    });
    device.connection.sendUTF(TEXT);
    device.connection.sendBytes(BYTES.subarray(0, 4000));
    device.connection.sendUTF(TEXT);
    await host.expectText(TEXT);
    assert.deepEqual(
      Buffer.from(await host.expectBinary()),
      BYTES.subarray(0, 4000),
    );
    await host.expectText(TEXT);
  }
});

Deno.test("A close code travels between npm's websocket and the server, both ways", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  {
    await using device = await enter(app.url, host.roomId);
    device.connection.close(4321, "done here");
    assert.equal((await device.closed()).code, 4321);
  }
  await app.expectConnections(1);
  const { body } = await app.api("GET /management/devices/npm");
  assert.equal(body.history[0].close_code, 4321);
  await using device = await enter(app.url, host.roomId);
  await app.api("POST /management/devices/npm/disconnect");
  assert.equal(
    await device.next(),
    '{"type":"error","message":"The operator ended this connection","code":"disconnected"}',
  );
  assert.deepEqual(await device.closed(), {
    code: 4002,
    reason: "disconnected",
  });
  await using nobody = await NpmDevice.open(deviceUrl(app.url));
  nobody.connection.sendUTF("{}");
  await nobody.next();
  assert.equal(
    await nobody.next(),
    '{"type":"error","message":"Missing identity field","code":"identity_missing"}',
  );
  assert.equal((await nobody.closed()).code, 1000);
});

Deno.test("The w3cwebsocket of npm's websocket is a device like the runtime's own WebSocket", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  const socket = new W3cWebSocket(deviceUrl(app.url));
  await using device = new DeviceClient(socket);
  await device.expectText(
    '{"type":"connection","message":"Connected successfully"}',
  );
  device.identify(sensor("w3c", host.roomId));
  await device.expectRoom();
  assert.equal(device.status, "joined_existing");
  device.sendText(TEXT);
  await host.expectText(TEXT);
  device.sendBinary(new Uint8Array(BYTES));
  assert.deepEqual(Buffer.from(await host.expectBinary()), BYTES);
  host.sendText(TEXT);
  await device.expectText(TEXT);
  host.sendBinary(new Uint8Array(BYTES));
  assert.deepEqual(Buffer.from(await device.expectBinary()), BYTES);
  assert.equal((await device.query()).total_clients, 2);
  await app.api("POST /management/devices/w3c/disconnect");
  await device.expectClosed(4002);
});
