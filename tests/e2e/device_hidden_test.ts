import assert from "node:assert/strict";
import { ChatUser, liveRooms } from "../support/chat_user.ts";
import { DeviceClient, expectQuiet, sensor } from "../support/device_client.ts";
import { refusedUpgrade } from "../support/raw_socket.ts";
import { KEY_HEADERS, newTestApp, type TestApp } from "../support/test_app.ts";
import { roomUrl } from "../support/ws_client.ts";

/** An id that no room has or had. */
const NOBODYS = "NOTTHERE";

/** What a user may ask of a room by its id. */
const TOOLS = [
  "GET chat/ID/messages/",
  "GET chat/ID/participants/",
  "GET chat/ID/online_users/",
  "POST chat/ID/send/",
  "POST chat/ID/mark-read/",
  "POST chat/ID/mark_read/",
  "POST chat/ID/delete-message/1/",
  "POST chat/ID/send-file/",
];

/** The pages that lead to a room. */
const PAGES = ["/tools/heart_link/chat/ID/", "/tools/chat/enhanced/ID/"];

/** The same answer about another room. */
function sameOf(body: unknown, roomId: string): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll(NOBODYS, roomId));
}

/** Asserts that a room is for users as one that never was. */
async function assertHidden(
  app: TestApp,
  ann: ChatUser,
  roomId: string,
): Promise<void> {
  const names = { "user_id": "ann", nickname: "Ann" };
  const upgrades = [
    [(id: string) => roomUrl(app.url, id, names), {}],
    [(id: string) => roomUrl(app.url, id, names), KEY_HEADERS],
    [(id: string) => `${app.url}/ws/chat/${id}/`, ann.headers],
  ] as const;
  for (const [urlOf, headers] of upgrades) {
    const wanted = await refusedUpgrade(urlOf(NOBODYS), headers);
    const found = await refusedUpgrade(urlOf(roomId), headers);
    assert.equal(found.status, 404);
    assert.equal(found.status, wanted.status);
    assert.deepEqual(found.body, sameOf(wanted.body, roomId));
  }
  for (const line of TOOLS) {
    const request = line.startsWith("POST") ? { body: { content: "hi" } } : {};
    const wanted = await ann.api(line.replace("ID", NOBODYS), request);
    const found = await ann.api(line.replace("ID", roomId), request);
    assert.deepEqual(
      [found.status, found.body],
      [wanted.status, sameOf(wanted.body, roomId)],
      line,
    );
    assert(found.status >= 400, line);
  }
  for (const path of PAGES) {
    const [wanted, found] = await Promise.all(
      [NOBODYS, roomId].map((id) => pageOf(app, ann, path.replace("ID", id))),
    );
    assert.deepEqual(found, sameOf(wanted, roomId), path);
  }
}

/** The status of a page, and where it leads. */
async function pageOf(app: TestApp, { headers }: ChatUser, path: string) {
  const response = await fetch(`${app.url}${path}`, {
    headers,
    redirect: "manual",
  });
  await response.body?.cancel();
  return [response.status, response.headers.get("location")];
}

Deno.test("Users find a device room by no dialect, call or page, as if it had never been", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  const { roomId } = one;
  one.sendText('"hello"');
  const ann = await ChatUser.logIn(app.url, "ann");
  await assertHidden(app, ann, roomId);
  assert.deepEqual(await ann.activeRooms(), []);
  await expectQuiet(one);
  await app.api(`DELETE /management/rooms/${roomId}`);
  await one.expectClosed(4003);
  await assertHidden(app, ann, roomId);
});

Deno.test("A user who makes a room of a device room's name gets another one", async () => {
  await using app = await newTestApp({ DEVICE_CREATE_NAMED_ROOMS: "true" });
  await using one = await DeviceClient.enter(app.url, sensor("1", "hall"));
  const ann = await ChatUser.logIn(app.url, "ann");
  const made = await ann.ask("POST chat/create-room/", { "room_name": "hall" });
  assert.notEqual(made.room_id, "hall");
  assert.deepEqual((await liveRooms(app.url)).sort(), ["hall", made.room_id]);
  // The other way round: the devices' room is not the users'.
  await using two = await DeviceClient.enter(app.url, sensor("2", "hall"));
  assert.equal((await two.query()).total_clients, 2);
  await expectQuiet(one, two);
});

Deno.test("A user of the same id has nothing to do with a device", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("ann"));
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const path = "/management/devices/ann";
  const { body } = await app.api(`GET ${path}`);
  assert.deepEqual([body.connections, body.room_id], [1, one.roomId]);
  assert.equal(body.history.length, 1);
  await app.api(`POST ${path}/disconnect`);
  await one.expectClosed(4002);
  ann.sendChat("still here");
  await ann.expectChat("still here");
});
