// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { ChatClient, type Json, presenceUrl } from "../support/chat_client.ts";
import { ChatUser, newPair } from "../support/chat_user.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { refusedUpgrade } from "../support/raw_socket.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const AWAY_MS = 300_000;

/** What a room's list says of one user. */
async function stateOf(asker: ChatUser, roomId: string, userId: string) {
  const { online_users } = await asker.ask(`GET chat/${roomId}/online_users/`);
  const found = online_users.find(({ username }: Json) => username === userId);
  assert(found, `${userId} is not listed`);
  return found;
}

/** Takes what is told of a user once it says a status. */
function expectStatus(
  client: ChatClient,
  userId: string,
  status: string,
): Promise<Json> {
  return client.expect(
    ({ type, users }) =>
      type === "presence_update" &&
      users.some((one: Json) =>
        one.user_id === userId && one.status === status
      ),
    `presence_update of ${userId} ${status}`,
  );
}

/** Lets the notices of a second go out. */
async function tellNews(app: TestApp): Promise<void> {
  await app.idle();
  await app.clock.advance(1000);
}

Deno.test("/ws/presence greets a user, with the slash and without, and asks for a login", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  for (const address of [presenceUrl(app.url), `${presenceUrl(app.url)}/`]) {
    const { status, body } = await refusedUpgrade(address);
    assert.equal(status, 401);
    assert.equal((body as { code: string }).code, "login_required");
    const headers = ann.headers;
    await using line = await ChatClient.open(address, { headers });
    const { user_profile, ...welcome } = line.welcome;
    assert.deepEqual(welcome, {
      type: "presence_established",
      user: "ann",
      status: "online",
      last_seen: "2026-01-01T00:00:00.000Z",
      heartbeat_interval: 30,
    });
    assert.deepEqual(
      [user_profile.display_name, user_profile.is_online],
      ["ANN", true],
    );
  }
});

Deno.test("/ws/presence answers signs of life and refuses what it does not know", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  await using line = await ann.attend();
  line.send("heartbeat");
  await line.expectFrame("heartbeat_ack");
  line.send("ping", { timestamp: 3 });
  assert.equal((await line.expectFrame("pong")).timestamp, 3);
  const bad = [
    ["{", "bad_json"],
    ['{"type":"message","content":"x"}', "unknown_type"],
    ['{"type":"online_status","status":"asleep"}', "bad_request"],
  ] as const;
  for (const [text, code] of bad) {
    line.sendText(text);
    await line.expectError(code);
  }
  await app.clock.advance(30_000);
  await line.expectFrame("heartbeat");
  await line.caughtUp();
});

Deno.test("A user is online by connecting, and offline when the last connection is gone", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  const before = await stateOf(ann, roomId, "bob");
  assert.deepEqual([before.is_online, before.last_seen], [false, null]);
  const line = await bob.attend();
  const inRoom = await bob.enter(roomId);
  const other = await bob.enter("general");
  assert.equal((await stateOf(ann, roomId, "bob")).status, "online");
  await app.clock.advance(5000);
  await line.close();
  await inRoom.close();
  await app.expectConnections(1);
  assert.equal((await stateOf(ann, roomId, "bob")).status, "online");
  await app.clock.advance(5000);
  await other.close();
  await app.expectConnections(0);
  assert.deepEqual(await stateOf(ann, roomId, "bob"), {
    username: "bob",
    last_seen: "2026-01-01T00:00:10.000Z",
    is_online: false,
    display_name: "BOB",
    status: "offline",
  });
});

Deno.test("A user says to be busy or away, over a socket and over HTTP", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using line = await bob.attend();
  await using inRoom = await bob.enter(roomId);
  for (const status of ["busy", "away", "online"]) {
    line.send("online_status", { status });
    await line.caughtUp();
    assert.equal((await stateOf(ann, roomId, "bob")).status, status);
  }
  inRoom.send("online_status", { status: "busy" });
  await inRoom.caughtUp();
  assert.equal((await stateOf(ann, roomId, "bob")).status, "busy");
  const answer = await bob.ask("POST chat/online_status/", { status: "away" });
  assert.equal(answer.message, "在线状态已更新");
  assert.equal((await stateOf(ann, roomId, "bob")).status, "away");
  // Without a word it is online; nobody is offline while connected.
  inRoom.send("online_status");
  line.send("online_status", { status: "offline" });
  await line.caughtUp();
  await inRoom.caughtUp();
  const state = await stateOf(ann, roomId, "bob");
  assert.deepEqual([state.status, state.is_online], ["online", true]);
  const bad = { body: { status: "asleep" } };
  assert.equal((await bob.api("POST chat/online_status/", bad)).status, 400);
});

Deno.test("A user without a connection comes online by no word over HTTP", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await app.clock.advance(7000);
  const body = { status: "online", room_id: "nowhere" };
  await bob.ask("POST chat/online_status/", body);
  const state = await stateOf(ann, roomId, "bob");
  assert.deepEqual(
    [state.status, state.last_seen],
    ["offline", "2026-01-01T00:00:07.000Z"],
  );
});

