// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import { START_AT } from "../support/fake_clock.ts";
import type { Frame } from "../support/ws_client.ts";

const HOUR_MS = 3_600_000;
const START_SECS = START_AT / 1000;
const HTTP_500 = { kind: "status", status: 500 } as const;

/** The dead letters, oldest first. */
async function deadLetters(world: CallbackWorld): Promise<Frame[]> {
  return (await world.api("GET /management/callbacks/dead")).dead;
}

/** Has events sent again; answers how many. */
async function replay(
  world: CallbackWorld,
  query: Readonly<Record<string, unknown>>,
): Promise<number> {
  const answer = await world.api("POST /management/callbacks/replay", query);
  return answer.replayed;
}

Deno.test("Attempts are made at once, at the fixed delay, and then at growing waits", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app, receiver } = world;
  receiver.failWith(HTTP_500);
  const room_id = await app.createRoom();
  const id = `created_${room_id}`;
  await world.quiet();
  for (const [index, secs] of [5, 10, 15].entries()) {
    await world.advanceTo(secs - 0.001);
    await world.quiet();
    assert.equal(world.attempts.length, index + 1, `too early at ${secs} s`);
    await world.advanceTo(secs);
    await world.quiet();
  }
  assert.deepEqual(world.secsOf(id), [0, 5, 10, 15]);
  const stepMs = 2000;
  await world.pass(() => world.attempts.length === 7, { stepMs });
  const [, , , fourth = 0, ...later] = world.secsOf(id);
  const waits = later.map((secs, index) => secs - (later[index - 1] ?? fourth));
  // 1 min, doubled each time, less a fifth at most, seen within a step.
  for (const [index, wait] of waits.entries()) {
    const full = 60 * 2 ** index;
    const isRight = wait >= 0.8 * full && wait <= full + stepMs / 1000;
    assert(isRight, `wait ${index + 1} was ${wait} s`);
  }
  assert.equal((await world.endpoint("room-events")).dead, 0);
});

Deno.test("CALLBACK_MAX_RETRIES and CALLBACK_RETRY_DELAY_SECONDS say how often and when", async () => {
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    settings: {
      CALLBACK_MAX_RETRIES: "1",
      CALLBACK_RETRY_DELAY_SECONDS: "30",
      CALLBACK_LONG_RETRY: "false",
    },
  });
  world.receiver.failWith(HTTP_500);
  const room_id = await world.app.createRoom();
  await world.pass(() => world.attempts.length === 2);
  assert.deepEqual(world.secsOf(`created_${room_id}`), [0, 30]);
  assert.equal((await deadLetters(world)).length, 1);
});

Deno.test("Retry-After is waited for, by every room", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app, receiver } = world;
  const headers = { "retry-after": "120" };
  receiver.failWith({ kind: "status", status: 429, headers }, { times: 1 });
  const first = await app.createRoom();
  await world.quiet();
  await world.advanceTo(1);
  const second = await app.createRoom();
  await world.quiet();
  const held = await world.endpoint("room-events");
  assert.deepEqual([held.held_until, held.backlog], [START_AT + 120_000, 2]);
  await world.advanceTo(119.999);
  await world.quiet();
  assert.equal(world.attempts.length, 1);
  await world.advanceTo(120);
  await world.quiet();
  assert.deepEqual(
    [first, second].map((room_id) => world.secsOf(`created_${room_id}`)),
    [[0, 120], [120]],
  );
});

Deno.test("410 stops an endpoint until an operator enables it", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app, receiver } = world;
  receiver.failWith({ kind: "status", status: 410 });
  const [first, second] = [await app.createRoom(), await app.createRoom()];
  await world.quiet();
  const tried = world.attempts.length;
  receiver.recover();
  await world.advanceTo(600);
  await world.quiet();
  assert.equal(world.attempts.length, tried);
  const row = await world.endpoint("room-events");
  assert.deepEqual(
    [row.state, row.reason, row.backlog, row.changed_at],
    ["disabled", "Answered 410", 2, START_AT],
  );
  const resume = "POST /management/callbacks/room-events/resume";
  const refused = await app.api(resume);
  assert.deepEqual([refused.status, refused.body.code], [
    409,
    "endpoint_disabled",
  ]);
  const enable = "POST /management/callbacks/room-events/enable";
  assert.equal((await world.api(enable)).state, "active");
  await world.quiet();
  for (const room_id of [first, second]) {
    assert.deepEqual(world.typesOf(room_id), ["RoomCreated"]);
  }
});

