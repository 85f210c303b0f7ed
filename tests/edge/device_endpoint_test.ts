import assert from "node:assert/strict";
import { denoUpgrade } from "../../src/edge/deno_socket.ts";
import { DeviceEndpoint } from "../../src/edge/device_endpoint.ts";
import { listen } from "../../src/edge/listener.ts";
import { OPCODE, RawSocket } from "../support/raw_socket.ts";
import { DeviceWorld, identityOf, newCall } from "./device_world.ts";

Deno.test("DeviceEndpoint refuses before the upgrade, in its order", async () => {
  using devices = new DeviceWorld({
    endpoint: { allowedOrigins: ["https://good.example"] },
  });
  const headers: Record<string, string> = {
    upgrade: "h2c",
    origin: "https://bad.example",
    "x-api-key": "wrong",
  };
  const call = { headers, query: "since=x&epoch=e" };
  devices.edge.facts.isDraining = true;
  const steps: [number, string, () => void][] = [
    [503, "shutting_down", () => devices.edge.facts.isDraining = false],
    [403, "origin_refused", () => headers["origin"] = "https://good.example"],
    [426, "upgrade_required", () => headers["upgrade"] = "websocket"],
    [400, "bad_request", () => call.query = ""],
    [401, "unauthorized", () => delete headers["x-api-key"]],
  ];
  for (const [status, code, mend] of steps) {
    const response = await devices.ask(call);
    assert.equal(response.status, status);
    assert.equal((await response.json()).code, code);
    mend();
  }
  assert.equal(await (await devices.ask(call)).text(), "upgraded");
});

Deno.test("DeviceEndpoint keeps to the server's bounds", async () => {
  using devices = new DeviceWorld();
  for (let count = 0; count < 10; count++) {
    devices.edge.connections.reserve("x");
  }
  const response = await devices.ask();
  assert.equal((await response.json()).code, "too_many_connections");
});

Deno.test("DeviceEndpoint adds nothing that a device does not ask for", async () => {
  using devices = new DeviceWorld();
  const cases = [
    ["", false],
    ["envelope=false", false],
    ["envelope=", false],
    ["since=0", false],
    ["envelope=true", true],
    ["envelope=1", true],
    ["envelope=yes", true],
    ["since=0&epoch=other", true],
  ] as const;
  for (const [query, hasEnvelope] of cases) {
    const link = await devices.enter("d1", { query });
    const [room] = link.heard();
    assert.equal(room?.epoch !== undefined, hasEnvelope, query);
    link.drop();
  }
});

Deno.test("DeviceEndpoint acknowledges to who asks for it", async () => {
  using devices = new DeviceWorld();
  for (const [query, wanted] of [["", []], ["ack=yes", ["ack"]]] as const) {
    const link = await devices.enter("d1", { query });
    link.words();
    link.say({ "client_msg_id": "m1" });
    await devices.settle();
    assert.deepEqual(link.words(), wanted, query);
    link.drop();
  }
});

Deno.test("DeviceEndpoint batches by the query and by the subprotocol", async () => {
  using devices = new DeviceWorld();
  const header = { "sec-websocket-protocol": "parlor.v1.batch" };
  const cases = [
    [{}, false],
    [{ query: "batch=0" }, false],
    [{ query: "batch=true" }, true],
    [{ headers: header }, true],
  ] as const;
  for (const [call, wanted] of cases) {
    const link = await devices.upgrade(call);
    assert.equal(link.isBatched, wanted);
  }
  const protocols = devices.edge.links.map(({ options }) => options.protocol);
  assert.deepEqual(protocols, [
    undefined,
    undefined,
    undefined,
    "parlor.v1.batch",
  ]);
});

Deno.test("DeviceEndpoint drops nothing where a device could not be told of it", async () => {
  using devices = new DeviceWorld();
  const { softBytesMax, hardBytesMax } = devices.options.outbound;
  const sender = await devices.enter("d2");
  const link = await devices.enter("d1");
  link.words();
  const bytesMax = 4 * hardBytesMax;
  for (const bytes of [softBytesMax + 1, hardBytesMax + 1, bytesMax]) {
    link.socket.bufferedAmount = bytes;
    sender.say({ bytes });
    await devices.settle();
    assert.deepEqual(link.heard(), [{ bytes }]);
  }
  link.socket.bufferedAmount = bytesMax + 1;
  sender.say({ number: 3 });
  await devices.settle();
  assert.deepEqual(link.heard(), []);
  assert.deepEqual(link.closes, ["4008 slow_consumer"]);
});