Deno.test("A silent user is away after AWAY_AFTER_SECONDS, and online with the next word", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId);
  await app.clock.advance(AWAY_MS - 1000);
  assert.equal((await stateOf(ann, roomId, "bob")).status, "online");
  annIn.send("typing");
  await annIn.expectFrame("user_typing");
  // A page that nobody looks at says this much.
  bobIn.send("heartbeat_ack");
  bobIn.send("ping");
  await bobIn.expectFrame("heartbeat_ack");
  await app.clock.advance(2000);
  const state = await stateOf(ann, roomId, "bob");
  assert.deepEqual([state.status, state.is_online], ["away", true]);
  assert.equal((await stateOf(ann, roomId, "ann")).status, "online");
  bobIn.say("back");
  await annIn.expectChat("back");
  assert.equal((await stateOf(ann, roomId, "bob")).status, "online");
  // Hours of silence never make one offline.
  await app.clock.advance(2 * 3_600_000);
  assert.equal((await stateOf(ann, roomId, "bob")).is_online, true);
});

Deno.test("AWAY_AFTER_SECONDS 0 leaves a silent user online", async () => {
  await using app = await newTestApp({ AWAY_AFTER_SECONDS: "0" });
  const { ann, bob, roomId } = await newPair(app.url);
  await using _bobIn = await bob.enter(roomId);
  await app.clock.advance(10 * AWAY_MS);
  assert.equal((await stateOf(ann, roomId, "bob")).status, "online");
});

Deno.test("Who shares a room with a user is told how they are; strangers are not", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  const eve = await ChatUser.logIn(app.url, "eve");
  await using annLine = await ann.attend();
  await using eveLine = await eve.attend();
  await tellNews(app);
  const bobIn = await bob.enter(roomId);
  await tellNews(app);
  const { users } = await expectStatus(annLine, "bob", "online");
  const found = users.find(({ user_id }: Json) => user_id === "bob");
  assert.deepEqual(found, {
    user_id: "bob",
    username: "bob",
    display_name: "BOB",
    status: "online",
    is_online: true,
    last_seen: "2026-01-01T00:00:01.000Z",
    current_room: roomId,
  });
  await annLine.expectFrame("active_rooms_changed");
  bobIn.send("online_status", { status: "busy" });
  await bobIn.caughtUp();
  await tellNews(app);
  await expectStatus(annLine, "bob", "busy");
  await bobIn.close();
  await app.expectConnections(2);
  await tellNews(app);
  await expectStatus(annLine, "bob", "offline");
  await eveLine.caughtUp();
  const others = eveLine.received
    .flatMap(({ users = [] }) => users)
    .filter(({ user_id }) => user_id !== "eve");
  assert.deepEqual(others, []);
});

Deno.test("Many changes within a second are told together", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using line = await ann.attend();
  await using bobIn = await bob.enter(roomId);
  await tellNews(app);
  await expectStatus(line, "bob", "online");
  await tellNews(app);
  await line.caughtUp();
  line.takeAll();
  for (let change = 0; change < 50; change++) {
    const status = change % 2 === 0 ? "busy" : "away";
    bobIn.send("online_status", { status });
  }
  await bobIn.caughtUp();
  await app.clock.advance(10_000);
  await line.caughtUp();
  const updates = line.takeAll().filter(({ type }) =>
    type === "presence_update"
  );
  assert(updates.length > 0 && updates.length <= 2, `${updates.length}`);
  assert.equal(updates.at(-1)?.users[0].status, "away");
});

Deno.test("active_rooms lists a room while somebody in it is online, and who that is", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  const empty = await ann.ask("GET chat/active_rooms/");
  assert.deepEqual([empty.active_rooms, empty.active_room_count], [[], 0]);
  const line = await bob.attend();
  assert.deepEqual(await ann.ask("GET chat/active_rooms/"), {
    success: true,
    active_rooms: [{
      room_id: roomId,
      created_at: "2026-01-01T00:00:00.000Z",
      participants: [{
        id: "bob",
        username: "bob",
        display_name: "BOB",
        last_seen: "2026-01-01T00:00:00.000Z",
      }],
      participant_count: 1,
    }],
    active_room_count: 1,
    heart_link_status: null,
    user_id: "ann",
    username: "ann",
  });
  await using annLine = await ann.attend();
  const { active_rooms: [room] } = await ann.ask("GET chat/active_rooms/");
  assert.equal(room.participant_count, 2);
  await annLine.close();
  await line.close();
  await app.expectConnections(0);
  assert.equal((await ann.ask("GET chat/active_rooms/")).active_room_count, 0);
});

Deno.test("Nobody is online after a restart, and everyone was seen last when they were", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  const clock = new FakeClock();
  let pair: Awaited<ReturnType<typeof newPair>>;
  {
    await using app = await newTestApp(settings, { clock });
    pair = await newPair(app.url);
    await using _bobIn = await pair.bob.enter(pair.roomId);
    await clock.advance(20_000);
    assert.equal((await stateOf(pair.ann, pair.roomId, "bob")).is_online, true);
  }
  await clock.advance(60_000);
  await using app = await newTestApp(settings, { clock });
  const ann = pair.ann.at(app.url);
  assert.deepEqual(await stateOf(ann, pair.roomId, "bob"), {
    username: "bob",
    last_seen: "2026-01-01T00:00:20.000Z",
    is_online: false,
    display_name: "BOB",
    status: "offline",
  });
  const { body } = await ann.api(`GET chat/${pair.roomId}/participants/`);
  const online = body.data.participants.map((one: Json) => one.is_online);
  assert.deepEqual(online, [false, false]);
  assert.equal(body.data.status, "active");
  assert.equal((await ann.ask("GET chat/active_rooms/")).active_room_count, 0);
});
