// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import { START_AT } from "../support/fake_clock.ts";
import type { TestApp } from "../support/test_app.ts";

const HTTP_500 = { kind: "status", status: 500 } as const;

async function createRooms(app: TestApp, count: number): Promise<string[]> {
  const rooms: string[] = [];
  while (rooms.length < count) rooms.push(await app.createRoom());
  return rooms;
}

/** Asserts that each room's creation had effect. */
function assertCreated(world: CallbackWorld, rooms: readonly string[]): void {
  for (const room_id of rooms) {
    assert.deepEqual(world.typesOf(room_id), ["RoomCreated"]);
  }
}

Deno.test("An endpoint that fails five times in a row is tried seldom, one at a time, and gets all at once when it works", async () => {
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    settings: { CALLBACK_RETRY_DELAY_SECONDS: "3600" },
  });
  const { app, receiver } = world;
  receiver.failWith(HTTP_500);
  const rooms = await createRooms(app, 5);
  await world.quiet();
  const open = await world.endpoint("room-events");
  assert.deepEqual([open.breaker, open.held_until, open.backlog], [
    "open",
    START_AT + 5000,
    5,
  ]);
  assert.match(
    await world.api("GET /metrics"),
    /^parlor_callback_blocked\{endpoint="room-events"\} 1$/m,
  );
  // What is new has to wait too, and goes out alone.
  rooms.push(...await createRooms(app, 3));
  await world.advanceTo(4.999);
  await world.quiet();
  assert.equal(world.attempts.length, 5);
  await world.advanceTo(5);
  await world.quiet();
  assert.equal(world.attempts.length, 6);
  const longer = await world.endpoint("room-events");
  assert.equal(longer.held_until, START_AT + 15_000);
  receiver.recover();
  await world.advanceTo(15);
  await world.quiet();
  // Without a release the first five would have waited for an hour.
  assertCreated(world, rooms);
  const closed = await world.endpoint("room-events");
  assert.deepEqual(
    [closed.breaker, closed.held_until, closed.backlog],
    ["closed", null, 0],
  );
  assert.match(
    await world.api("GET /metrics"),
    /^parlor_callback_blocked\{endpoint="room-events"\} 0$/m,
  );
});

Deno.test("The status tells of every endpoint that has a URL", async () => {
  await using world = await CallbackWorld.start({
    urls: ["ROOM_EVENT_CALLBACK_URL", "DATA_CALLBACK_URL"],
  });
  const { app, receiver } = world;
  receiver.failWith(HTTP_500, { path: "/sync/room" });
  await app.createRoom();
  await world.quiet();
  await world.advanceTo(3.5);
  const row = {
    state: "active",
    reason: null,
    breaker: "closed",
    held_until: null,
    in_flight: 0,
    dead: 0,
    changed_at: START_AT,
  };
  assert.deepEqual(await world.api("GET /management/callbacks"), {
    endpoints: [
      {
        ...row,
        endpoint: "room-events",
        url: receiver.url("/api/room-events"),
        backlog: 0,
        oldest_age_seconds: null,
        last_success_at: START_AT,
        last_error_at: null,
        last_error: null,
      },
      {
        ...row,
        endpoint: "sync",
        url: receiver.url("/sync/room"),
        backlog: 1,
        oldest_age_seconds: 3,
        last_success_at: null,
        last_error_at: START_AT,
        last_error: "HTTP 500",
      },
    ],
  });
});

Deno.test("A paused endpoint is sent nothing until it is resumed, and then all at once", async () => {
  await using world = await CallbackWorld.start();
  const { app, receiver } = world;
  const path = "/management/callbacks/room-events";
  const { state, reason } = await world.api(`POST ${path}/pause`);
  assert.deepEqual([state, reason], ["paused", "Paused by an operator"]);
  const rooms = await createRooms(app, 3);
  await world.advanceTo(600);
  await world.quiet();
  const paths = new Set(receiver.deliveries.map((one) => one.path));
  assert.deepEqual([...paths], ["/sync/room"]);
  const row = await world.endpoint("room-events");
  assert.deepEqual([row.backlog, row.oldest_age_seconds], [3, 600]);
  await world.api(`POST ${path}/resume`);
  await world.quiet();
  const told = receiver.effects
    .filter(({ type }) => type === "RoomCreated")
    .map(({ body }) => body.room_id);
  assert.deepEqual(told.sort(), rooms.sort());
  const unknown = await app.api("POST /management/callbacks/pigeons/pause");
  assert.deepEqual([unknown.status, unknown.body.code], [
    404,
    "endpoint_not_found",
  ]);
});

