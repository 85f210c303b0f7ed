import assert from "node:assert/strict";
import { chatUrl } from "../support/chat_client.ts";
import { ChatUser, logInAll } from "../support/chat_user.ts";
import { refusedUpgrade } from "../support/raw_socket.ts";
import { newTestApp } from "../support/test_app.ts";

Deno.test("Public rooms are there for whoever is logged in, from the first visit", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  const bob = await ChatUser.logIn(app.url, "bob");
  const ids = ["public-room", "general", "chat", "random", "test-room-1"];
  for (const id of ids) {
    const before = await ann.api(`GET chat/${id}/participants/`);
    assert.equal(before.status, 404);
    await using annIn = await ann.enter(id);
    await using bobIn = await bob.enter(id, { hasSlash: false });
    bobIn.say(`hello ${id}`);
    await annIn.expectChat(`hello ${id}`);
  }
  const { rooms } = await ann.ask("GET chat/active-rooms/");
  const listed = rooms.map(({ room_id }: { room_id: string }) => room_id);
  assert.deepEqual(new Set(listed), new Set(ids));
  const stranger = await refusedUpgrade(chatUrl(app.url, "test-room-2"));
  assert.equal(stranger.status, 401);
  const other = await refusedUpgrade(
    chatUrl(app.url, "generally"),
    ann.headers,
  );
  assert.equal(other.status, 404);
});

Deno.test("Two who enter a public room first at once are in the same room", async () => {
  await using app = await newTestApp();
  const users = await logInAll(app.url, "a", "b", "c", "d");
  const clients = await Promise.all(
    users.map((user) => user.enter("test-room-at-once")),
  );
  const epochs = new Set(clients.map(({ welcome }) => welcome.epoch));
  assert.equal(epochs.size, 1);
  clients[0]?.say("all here?");
  for (const client of clients) await client.expectChat("all here?");
  for (const client of clients) await client.close();
});

/** Fails unless both are in one room, by sockets and over HTTP. */
async function assertOneRoom(
  ann: ChatUser,
  bob: ChatUser,
  roomId: string,
): Promise<void> {
  await using annIn = await ann.enter(roomId);
  assert.equal(annIn.welcome.room_id, roomId);
  await using bobIn = await bob.enter(roomId, { hasSlash: false });
  assert.equal(bobIn.welcome.epoch, annIn.welcome.epoch);
  const path = `chat/${encodeURIComponent(roomId)}`;
  const { message } = await bob.ask(`POST ${path}/send/`, { content: "hi" });
  const heard = await annIn.expectChat("hi");
  assert.deepEqual(message, { ...heard.message, is_own: true });
  const page = await ann.ask(`GET ${path}/messages/`);
  assert.deepEqual([page.room_id, page.messages], [roomId, [heard.message]]);
}

Deno.test("A room is the same by every way in, whatever its id is made of", async () => {
  await using app = await newTestApp();
  const [ann, bob] = await logInAll(app.url, "ann", "bob");
  assert(ann && bob);
  const names = ["日本 語", "a/b", "../../etc", "%2F", "%zz", "?x=1#y", "é👋"];
  for (const name of names) await assertOneRoom(ann, bob, `test-room-${name}`);
});

Deno.test("A public room of many is entered quietly, and each is told of themselves", async () => {
  await using app = await newTestApp();
  const names = Array.from({ length: 52 }, (_, index) => `user-${index}`);
  const users = await logInAll(app.url, ...names);
  const clients = [];
  for (const user of users) {
    const client = await user.enter("general");
    await client.expectFrame("user_joined");
    clients.push(client);
  }
  const [first] = clients;
  const last = clients.at(-1);
  assert(first && last);
  await first.caughtUp();
  const told = first.types.filter((type) => type === "user_joined");
  assert.equal(told.length, 50);
  assert.equal(last.received[1]?.username, "user-51");
  last.say("hello all");
  await Promise.all(clients.map((client) => client.expectChat("hello all")));
  await Promise.all(clients.map((client) => client.close()));
});
