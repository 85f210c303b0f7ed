// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { CallbackReceiver } from "../support/callback_receiver.ts";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import { START_AT } from "../support/fake_clock.ts";
import { lockDatabase } from "../support/locked_database.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi, createRoom, newTestApp } from "../support/test_app.ts";
import { joinRoom } from "../support/ws_client.ts";

const HTTP_500 = { kind: "status", status: 500 } as const;
const PAUSE = "POST /management/callbacks/room-events/pause";
const RESUME = "POST /management/callbacks/room-events/resume";
const ENABLE = "POST /management/callbacks/room-events/enable";

Deno.test("Who was there when the server was killed has left at the next start", async () => {
  using folder = new TempFolder();
  await using receiver = CallbackReceiver.start();
  const options = { cwd: folder.path, env: receiver.settings() };
  let room_id: string;
  let session_id: unknown;
  {
    await using server = await ServerProcess.start(options);
    room_id = await createRoom(server.url);
    const ann = await joinRoom(server.url, room_id, "ann");
    ({ session_id } = ann.welcome);
    await receiver.expectEvent("UserJoined", room_id);
    await server.killHard();
    await ann.closed();
  }
  await using server = await ServerProcess.start(options);
  const { body } = await receiver.expectEvent("UserLeft", room_id);
  assert.deepEqual([body.user_id, body.session_id], ["ann", session_id]);
  assert(Number.isInteger(body.duration) && Number(body.duration) >= 0);
  await askApi(server.url, "POST /management/sync");
  const batch = await receiver.expectEvent("SessionHistoryBatch", room_id);
  const [stay] = batch.body.sessions as Record<string, unknown>[];
  assert.deepEqual([stay?.session_id, stay?.duration_seconds], [
    session_id,
    body.duration,
  ]);
  await server.stop();
});

Deno.test("A room whose end is only in the journal at kill -9 is told of to its end", async () => {
  using folder = new TempFolder();
  await using receiver = CallbackReceiver.start();
  const options = { cwd: folder.path, env: receiver.settings() };
  let room_id: string;
  {
    await using server = await ServerProcess.start(options);
    room_id = await createRoom(server.url);
    await using ann = await joinRoom(server.url, room_id, "ann");
    await receiver.expectEvent("UserJoined", room_id);
    using _lock = lockDatabase(folder.file("parlor.db"));
    ann.sendChat("last words", "m-1");
    await ann.expectAck("m-1");
    const line = `DELETE /management/rooms/${room_id}`;
    assert.equal((await askApi(server.url, line)).status, 204);
    await server.killHard();
  }
  // In this process no calendar makes up for what is not told at the start.
  const DATABASE_URL = `sqlite:${folder.file("parlor.db")}`;
  const settings = { ...options.env, DATABASE_URL };
  await using _app = await newTestApp(settings, { isRealTime: true });
  const closed = await receiver.expectEvent("RoomClosed", room_id);
  assert.deepEqual(closed.body.final_stats, {
    current_users: 1,
    peak_users: 1,
    total_joins: 1,
  });
  const events = receiver.effects
    .filter(({ path }) => path === "/api/room-events")
    .map(({ type }) => type);
  assert.deepEqual(
    events,
    ["RoomCreated", "UserJoined", "UserLeft", "RoomClosed"],
  );
  const chat = await receiver.expectEvent("ChatHistoryBatch", room_id);
  assert.equal(chat.body.is_last_batch, true);
  await receiver.expectEvent("SessionHistoryBatch", room_id);
});

Deno.test("A restart goes on with the attempts where the last run stopped", async () => {
  using folder = new TempFolder();
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    databaseFile: folder.file("parlor.db"),
    settings: { CALLBACK_LONG_RETRY: "false" },
  });
  const { clock, receiver } = world;
  receiver.failWith(HTTP_500);
  const room_id = await world.app.createRoom();
  await world.quiet();
  for (const secs of [5, 7]) {
    await world.advanceTo(secs);
    await world.quiet();
  }
  await world.end();
  await clock.advance(1000);
  await world.begin();
  await world.advanceTo(9.999);
  await world.quiet();
  assert.deepEqual(world.secsOf(`created_${room_id}`), [0, 5]);
  for (const secs of [10, 15]) {
    await world.advanceTo(secs);
    await world.quiet();
  }
  assert.deepEqual(world.secsOf(`created_${room_id}`), [0, 5, 10, 15]);
  await world.end();
  // A dead letter stays one, and may be sent again.
  receiver.recover();
  await world.begin();
  const { dead } = await world.api("GET /management/callbacks/dead");
  assert.deepEqual([dead[0].id, dead[0].attempts], [`created_${room_id}`, 4]);
  assert.equal(receiver.effects.length, 0);
  await world.api("POST /management/callbacks/replay", { room_id });
  await receiver.expectEvent("RoomCreated", room_id);
});