/** Rooms in which something was said that an endpoint is to be told of. */
async function talkInRooms(
  world: CallbackWorld,
  count: number,
): Promise<string[]> {
  const rooms = await createRooms(world.app, count);
  for (const room_id of rooms) {
    const ann = await world.app.joinRoom(room_id, "ann");
    ann.sendChat("hello", room_id);
    await ann.expectAck(room_id);
  }
  return rooms;
}

Deno.test("An endpoint that hangs delays only itself", async () => {
  await using world = await CallbackWorld.start({
    urls: ["ROOM_EVENT_CALLBACK_URL", "CHAT_HISTORY_CALLBACK_URL"],
  });
  const { app, clock, receiver } = world;
  const rooms = await talkInRooms(world, 12);
  await world.quiet();
  const path = "/api/chat-history";
  receiver.failWith({ kind: "hang" }, { path });
  await world.api("POST /management/sync");
  const hung = () => receiver.deliveries.filter((one) => one.path === path);
  // As many as the endpoint gets at a time: no more are held in memory.
  await receiver.until(() => hung().length === 8, { what: "eight that hang" });
  for (const room_id of rooms) {
    await app.joinRoom(room_id, "bob");
    await world.tell();
    const before = clock.now();
    await receiver.take(({ body }) =>
      body.event_type === "UserJoined" && body.user_id === "bob" &&
      body.room_id === room_id
    );
    // The clock has stood since the event was made.
    assert.equal(clock.now(), before);
  }
  assert.equal(hung().length, 8);
  const row = await world.endpoint("chat-history");
  assert.deepEqual([row.in_flight, row.backlog], [8, 12]);
  receiver.recover();
  await clock.advance(30_000);
  const batches = () => receiver.effects.filter((one) => one.path === path);
  await world.pass(() => batches().length === 12);
});

Deno.test("A room's end does not wait for batches that fail", async () => {
  await using world = await CallbackWorld.start({
    urls: ["ROOM_EVENT_CALLBACK_URL", "CHAT_HISTORY_CALLBACK_URL"],
  });
  const { clock, receiver } = world;
  const path = "/api/chat-history";
  receiver.failWith(HTTP_500, { path });
  const [room_id = ""] = await talkInRooms(world, 1);
  await world.quiet();
  // The first attempt at the batch fails, and that is all that is waited for.
  await world.api("POST /management/sync");
  await world.quiet();
  await world.api(`DELETE /management/rooms/${room_id}`);
  await world.quiet();
  assert.deepEqual(world.typesOf(room_id).slice(-2), [
    "UserLeft",
    "RoomClosed",
  ]);
  assert.equal(clock.now(), START_AT);
  receiver.recover();
  await world.pass(() => world.typesOf(room_id).includes("ChatHistoryBatch"));
});

Deno.test("POST /management/callbacks/test sends one signed sample and tells what came back", async () => {
  const secret = "known-to-both-of-them";
  await using world = await CallbackWorld.start({
    urls: [],
    secret,
    settings: { CALLBACK_SECRET: secret },
  });
  const { receiver } = world;
  const path = "POST /management/callbacks/test";
  const url = receiver.url();
  assert.deepEqual(await world.api(path, { url }), {
    ok: true,
    status: 200,
    error: "",
    milliseconds: 0,
    response: '{"status":"success","message":"Test received"}',
  });
  const [sample] = receiver.deliveries;
  assert.equal(sample?.isSigned, true);
  assert.match(sample.id, /^test_[0-9a-f-]{36}$/);
  receiver.failWith(HTTP_500, { times: 1 });
  const failed = await world.api(path, { url });
  assert.deepEqual([failed.ok, failed.status, failed.error], [
    false,
    500,
    "HTTP 500",
  ]);
  await world.advanceTo(60);
  assert.equal(receiver.deliveries.length, 2);
});
