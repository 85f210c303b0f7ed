import assert from "node:assert/strict";
import { DeviceClient } from "./support/device_client.ts";
import { newTestApp } from "./support/test_app.ts";

const IDENTITY = { "device_id": "d1", identity: "sensor" };

Deno.test("newDevices finds live device rooms, and no other room", async () => {
  await using app = await newTestApp();
  const { devices } = app.app.core;
  const managed = await app.createRoom();
  await assert.rejects(
    devices.assigner.assign({
      deviceId: "d1",
      identity: "sensor",
      roomId: managed,
    }),
    { code: "room_not_found", message: `Room ${managed} does not exist` },
  );
  const made = await devices.assigner.assign({
    deviceId: "d1",
    identity: "sensor",
  });
  assert.equal(made.status, "created_new");
  assert.equal(made.room.facts().kind, "device");
  const named = await devices.assigner.assign({
    deviceId: "d2",
    identity: "phone",
    roomId: made.room.id,
  });
  assert.equal(named.status, "joined_existing");
  assert.equal(named.room, made.room);
});

Deno.test("newDevices leaves the names of public rooms to people", async () => {
  await using app = await newTestApp({ DEVICE_CREATE_NAMED_ROOMS: "true" });
  const { assigner } = app.app.core.devices;
  const device = { deviceId: "d1", identity: "sensor" };
  for (const roomId of ["general", "test-room-1"]) {
    await assert.rejects(assigner.assign({ ...device, roomId }), {
      code: "room_not_found",
    });
  }
  const { room } = await assigner.assign({ ...device, roomId: "GATE_7" });
  assert.equal(room.id, "GATE_7");
});

Deno.test("newDevices makes so many device rooms, and leaves room for others", async () => {
  await using app = await newTestApp({ DEVICE_ROOMS_MAX: "1" });
  const { assigner } = app.app.core.devices;
  const first = await assigner.assign({ deviceId: "d1", identity: "sensor" });
  const second = { deviceId: "d2", identity: "sensor" };
  await assert.rejects(assigner.assign(second), { code: "too_many_rooms" });
  await app.createRoom();
  await first.room.operate({ type: "end", reason: "closed" });
  await assigner.assign(second);
});

Deno.test("newDevices counts what devices send and who it is for", async () => {
  await using app = await newTestApp();
  const { devices } = app.app.core;
  await using first = await DeviceClient.enter(app.url, IDENTITY);
  await using second = await DeviceClient.enter(app.url, {
    ...IDENTITY,
    room_id: first.roomId,
  });
  assert.deepEqual(await devices.traffic.relayed(), { in: 0, out: 0 });
  first.sendText("1");
  await second.expectText("1");
  first.sendBinary(new Uint8Array([1, 2]));
  await second.expectBinary();
  await app.idle();
  assert.deepEqual(await devices.traffic.relayed(), { in: 2, out: 2 });
  const { body } = await app.api("GET /metrics");
  assert.match(body, /^parlor_devices 1$/m);
});
