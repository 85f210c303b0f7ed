import assert from "node:assert/strict";
import {
  DeviceClient,
  deviceUrl,
  expectQuiet,
  sensor,
} from "../support/device_client.ts";
import { START_AT } from "../support/fake_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

/** How long a room of devices is kept when nobody is there, in s. */
const TTL_SECS = 600;

/** Does what the calendar does each minute, so many seconds after the start. */
async function reapAt(app: TestApp, secs: number): Promise<void> {
  await app.idle();
  // A flush that saw time leap would think that the database hangs.
  await app.app.core.recorder.flushAll();
  await app.clock.advance(START_AT + secs * 1000 - app.clock.now());
  await app.runJob("reap");
  await app.idle();
}

/** Devices enter a new room and leave it. */
async function visited(
  app: TestApp,
  first: string,
  ...others: string[]
): Promise<string> {
  const host = await DeviceClient.enter(app.url, sensor(first));
  const clients = [host];
  for (const other of others) {
    const identity = sensor(other, host.roomId);
    clients.push(await DeviceClient.enter(app.url, identity));
  }
  for (const client of clients) await client.close();
  await app.expectConnections(0);
  await app.idle();
  return host.roomId;
}

function isLive(app: TestApp, roomId: string): boolean {
  return app.app.core.registry.get(roomId) !== undefined;
}

/** Why a room stays, or `due`. */
async function reasonOf(app: TestApp, roomId: string): Promise<string> {
  const { body } = await app.api(`GET /management/cleanup/${roomId}`);
  return body.reason;
}

/** The `message` of a device that comes back to a room that has ended. */
function metText(status: string, roomId: string, endedId: string): string {
  return `${status}: joined room ${roomId}; room ${endedId} has ended`;
}

Deno.test("A room that nobody is in is ended by the job after 10 minutes, and not before", async () => {
  await using app = await newTestApp();
  const roomId = await visited(app, "1", "2");
  await reapAt(app, TTL_SECS - 0.001);
  assert(isLive(app, roomId));
  assert.equal(await reasonOf(app, roomId), "emptied_recently");
  await reapAt(app, TTL_SECS);
  assert(!isLive(app, roomId));
});

Deno.test("Devices of a room that has ended meet in one new room, by home and by its old id, and are told so", async () => {
  await using app = await newTestApp();
  const oldId = await visited(app, "1", "2", "3");
  await reapAt(app, TTL_SECS);
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  const { roomId } = one;
  assert.match(roomId, /^[A-Z0-9]{8}$/);
  assert.notEqual(roomId, oldId);
  assert.deepEqual(one.room, {
    type: "room",
    "room_id": roomId,
    status: "created_new",
    message: metText("created_new", roomId, oldId),
  });
  await using two = await DeviceClient.enter(app.url, sensor("2", oldId));
  await using three = await DeviceClient.enter(app.url, sensor("3"));
  await using stranger = await DeviceClient.enter(app.url, sensor("4", oldId));
  const cases = [
    [two, "joined_existing"],
    [three, "reconnected"],
    [stranger, "joined_existing"],
  ] as const;
  for (const [client, status] of cases) {
    assert.equal(client.roomId, roomId);
    assert.equal(client.status, status);
    assert.equal(client.message, metText(status, roomId, oldId));
  }
  one.sendText('"we meet again"');
  for (const client of [two, three, stranger]) {
    await client.expectText('"we meet again"');
  }
  // From now on it is where they are at home: nothing has ended for them.
  await using again = await DeviceClient.enter(app.url, sensor("2"));
  assert.equal(again.message, `reconnected: joined room ${roomId}`);
  await expectQuiet(one, two, three, stranger, again);
});

Deno.test("Rooms that end one after another are one line, across restarts too", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  const ids: string[] = [];
  {
    await using app = await newTestApp(settings);
    ids.push(await visited(app, "1", "2", "3"));
    await reapAt(app, TTL_SECS);
    ids.push(await visited(app, "2"));
    await reapAt(app, 2 * TTL_SECS);
    assert.deepEqual(ids.map((id) => isLive(app, id)), [false, false]);
  }
  let thirdId: string;
  {
    await using app = await newTestApp(settings);
    // One has missed the second room, one names the first, one the second.
    await using one = await DeviceClient.enter(app.url, sensor("1"));
    thirdId = one.roomId;
    assert.equal(one.status, "created_new");
    const first = ids[0] ?? "";
    assert.equal(one.message, metText("created_new", thirdId, first));
    await using two = await DeviceClient.enter(app.url, sensor("2"));
    await using three = await DeviceClient.enter(app.url, sensor("3", first));
    await using four = await DeviceClient.enter(app.url, sensor("4", ids[1]));
    const there = [two, three, four].map(({ roomId }) => roomId);
    assert.deepEqual(there, [thirdId, thirdId, thirdId]);
  }
  await using app = await newTestApp(settings);
  await using five = await DeviceClient.enter(app.url, sensor("5", ids[0]));
  assert.deepEqual([five.roomId, five.status], [thirdId, "joined_existing"]);
});