Deno.test("A pause survives a restart, and what happened before it and after", async () => {
  using folder = new TempFolder();
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    databaseFile: folder.file("parlor.db"),
  });
  const { clock, receiver } = world;
  await world.api(PAUSE);
  const before = await world.app.createRoom();
  await world.end();
  await clock.advance(60_000);
  await world.begin();
  const after = await world.app.createRoom();
  await world.quiet();
  assert.equal(receiver.deliveries.length, 0);
  const row = await world.endpoint("room-events");
  assert.deepEqual([row.state, row.backlog, row.changed_at], [
    "paused",
    2,
    START_AT,
  ]);
  await world.api(RESUME);
  await receiver.expectEvent("RoomCreated", before);
  await receiver.expectEvent("RoomCreated", after);
});

Deno.test("410 survives a restart until the endpoint is enabled or has another URL", async () => {
  using folder = new TempFolder();
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    databaseFile: folder.file("parlor.db"),
  });
  const { receiver } = world;
  const gone = { kind: "status", status: 410 } as const;
  receiver.failWith(gone, { times: 1 });
  const first = await world.app.createRoom();
  await world.quiet();
  await world.end();
  await world.begin();
  assert.equal((await world.endpoint("room-events")).state, "disabled");
  assert.equal(receiver.deliveries.length, 1);
  await world.api(ENABLE);
  await receiver.expectEvent("RoomCreated", first);
  receiver.failWith(gone, { times: 1 });
  const second = await world.app.createRoom();
  await world.quiet();
  await world.end();
  const url = `${receiver.url()}?version=2`;
  await world.begin({ ROOM_EVENT_CALLBACK_URL: url });
  await receiver.expectEvent("RoomCreated", second);
  assert.equal((await world.endpoint("room-events")).state, "active");
});

Deno.test("An endpoint that gets a URL later is told what happens from then on, and the rest on demand", async () => {
  using folder = new TempFolder();
  await using world = await CallbackWorld.start({
    urls: [],
    databaseFile: folder.file("parlor.db"),
  });
  const { receiver } = world;
  const room_id = await world.app.createRoom();
  const ann = await world.app.joinRoom(room_id, "ann");
  ann.sendChat("early", "m-1");
  await ann.expectAck("m-1");
  await world.end();
  await world.begin(receiver.settings());
  await world.app.joinRoom(room_id, "bob");
  await world.quiet();
  const types = () =>
    receiver.effects
      .filter(({ path }) => path === "/api/room-events")
      .map(({ type, body }) => [type, body.user_id ?? null]);
  assert.deepEqual(types(), [["UserJoined", "bob"]]);
  const query = { room_id, delivered: true, endpoint: "room-events" };
  await world.api("POST /management/callbacks/replay", query);
  await world.quiet();
  assert.deepEqual(types(), [
    ["UserJoined", "bob"],
    ["RoomCreated", null],
    ["UserJoined", "ann"],
    ["UserLeft", "ann"],
  ]);
});

Deno.test("Callbacks are told in full when the server is stopped in order", async () => {
  await using world = await CallbackWorld.start({
    urls: [
      "ROOM_EVENT_CALLBACK_URL",
      "CHAT_HISTORY_CALLBACK_URL",
      "SESSION_HISTORY_CALLBACK_URL",
    ],
  });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  const ann = await app.joinRoom(room_id, "ann");
  ann.sendChat("said just before", "m-1");
  await ann.expectAck("m-1");
  await world.end();
  assert.deepEqual(world.typesOf(room_id).sort(), [
    "ChatHistoryBatch",
    "RoomCreated",
    "SessionHistoryBatch",
    "UserJoined",
    "UserLeft",
  ]);
  assert.equal(receiver.deliveries.length, 5);
});
