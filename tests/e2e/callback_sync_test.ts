// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  type CallbackUrlName,
  CallbackWorld,
} from "../support/callback_world.ts";
import { START_AT } from "../support/fake_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";

const START_SECS = START_AT / 1000;

const PERIODIC: readonly CallbackUrlName[] = [
  "CHAT_HISTORY_CALLBACK_URL",
  "SESSION_HISTORY_CALLBACK_URL",
  "PERIODIC_SYNC_CALLBACK_URL",
];
const LEGACY: readonly CallbackUrlName[] = ["DATA_CALLBACK_URL"];

/** Lets the calendar's interval end, and all of its runs be told, in order. */
async function runAll(world: CallbackWorld, atSecs: number): Promise<void> {
  await world.advanceTo(atSecs);
  for (const job of ["chat_batches", "session_batches", "sync"]) {
    await world.app.runJob(job);
    await world.quiet();
  }
}

Deno.test("PeriodicSync tells of a room and whether all of it was told", async () => {
  await using world = await CallbackWorld.start({
    urls: PERIODIC,
    settings: { SESSION_HISTORY_BATCH_INTERVAL_SECONDS: "300" },
  });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  await world.advanceTo(20);
  const [ann, bob] = [
    await app.joinRoom(room_id, "ann"),
    await app.joinRoom(room_id, "bob"),
  ];
  for (const content of ["a", "b"]) {
    ann.sendChat(content, content);
    await ann.expectAck(content);
  }
  await world.advanceTo(40);
  await bob.close();
  await app.expectConnections(1);
  await runAll(world, 300);
  const { body, id, path } = await receiver.expectEvent("PeriodicSync");
  const room_info = {
    room_id,
    room_name: "Lounge",
    admin_user_ids: ["admin"],
    current_connections: 1,
    created_at: START_SECS,
    last_activity: START_SECS + 20,
  };
  const stats = { current_users: 1, peak_users: 2, total_joins: 2 };
  const counts = { messages: 2, last_seq: 2, sessions: 1 };
  assert.deepEqual(body, {
    event_type: "PeriodicSync",
    room_id,
    room_info,
    last_sync_time: START_SECS + 300,
    stats,
    consistency: { log: counts, acknowledged: counts, is_complete: true },
  });
  const at = START_AT + 300_000;
  assert.deepEqual([id, path], [
    `periodic_${room_id}_${at}`,
    "/api/periodic-sync",
  ]);
  const failing = { path: "/api/chat-history", times: 1 } as const;
  receiver.failWith({ kind: "status", status: 500 }, failing);
  ann.sendChat("c", "c");
  await ann.expectAck("c");
  await runAll(world, 600);
  const second = await receiver.expectEvent("PeriodicSync");
  assert.deepEqual(second.body.consistency, {
    log: { messages: 3, last_seq: 3, sessions: 1 },
    acknowledged: counts,
    is_complete: false,
  });
  // The batch is tried again before the next interval ends.
  await world.advanceTo(605);
  await world.quiet();
  await runAll(world, 900);
  const third = await receiver.expectEvent("PeriodicSync");
  const all = { messages: 3, last_seq: 3, sessions: 1 };
  assert.deepEqual(third.body.consistency, {
    log: all,
    acknowledged: all,
    is_complete: true,
  });
});

Deno.test("A snapshot that waits tells how things stand when it arrives, and is one", async () => {
  await using world = await CallbackWorld.start({
    urls: ["PERIODIC_SYNC_CALLBACK_URL"],
    settings: { CALLBACK_RETRY_DELAY_SECONDS: "400" },
  });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  receiver.failWith({ kind: "status", status: 503 }, { times: 1 });
  for (const secs of [300, 600]) {
    await world.advanceTo(secs);
    await app.runJob("sync");
    await world.quiet();
    await app.joinRoom(room_id, `user${secs}`);
  }
  assert.equal((await world.endpoint("periodic-sync")).backlog, 1);
  await world.advanceTo(700);
  await world.quiet();
  const { body, id } = await receiver.expectEvent("PeriodicSync");
  assert.equal(id, `periodic_${room_id}_${START_AT + 300_000}`);
  assert.equal(body.last_sync_time, START_SECS + 700);
  const stats = { current_users: 2, peak_users: 2, total_joins: 2 };
  assert.deepEqual(body.stats, stats);
});

Deno.test("SYNC_INTERVAL_SECONDS=0 sends no snapshot but those that are asked for", async () => {
  await using world = await CallbackWorld.start({
    urls: ["PERIODIC_SYNC_CALLBACK_URL"],
    settings: { SYNC_INTERVAL_SECONDS: "0" },
  });
  const { app, receiver } = world;
  assert(!app.cron.scheduled.includes("sync * * * * *"));
  const room_id = await app.createRoom();
  await world.advanceTo(600);
  await world.quiet();
  assert.equal(receiver.deliveries.length, 0);
  await world.api("POST /management/sync");
  await receiver.expectEvent("PeriodicSync", room_id);
});

