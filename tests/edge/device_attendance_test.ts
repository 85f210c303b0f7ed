import assert from "node:assert/strict";
import {
  WAITING_BYTES_MAX,
  WAITING_FRAMES_MAX,
} from "../../src/edge/early_frames.ts";
import { settle } from "../support/fake_clock.ts";
import { DeviceWorld, IDENTITY_MS, identityOf } from "./device_world.ts";
import { CLIENT_LIMITS } from "./edge_world.ts";

Deno.test("DeviceAttendance speaks first", async () => {
  using devices = new DeviceWorld();
  const link = await devices.upgrade();
  assert.deepEqual(link.words(), []);
  link.open();
  assert.deepEqual(link.heard(), [
    { type: "connection", message: "Connected successfully" },
  ]);
});

Deno.test("DeviceAttendance takes the identity as text or as bytes", async () => {
  using devices = new DeviceWorld();
  const link = await devices.connect();
  const text = JSON.stringify(identityOf("d1"));
  link.sendBytes(new TextEncoder().encode(text));
  await devices.settle();
  assert.deepEqual(link.words(), ["room created_new"]);
});

Deno.test("DeviceAttendance refuses a first frame that is no identity", async () => {
  const cases = [
    ["{", "identity_invalid", "Invalid JSON format for identity"],
    ["[1]", "identity_invalid", "Invalid JSON format for identity"],
    ["7", "identity_invalid", "Invalid JSON format for identity"],
    ['{"device_id":"d"}', "identity_missing", "Missing identity field"],
    ['{"identity":"i"}', "device_id_missing", "Missing device_id field"],
  ] as const;
  for (const [text, code, message] of cases) {
    using devices = new DeviceWorld();
    const link = await devices.connect();
    link.say(text);
    assert.deepEqual(link.heard(), [{ type: "error", message, code }]);
    assert.deepEqual(link.closes, [`1000 ${code}`]);
    assert.equal(devices.edge.world.clock.armed, 0);
    link.say(identityOf("d1"));
    await settle();
    assert.deepEqual(devices.asked, []);
  }
});

Deno.test("DeviceAttendance ends a connection whose identity is late or too large", async () => {
  using devices = new DeviceWorld();
  const { clock } = devices.edge.world;
  const late = await devices.connect();
  await clock.advance(IDENTITY_MS - 1);
  assert.deepEqual(late.closes, []);
  await clock.advance(1);
  assert.deepEqual(late.heard(), [{
    type: "error",
    message: "No identity came in time",
    code: "identity_timeout",
  }]);
  assert.deepEqual(late.closes, ["4016 identity_timeout"]);
  const large = await devices.connect();
  const identity = "x".repeat(CLIENT_LIMITS.frameBytesMax);
  large.say(identityOf("d1", { identity }));
  assert.deepEqual(large.closes, ["1009 frame_too_large"]);
  assert.equal(clock.armed, 0);
});

Deno.test("DeviceAttendance waits for no identity that has come", async () => {
  using devices = new DeviceWorld();
  const link = await devices.enter("d1");
  await devices.edge.world.clock.advance(IDENTITY_MS);
  assert.deepEqual(link.closes, []);
  assert.equal(devices.edge.world.clock.armed, 0);
});

Deno.test("DeviceAttendance relays what came while the room was found, in order", async () => {
  using devices = new DeviceWorld();
  const other = await devices.enter("d2");
  other.words();
  const found = Promise.withResolvers<void>();
  const { assign } = devices;
  devices.assign = async (identity, opens) => {
    await found.promise;
    return await assign(identity, opens);
  };
  const link = await devices.connect();
  link.say(identityOf("d1"));
  link.say({ number: 1 });
  link.sendBytes(new Uint8Array([2]));
  await settle();
  link.say({ number: 3 });
  found.resolve();
  await settle();
  // Its join waits for the room's turn by now.
  link.say({ number: 4 });
  await devices.settle();
  link.say({ number: 5 });
  await devices.settle();
  assert.deepEqual(other.heard(), [
    { number: 1 },
    { number: 3 },
    { number: 4 },
    { number: 5 },
  ]);
  assert.deepEqual(other.socket.binaries, [new Uint8Array([2])]);
  assert.deepEqual(link.words(), ["room created_new"]);
});

