import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { STORAGE_RETRY_MS } from "../../src/room/room_state.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { type DeviceLink, DeviceWorld, identityOf } from "./device_world.ts";

/** A device that is in no room, since there is no database. */
async function newAdrift(query = ""): Promise<{
  readonly devices: DeviceWorld;
  readonly link: DeviceLink;
}> {
  const devices = new DeviceWorld();
  devices.assign = () => Promise.reject(new StoreError("busy", "/var/lib"));
  return { devices, link: await devices.enter("d1", { query }) };
}

Deno.test("adriftInbound() leaves a device alone in a room that is not kept", async () => {
  const { devices, link } = await newAdrift();
  using _ = devices;
  assert.deepEqual(link.heard(), [{
    type: "room",
    "room_id": "ADRIFT00",
    status: "error",
    message: "error: joined room ADRIFT00",
  }]);
  link.say({ type: "query_room" });
  assert.deepEqual(link.heard(), [{
    type: "room_info",
    "room_id": "ADRIFT00",
    "total_clients": 1,
    clients: [],
  }]);
  assert.deepEqual(devices.homes, []);
  assert.equal(devices.connections.deviceCount, 0);
});

Deno.test("adriftInbound() refuses each message, by its name", async () => {
  const { devices, link } = await newAdrift("ack=1");
  using _ = devices;
  link.words();
  link.say({ temperature: 21 });
  link.say({ "client_msg_id": "m1" });
  link.sendBytes(new Uint8Array(3));
  link.say("{");
  assert.deepEqual(
    link.heard().map((
      { client_msg_id: name, code, retry_after_ms: ms },
    ) => [code, ms, name]),
    [
      ["storage_unavailable", STORAGE_RETRY_MS, undefined],
      ["storage_unavailable", STORAGE_RETRY_MS, "m1"],
      ["storage_unavailable", STORAGE_RETRY_MS, undefined],
      ["bad_json", undefined, undefined],
    ],
  );
});

Deno.test("DeviceAttendance tries again every 5 s while a device is adrift", async () => {
  const { devices, link } = await newAdrift();
  using _ = devices;
  const { actor, clock } = devices.edge.world;
  link.words();
  await clock.advance(STORAGE_RETRY_MS - 1);
  assert.equal(devices.asked.length, 1);
  await clock.advance(1);
  assert.equal(devices.asked.length, 2);
  devices.assign = () => Promise.reject(new ChatError("storage_unavailable"));
  await clock.advance(STORAGE_RETRY_MS);
  assert.deepEqual(link.words(), []);
  devices.assign = () =>
    Promise.resolve({ room: actor, status: "reconnected" });
  await clock.advance(STORAGE_RETRY_MS);
  await devices.settle();
  assert.deepEqual(link.words(), ["room reconnected"]);
  assert.deepEqual(devices.homes, ["d1 in r"]);
  link.say({ type: "query_room" });
  await devices.settle();
  assert.equal(link.heard()[0]?.["room_id"], "r");
  await clock.advance(STORAGE_RETRY_MS * 3);
  assert.equal(devices.asked.length, 4);
});

Deno.test("DeviceAttendance lets a device that is adrift go once no room is to be had", async () => {
  const { devices, link } = await newAdrift();
  using _ = devices;
  devices.assign = () => Promise.reject(new ChatError("too_many_rooms"));
  await devices.edge.world.clock.advance(STORAGE_RETRY_MS);
  assert.deepEqual(link.words(), ["room error", "error too_many_rooms"]);
  assert.deepEqual(link.closes, ["4015 too_many_rooms"]);
});

Deno.test("DeviceAttendance leaves no timer behind a device that was adrift", async () => {
  const { devices, link } = await newAdrift();
  using _ = devices;
  const { clock } = devices.edge.world;
  assert.equal(clock.armed, 1);
  link.drop();
  assert.equal(clock.armed, 0);
  assert.equal(devices.disconnectCount, 0);
});

Deno.test("DeviceAttendance has a device adrift whose room cannot record that it joins", async () => {
  using devices = new DeviceWorld();
  const { clock, recorder } = devices.edge.world;
  recorder.isStorable = false;
  const link = await devices.connect();
  link.say(identityOf("d1"));
  link.say({ "said early": true });
  await devices.settle();
  assert.deepEqual(link.words(), ["room error", "error storage_unavailable"]);
  recorder.isStorable = true;
  await clock.advance(STORAGE_RETRY_MS);
  await devices.settle();
  assert.deepEqual(link.words(), ["room created_new"]);
  const other = await devices.enter("d2");
  link.say({ "said inside": true });
  await devices.settle();
  assert.deepEqual(other.heard().at(-1), { "said inside": true });
});