/** What the oldest form says of the room of the test beside its history. */
function legacyBody(room_id: string) {
  return {
    room_id,
    admin_user_ids: ["admin"],
    start_time: START_SECS,
    current_users: 1,
    peak_users: 2,
    total_joins: 2,
  };
}

Deno.test("The legacy callback has all of a room: at creation, each interval, on demand and at the end", async () => {
  await using world = await CallbackWorld.start({ urls: LEGACY });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  await world.tell();
  const created = await receiver.expectEvent("RoomSync");
  assert.deepEqual(created.body, {
    ...legacyBody(room_id),
    current_users: 0,
    peak_users: 0,
    total_joins: 0,
    chat_history: [],
    session_history: [],
  });
  assert.deepEqual([created.id, created.path], [
    `sync_${room_id}_${START_AT}`,
    "/sync/room",
  ]);
  await world.advanceTo(10);
  const [ann, bob] = [
    await app.joinRoom(room_id, "ann"),
    await app.joinRoom(room_id, "bob"),
  ];
  for (const content of ["older", "newer"]) {
    ann.sendChat(content, content);
    await ann.expectAck(content);
  }
  await world.advanceTo(70);
  await bob.close();
  await app.expectConnections(1);
  const said = {
    user_id: "ann",
    nickname: "ANN",
    created_at: START_SECS + 10,
  };
  const bobsStay = {
    user_id: "bob",
    nickname: "BOB",
    join_time: START_SECS + 10,
    leave_time: START_SECS + 70,
    duration_seconds: 60,
  };
  const full = {
    ...legacyBody(room_id),
    chat_history: [
      { ...said, content: "newer" },
      { ...said, content: "older" },
    ],
    session_history: [bobsStay],
  };
  await world.advanceTo(300);
  await app.runJob("sync");
  assert.deepEqual((await receiver.expectEvent("RoomSync")).body, full);
  await world.quiet();
  await world.advanceTo(310);
  const asked = await app.api("POST /management/sync");
  assert.deepEqual(asked, { status: 202, body: "" });
  assert.deepEqual((await receiver.expectEvent("RoomSync")).body, full);
  await world.quiet();
  // What is pulled is the same.
  const { body: [pulled] } = await app.api("GET /management/sync");
  assert.deepEqual(pulled, full);
  await world.advanceTo(320);
  await world.api(`DELETE /management/rooms/${room_id}`);
  const closed = await receiver.expectEvent("RoomSync");
  assert.deepEqual(closed.body, {
    ...full,
    current_users: 0,
    session_history: [
      // Who came last is first.
      bobsStay,
      {
        ...bobsStay,
        user_id: "ann",
        nickname: "ANN",
        leave_time: START_SECS + 320,
        duration_seconds: 310,
      },
    ],
  });
});

Deno.test("The legacy callback is sent at start, of every room that goes on", async () => {
  using folder = new TempFolder();
  const databaseFile = folder.file("parlor.db");
  const world = await CallbackWorld.start({ urls: LEGACY, databaseFile });
  await using _world = world;
  const [open, ended] = [
    await world.app.createRoom(),
    await world.app.createRoom(),
  ];
  await world.api(`DELETE /management/rooms/${ended}`);
  await world.quiet();
  await world.end();
  const before = world.receiver.deliveries.length;
  await world.clock.advance(60_000);
  await world.begin();
  await world.quiet();
  const after = world.receiver.deliveries.slice(before);
  assert.deepEqual(after.map(({ id }) => id), [
    `sync_${open}_${START_AT + 60_000}`,
  ]);
});

Deno.test("POST /management/sync tells all that would be told later, now", async () => {
  await using world = await CallbackWorld.start();
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  const ann = await app.joinRoom(room_id, "ann");
  ann.sendChat("hello", "m-1");
  await ann.expectAck("m-1");
  await ann.close();
  await app.expectConnections(0);
  const asked = await app.api("POST /management/sync");
  assert.deepEqual(asked, { status: 202, body: "" });
  const expected = ["ChatHistoryBatch", "SessionHistoryBatch", "PeriodicSync"];
  for (const type of expected) await receiver.expectEvent(type, room_id);
  await world.quiet();
  const again = receiver.deliveries.length;
  await app.api("POST /management/sync");
  await world.quiet();
  const types = receiver.deliveries.slice(again).map(({ type }) => type);
  assert.deepEqual(types.sort(), ["PeriodicSync", "RoomSync"]);
});