Deno.test("Without CALLBACK_LONG_RETRY an event is a dead letter after the fixed delays, and the next goes on", async () => {
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    settings: { CALLBACK_LONG_RETRY: "false" },
  });
  const { app, receiver } = world;
  receiver.failWith(HTTP_500, { times: 4 });
  const room_id = await app.createRoom();
  const ann = await app.joinRoom(room_id, "ann");
  await world.pass(() => receiver.effects.length > 0);
  assert.deepEqual(world.secsOf(`created_${room_id}`), [0, 5, 10, 15]);
  assert.deepEqual(world.secsOf(`joined_${ann.welcome.session_id}`), [15]);
  assert.deepEqual(await deadLetters(world), [
    {
      number: 1,
      id: `created_${room_id}`,
      endpoint: "room-events",
      event_type: "RoomCreated",
      room_id,
      at: START_AT,
      died_at: START_AT + 15_000,
      attempts: 4,
      error: "HTTP 500",
    },
  ]);
  await world.advanceTo(600);
  await world.quiet();
  assert.deepEqual(world.typesOf(room_id), ["UserJoined"]);
});

/**
 * Hours pass in which nothing gets better. The breaker lets one attempt through
 * in a minute, so rooms have to be served in turn.
 */
async function outlast(world: CallbackWorld, hours: number): Promise<void> {
  for (let third = 0; third < 3 * hours; third++) {
    world.clock.leap(HOUR_MS / 3);
    await world.quiet();
  }
}

Deno.test("What a receiver misses in 72 hours is kept, what follows arrives, and the rest when it is replayed", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app, receiver } = world;
  receiver.failWith(HTTP_500);
  const rooms: string[] = [];
  for (const secs of [0, 1000, 2000]) {
    await world.advanceTo(secs);
    rooms.push(await app.createRoom());
    await app.joinRoom(rooms.at(-1) ?? "", "ann");
    await world.quiet();
  }
  await outlast(world, 71);
  assert.deepEqual(await deadLetters(world), []);
  await outlast(world, 3);
  const dead = await deadLetters(world);
  assert.deepEqual(
    dead.map(({ id }) => id),
    rooms.map((room_id) => `created_${room_id}`),
  );
  assert(dead.every(({ attempts }) => Number(attempts) > 10));
  receiver.recover();
  await world.pass(() => receiver.effects.length === 3);
  assert.deepEqual(rooms.map((room_id) => world.typesOf(room_id)), [
    ["UserJoined"],
    ["UserJoined"],
    ["UserJoined"],
  ]);
  const [one, two, three] = rooms;
  const second = START_SECS + 2000;
  const queries = [
    { from: second, to: second },
    { room_id: two },
    { id: `created_${one}` },
  ];
  for (const query of queries) {
    assert.equal(await replay(world, query), 1);
    await world.quiet();
  }
  assert.deepEqual(
    receiver.effects.slice(3).map(({ id }) => id),
    [`created_${three}`, `created_${two}`, `created_${one}`],
  );
  assert.deepEqual(await deadLetters(world), []);
});

Deno.test("replay sends again what was delivered, when that is asked for", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  const ann = await app.joinRoom(room_id, "ann");
  await world.quiet();
  assert.equal(await replay(world, { room_id }), 0);
  assert.equal(await replay(world, { room_id, delivered: true }), 2);
  await world.quiet();
  const ids = [`created_${room_id}`, `joined_${ann.welcome.session_id}`];
  assert.deepEqual(receiver.deliveries.map(({ id }) => id), [...ids, ...ids]);
  const texts = receiver.deliveries.map(({ text }) => text);
  assert.deepEqual(texts.slice(2), texts.slice(0, 2));
  assert.equal(receiver.effects.length, 2);
});
