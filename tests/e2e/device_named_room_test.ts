// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  DeviceClient,
  deviceUrl,
  expectQuiet,
  sensor,
} from "../support/device_client.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const NAMED = { DEVICE_CREATE_NAMED_ROOMS: "true" };

/** Names a room that the server refuses to open. */
async function assertNoRoom(
  app: TestApp,
  roomId: unknown,
  shown = `${roomId}`,
): Promise<void> {
  await using one = await DeviceClient.open(deviceUrl(app.url));
  one.sendJson({ ...sensor("guest"), room_id: roomId });
  assert.deepEqual(await one.expectFrame("error"), {
    type: "error",
    message: `Room ${shown} does not exist`,
    code: "room_not_found",
  });
  await one.expectClosed(1000);
}

Deno.test("A room id that nobody has is refused, and no room is made of it", async () => {
  await using app = await newTestApp();
  for (const roomId of ["ABC12345", "kitchen", "a b", "0"]) {
    await assertNoRoom(app, roomId);
    await assertNoRoom(app, roomId);
  }
  await assertNoRoom(app, 12345678901234, "12345678901234");
  await assertNoRoom(app, "é".repeat(200), "é".repeat(128));
  assert.deepEqual((await app.api("GET /management/rooms")).body, []);
  const { body } = await app.api("GET /management/devices");
  assert.deepEqual(body.devices, []);
});

Deno.test("DEVICE_ROOMS_MAX bounds the rooms of devices, and those that there are take more", async () => {
  await using app = await newTestApp({ DEVICE_ROOMS_MAX: "2" });
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2"));
  {
    await using third = await DeviceClient.open(deviceUrl(app.url));
    third.identify(sensor("3"));
    assert.deepEqual(await third.expectFrame("error"), {
      type: "error",
      message: "The server holds as many rooms as it may",
      code: "too_many_rooms",
    });
    await third.expectClosed(4015);
  }
  await using third = await DeviceClient.enter(
    app.url,
    sensor("3", one.roomId),
  );
  assert.equal(third.status, "joined_existing");
  await app.createRoom();
  await app.api(`DELETE /management/rooms/${two.roomId}`);
  await using four = await DeviceClient.enter(app.url, sensor("4"));
  assert.equal(four.status, "created_new");
});

Deno.test("A room of another kind cannot be entered by its id", async () => {
  await using app = await newTestApp(NAMED);
  const roomId = await app.createRoom();
  await assertNoRoom(app, roomId);
  await app.api(`DELETE /management/rooms/${roomId}`);
  await assertNoRoom(app, roomId);
  await assertNoRoom(app, "public-room");
});

Deno.test("With DEVICE_CREATE_NAMED_ROOMS the first device makes the room, and the next ones join it", async () => {
  await using app = await newTestApp(NAMED);
  await using one = await DeviceClient.enter(app.url, sensor("1", "kitchen_1"));
  assert.deepEqual([one.roomId, one.status], ["kitchen_1", "created_new"]);
  await using two = await DeviceClient.enter(app.url, sensor("2", "kitchen_1"));
  assert.deepEqual([two.roomId, two.status], ["kitchen_1", "joined_existing"]);
  one.sendText("1");
  await two.expectText("1");
  await using again = await DeviceClient.enter(app.url, sensor("1"));
  assert.deepEqual([again.roomId, again.status], ["kitchen_1", "reconnected"]);
  await expectQuiet(one, two);
});

Deno.test("With DEVICE_CREATE_NAMED_ROOMS many that name one room at once are in one room", async () => {
  await using app = await newTestApp(NAMED);
  const clients = await Promise.all(
    Array.from(
      { length: 20 },
      (_, index) => DeviceClient.enter(app.url, sensor(`d${index}`, "hall")),
    ),
  );
  const statuses = clients.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [
    "created_new",
    ...Array.from({ length: 19 }, () => "joined_existing"),
  ]);
  const [first] = clients;
  assert(first);
  assert.equal((await first.query()).total_clients, 20);
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("With DEVICE_CREATE_NAMED_ROOMS a name has 1 to 64 characters that a path can hold", async () => {
  await using app = await newTestApp(NAMED);
  const longest = "x".repeat(64);
  for (const roomId of ["a", "-", "Kitchen-2_b", longest]) {
    await using one = await DeviceClient.enter(app.url, sensor("1", roomId));
    assert.deepEqual([one.roomId, one.status], [roomId, "created_new"]);
  }
  const refused = [`${longest}x`, "küche", "a b", "a/b", "a.b", "a\n", "😀"];
  for (const roomId of refused) await assertNoRoom(app, roomId);
  const number = { ...sensor("1"), room_id: 42 };
  await using one = await DeviceClient.enter(app.url, number);
  assert.deepEqual([one.roomId, one.status], ["42", "created_new"]);
});