Deno.test("DeviceEndpoint drops what it can tell of as a gap", async () => {
  using devices = new DeviceWorld();
  const { clock } = devices.edge.world;
  const { softBytesMax } = devices.options.outbound;
  const sender = await devices.enter("d2");
  for (const query of ["envelope=true", "since=0&epoch=other"]) {
    const link = await devices.enter("d1", { query });
    link.words();
    link.socket.bufferedAmount = softBytesMax + 1;
    sender.say({ number: 1 });
    await devices.settle();
    assert.deepEqual(link.heard(), []);
    link.socket.bufferedAmount = 0;
    await clock.advance(1000);
    assert.deepEqual(link.words(), ["gap"]);
    assert.deepEqual(link.closes, []);
    link.drop();
  }
});

Deno.test("DeviceEndpoint resumes where a device's knowledge ends", async () => {
  using devices = new DeviceWorld();
  const sender = await devices.enter("d2");
  for (let number = 1; number <= 3; number++) sender.say({ number });
  await devices.settle();
  const { epoch, lastSeq } = devices.edge.world.actor.state;
  const query = `since=${lastSeq - 1}&epoch=${epoch}`;
  const link = await devices.enter("d1", { query });
  const [room, ...missed] = link.heard();
  assert.equal(room?.recovered, true);
  assert.deepEqual(missed.map(({ data }) => data), [{ number: 3 }]);
});

Deno.test("DeviceEndpoint is nobody's presence, and has no heartbeats", async () => {
  using devices = new DeviceWorld();
  const link = await devices.enter("d1");
  link.words();
  await devices.edge.world.clock.advance(120_000);
  assert.deepEqual(link.words(), []);
  assert.deepEqual(devices.edge.presence.take(), []);
  assert.equal(devices.edge.world.clock.armed, 0);
});

Deno.test("DeviceEndpoint answers at any path", async () => {
  using devices = new DeviceWorld();
  for (const path of ["/", "/ws/devices", "/any/where"]) {
    const call = { ...newCall(), url: new URL(path, "http://parlor.test") };
    assert.equal(
      await (await devices.endpoint.answer(call)).text(),
      "upgraded",
    );
  }
});

/** The next text or binary frame. */
async function nextFrame(client: RawSocket): Promise<string | Uint8Array> {
  for (;;) {
    const frame = await client.readFrame();
    assert(frame, "the server hung up");
    const { opcode, payload } = frame;
    if (opcode === OPCODE.text) return new TextDecoder().decode(payload);
    if (opcode === OPCODE.binary) return payload;
  }
}

Deno.test("DeviceEndpoint speaks over a port of its own, text and binary", async () => {
  using devices = new DeviceWorld();
  const endpoint = new DeviceEndpoint({
    ...devices.options,
    upgrade: denoUpgrade,
  });
  const listener = listen({
    host: "127.0.0.1",
    port: 0,
    trustProxy: false,
    answer: (call) => endpoint.answer(call),
    log: devices.edge.world.log,
  });
  const clients: RawSocket[] = [];
  try {
    for (const deviceId of ["d1", "d2"]) {
      const client = await RawSocket.upgrade(`http://${listener.address}/`);
      clients.push(client);
      assert.match(String(await nextFrame(client)), /Connected successfully/);
      await client.writeFrame(
        OPCODE.text,
        JSON.stringify(identityOf(deviceId)),
      );
      const told = nextFrame(client);
      await turnsUntil(devices, told);
      assert.match(String(await told), /created_new: joined room r/);
    }
    const [sender, reader] = clients;
    assert(sender && reader);
    await sender.writeFrame(OPCODE.text, '{ "t" : 1.0 }');
    await sender.writeFrame(OPCODE.binary, new Uint8Array([0, 255]));
    const text = nextFrame(reader);
    await turnsUntil(devices, text);
    assert.equal(await text, '{ "t" : 1.0 }');
    const bytes = nextFrame(reader);
    await turnsUntil(devices, bytes);
    assert.deepEqual(await bytes, new Uint8Array([0, 255]));
  } finally {
    for (const client of clients) client[Symbol.dispose]();
    await devices.edge.connections.allClosed();
    await listener.stop();
  }
});

/** Gives the room its turns until something has arrived. */
async function turnsUntil(
  devices: DeviceWorld,
  arrival: Promise<unknown>,
): Promise<void> {
  let isThere = false;
  const seen = arrival.finally(() => isThere = true);
  while (!isThere) await devices.settle();
  await seen;
}
