import assert from "node:assert/strict";
import { ChatUser, liveRooms } from "../support/chat_user.ts";
import { chat, type LiveWorld, newLiveWorld } from "../support/live_world.ts";
import { refusedUpgrade } from "../support/raw_socket.ts";
import { KEY_HEADERS } from "../support/test_app.ts";
import { roomUrl } from "../support/ws_client.ts";

/** An id that no room has or had. */
const NOBODYS = "00000000-0000-4000-8000-000000000000";

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
function sameOf(body: unknown, id: string): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll(NOBODYS, id));
}

/** Asserts that an id is for users as one that never was. */
async function assertHidden(
  { app }: LiveWorld,
  ann: ChatUser,
  id: string,
): Promise<void> {
  const names = { "user_id": "ann", nickname: "Ann" };
  const upgrades = [
    [(id: string) => roomUrl(app.url, id, names), {}],
    [(id: string) => roomUrl(app.url, id, names), KEY_HEADERS],
    [(id: string) => `${app.url}/ws/chat/${id}/`, ann.headers],
  ] as const;
  for (const [urlOf, headers] of upgrades) {
    const wanted = await refusedUpgrade(urlOf(NOBODYS), headers);
    const found = await refusedUpgrade(urlOf(id), headers);
    assert.equal(found.status, 404);
    assert.deepEqual(found.body, sameOf(wanted.body, id));
  }
  for (const line of TOOLS) {
    const request = line.startsWith("POST") ? { body: { content: "hi" } } : {};
    const wanted = await ann.api(line.replace("ID", NOBODYS), request);
    const found = await ann.api(line.replace("ID", id), request);
    assert.deepEqual(
      [found.status, found.body],
      [wanted.status, sameOf(wanted.body, id)],
      line,
    );
    assert(found.status >= 400, line);
  }
  for (const path of PAGES) {
    const [wanted, found] = await Promise.all(
      [NOBODYS, id].map(async (id) => {
        const response = await fetch(app.url + path.replace("ID", id), {
          headers: ann.headers,
          redirect: "manual",
        });
        await response.body?.cancel();
        return [response.status, response.headers.get("location")];
      }),
    );
    assert.deepEqual(found, sameOf(wanted, id), path);
  }
}

Deno.test("Users find a live room by no other dialect, call or page, neither by its id nor by its live id", async () => {
  await using world = await newLiveWorld({ settings: { LIVE_CHAT: "true" } });
  const connection = await world.start("77");
  connection.send(chat("hello"));
  await world.expectKept("77", 1);
  const { room_id: roomId } = await world.ask("77");
  const ann = await ChatUser.logIn(world.app.url, "ann");
  await using viewer = await world.watch("77");
  for (const id of [roomId, "77"]) await assertHidden(world, ann, id);
  assert.deepEqual(await ann.activeRooms(), []);
  await viewer.caughtUp();
  assert.deepEqual(viewer.contents, []);
  assert.equal((await world.ask("77")).last_seq, 1);
  await world.app.api(`DELETE /management/rooms/${roomId}`);
  await viewer.expectClosed(4003);
  await assertHidden(world, ann, roomId);
});

Deno.test("A user who makes a room of a live id's name has one of their own", async () => {
  await using world = await newLiveWorld();
  await world.start("hall");
  const { room_id: roomId } = await world.ask("hall");
  const ann = await ChatUser.logIn(world.app.url, "ann");
  const made = await ann.ask("POST chat/create-room/", { "room_name": "hall" });
  assert.notEqual(made.room_id, roomId);
  const all = await liveRooms(world.app.url);
  assert.deepEqual(all.sort(), [roomId, made.room_id].sort());
});

Deno.test("A live room's own id is no live id, and no other room is watched as one", async () => {
  await using world = await newLiveWorld();
  await world.start("77");
  const { room_id: roomId } = await world.ask("77");
  const lounge = await world.app.createRoom();
  for (const id of [roomId, lounge]) {
    const refused = await refusedUpgrade(`${world.app.url}/ws/live/${id}`, {});
    assert.equal(refused.status, 404);
    for (const path of ["", "/messages"]) {
      const answer = await world.app.api(`GET /api/live/${id}${path}`);
      assert.equal(answer.status, 404, path);
    }
  }
});