Deno.test("Devices that come back all at once to a room that has ended are in one new room", async () => {
  await using app = await newTestApp();
  const names = Array.from({ length: 12 }, (_, index) => `d${index}`);
  const [first = "", ...others] = names;
  const oldId = await visited(app, first, ...others);
  await reapAt(app, TTL_SECS);
  const clients = await Promise.all(names.map((name, index) => {
    const identity = index % 2 === 0 ? sensor(name) : sensor(name, oldId);
    return DeviceClient.enter(app.url, identity);
  }));
  assert.equal(new Set(clients.map(({ roomId }) => roomId)).size, 1);
  const made = clients.filter(({ status }) => status === "created_new");
  assert.equal(made.length, 1);
  for (const { message } of clients) {
    assert(message.endsWith(`; room ${oldId} has ended`), message);
  }
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("Devices that come while the job runs are together in a room that goes on", async () => {
  await using app = await newTestApp();
  const rooms: string[] = [];
  for (let index = 0; index < 10; index++) {
    rooms.push(await visited(app, `a${index}`, `b${index}`));
  }
  await app.app.core.recorder.flushAll();
  await app.clock.advance(TTL_SECS * 1000);
  const [, ...clients] = await Promise.all([
    app.runJob("reap"),
    ...rooms.flatMap((_, index) => [
      DeviceClient.enter(app.url, sensor(`a${index}`)),
      DeviceClient.enter(app.url, sensor(`b${index}`)),
    ]),
  ]);
  await app.idle();
  for (const client of clients) {
    // A room that it was in for a moment may have ended: it is told so.
    assert(isLive(app, client.roomId), client.message);
    assert.equal((await client.query()).total_clients, 2, client.message);
  }
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("A room with a device in it goes on, however silent, and its time begins anew", async () => {
  await using app = await newTestApp();
  const roomId = await visited(app, "1");
  {
    await using one = await DeviceClient.enter(app.url, sensor("1"));
    await reapAt(app, 7200);
    assert.equal(await reasonOf(app, roomId), "connected");
    assert.equal((await one.query()).room_id, roomId);
  }
  await app.expectConnections(0);
  await reapAt(app, 7200 + TTL_SECS - 1);
  assert(isLive(app, roomId));
  await reapAt(app, 7200 + TTL_SECS);
  assert(!isLive(app, roomId));
});

Deno.test("DEVICE_ROOM_TTL_MINUTES says after how long a room ends, and 0 is never", async () => {
  {
    await using app = await newTestApp({ DEVICE_ROOM_TTL_MINUTES: "20" });
    const roomId = await visited(app, "1");
    await reapAt(app, 1199);
    assert(isLive(app, roomId));
    await reapAt(app, 1200);
    assert(!isLive(app, roomId));
  }
  await using app = await newTestApp({ DEVICE_ROOM_TTL_MINUTES: "0" });
  const roomId = await visited(app, "1");
  await reapAt(app, 7200);
  assert(isLive(app, roomId));
  assert.equal(await reasonOf(app, roomId), "auto_close_off");
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  assert.equal(one.message, `reconnected: joined room ${roomId}`);
});

Deno.test("Devices of a room that the operator ends are told, and meet again in another", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  const endedId = one.roomId;
  const { status } = await app.api(`DELETE /management/rooms/${endedId}`);
  assert.equal(status, 204);
  for (const client of [one, two]) {
    assert.deepEqual(await client.expectFrame("error"), {
      type: "error",
      message: "This room has ended: connect again for another",
      code: "room_followed",
    });
    await client.expectClosed(4003);
  }
  await using three = await DeviceClient.enter(app.url, sensor("3", endedId));
  const { roomId } = three;
  assert.equal(three.message, metText("created_new", roomId, endedId));
  await using again = await DeviceClient.enter(app.url, sensor("1"));
  assert.equal(again.message, metText("reconnected", roomId, endedId));
});

Deno.test("A room that was named is followed by one with an id of its own", async () => {
  await using app = await newTestApp({ DEVICE_CREATE_NAMED_ROOMS: "true" });
  {
    await using _one = await DeviceClient.enter(app.url, sensor("1", "hall"));
  }
  await app.expectConnections(0);
  await reapAt(app, TTL_SECS);
  assert(!isLive(app, "hall"));
  await using one = await DeviceClient.open(deviceUrl(app.url));
  one.identify(sensor("1", "hall"));
  await one.expectRoom();
  assert.match(one.roomId, /^[A-Z0-9]{8}$/);
  assert.equal(one.message, metText("created_new", one.roomId, "hall"));
  await using two = await DeviceClient.enter(app.url, sensor("2", "hall"));
  assert.equal(two.roomId, one.roomId);
});