Deno.test("DeviceAttendance takes a second identity for a message like any other", async () => {
  using devices = new DeviceWorld();
  const other = await devices.enter("d2");
  other.words();
  const link = await devices.connect();
  link.say(identityOf("d1"));
  link.say(identityOf("d9"));
  await devices.settle();
  link.say(identityOf("d9"));
  await devices.settle();
  assert.deepEqual(other.heard(), [identityOf("d9"), identityOf("d9")]);
  assert.equal(devices.asked.length, 2);
});

Deno.test("DeviceAttendance answers busy to what finds no place before the room is there", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom();
  const link = await devices.enter("d1");
  for (let count = 1; count <= WAITING_FRAMES_MAX; count++) link.say({ count });
  assert.deepEqual(link.words(), []);
  link.say({ count: "one too many" });
  const [refusal] = link.heard();
  assert.equal(refusal?.code, "busy");
  assert.equal(refusal?.retry_after_ms, 1000);
  assert.deepEqual(link.closes, []);
  assert.deepEqual(room.kinds, ["join"]);
  const { body } = await devices.edge.world.metrics.text();
  assert.match(body, /parlor_refusals_total\{code="busy"\} 1/);
});

Deno.test("DeviceAttendance keeps large frames up to its bound", async () => {
  using devices = new DeviceWorld({
    endpoint: { frameBytesMax: 2 * WAITING_BYTES_MAX },
  });
  devices.fakeRoom();
  const link = await devices.enter("d1");
  link.sendBytes(new Uint8Array(WAITING_BYTES_MAX));
  assert.deepEqual(link.words(), []);
  link.sendBytes(new Uint8Array(1));
  assert.deepEqual(link.words(), ["error busy"]);
});

Deno.test("DeviceAttendance lets it be known who is connected, until it is gone", async () => {
  using devices = new DeviceWorld();
  const link = await devices.enter("d1");
  const [connection] = devices.connections.of("d1");
  assert(connection);
  const { end: _, ...facts } = connection;
  const [session] = devices.edge.connections.sessions();
  assert.deepEqual(facts, {
    deviceId: "d1",
    sessionId: session?.id,
    identity: "sensor",
    ip: "10.0.0.1",
    roomId: "r",
    connectedAt: devices.edge.world.clock.now(),
  });
  link.drop();
  await devices.settle();
  assert.equal(devices.connections.deviceCount, 0);
  assert.equal(devices.disconnectCount, 1);
  const { presence } = devices.edge.world.actor.state;
  assert.equal(presence.isHere("d1"), false);
});

Deno.test("DeviceAttendance ends a connection on the operator's word", async () => {
  using devices = new DeviceWorld();
  const link = await devices.enter("d1");
  link.words();
  assert.equal(devices.connections.disconnect("d1"), 1);
  assert.deepEqual(link.words(), ["error disconnected"]);
  assert.deepEqual(link.closes, ["4002 disconnected"]);
  assert.equal(devices.connections.deviceCount, 0);
  await devices.settle();
  assert.equal(devices.edge.world.actor.state.presence.userCount, 0);
});

Deno.test("DeviceAttendance tells a room nothing that the room did itself", async () => {
  using devices = new DeviceWorld();
  const link = await devices.enter("d1");
  const { actor } = devices.edge.world;
  const ending = actor.operate({ type: "end", reason: "closed" });
  await devices.settle();
  await ending;
  assert.deepEqual(link.closes, ["4003 room_followed"]);
  assert.equal(actor.depth, 0);
  assert.equal(devices.connections.deviceCount, 0);
});
