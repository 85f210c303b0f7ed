// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  CALLBACK_PATHS,
  CallbackReceiver,
  type Delivery,
} from "../support/callback_receiver.ts";
import {
  type CallbackUrlName,
  CallbackWorld,
} from "../support/callback_world.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";
import type { Frame } from "../support/ws_client.ts";

const START_SECS = START_AT / 1000;
const CHAT: readonly CallbackUrlName[] = ["CHAT_HISTORY_CALLBACK_URL"];
const SESSIONS: readonly CallbackUrlName[] = ["SESSION_HISTORY_CALLBACK_URL"];

/** Comes, says things and stays; answers what was acknowledged. */
async function say(
  app: TestApp,
  roomId: string,
  ...contents: string[]
): Promise<Frame[]> {
  const ann = await app.joinRoom(roomId, "ann");
  const acks: Frame[] = [];
  for (const content of contents) {
    ann.sendChat(content, content);
    acks.push(await ann.expectAck(content));
  }
  return acks;
}

/** What the batches that had effect hold, one list each. */
function told(
  { effects }: CallbackReceiver,
  list: "messages" | "sessions",
  field: string,
): unknown[][] {
  return effects.map(({ body }) =>
    (body[list] as Frame[]).map((one) => one[field])
  );
}

function lastFlags({ effects }: CallbackReceiver): unknown[] {
  return effects.map(({ body }) => body.is_last_batch);
}

Deno.test("Chat messages are told every CHAT_HISTORY_BATCH_INTERVAL_SECONDS", async () => {
  await using world = await CallbackWorld.start({ urls: CHAT });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  await world.advanceTo(12.345);
  const [first, second] = await say(app, room_id, "hello", "你好 👋");
  await world.advanceTo(299.999);
  await app.runJob("chat_batches");
  await world.quiet();
  assert.equal(receiver.deliveries.length, 0);
  await world.advanceTo(300);
  await app.runJob("chat_batches");
  const { body, id, path } = await receiver.expectEvent("ChatHistoryBatch");
  const said = {
    user_id: "ann",
    nickname: "ANN",
    created_at: START_SECS + 12,
    at: START_AT + 12_345,
  };
  assert.deepEqual(body, {
    event_type: "ChatHistoryBatch",
    room_id,
    messages: [
      { ...said, content: "hello", id: first?.payload?.["id"], seq: 1 },
      { ...said, content: "你好 👋", id: second?.payload?.["id"], seq: 2 },
    ],
    batch_id: `chat_${room_id}_1`,
    is_last_batch: true,
    timestamp: START_SECS + 300,
  });
  const madeAt = START_AT + 300_000;
  assert.deepEqual(
    [id, path],
    [`chat_${room_id}_1_${madeAt}`, "/api/chat-history"],
  );
});

Deno.test("A run tells what none told before, and nothing when there is no news", async () => {
  await using world = await CallbackWorld.start({ urls: CHAT });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  const says = [["a", "b"], ["c"], []];
  for (const [index, contents] of says.entries()) {
    await say(app, room_id, ...contents);
    await world.advanceTo(300 * (index + 1));
    await app.runJob("chat_batches");
    await world.quiet();
  }
  assert.deepEqual(told(receiver, "messages", "content"), [["a", "b"], ["c"]]);
  assert.deepEqual(
    receiver.effects.map(({ body }) => body.batch_id),
    [`chat_${room_id}_1`, `chat_${room_id}_2`],
  );
});

Deno.test("An interval of less than a minute is kept by the clock", async () => {
  await using world = await CallbackWorld.start({
    urls: CHAT,
    settings: { CHAT_HISTORY_BATCH_INTERVAL_SECONDS: "10" },
  });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  await say(app, room_id, "hello");
  await world.advanceTo(9.999);
  await world.quiet();
  assert.equal(receiver.deliveries.length, 0);
  await world.advanceTo(10);
  await receiver.expectEvent("ChatHistoryBatch", room_id);
});

Deno.test("Batches hold CHAT_HISTORY_BATCH_SIZE messages, and the last of a run says so", async () => {
  await using world = await CallbackWorld.start({
    urls: CHAT,
    settings: { CHAT_HISTORY_BATCH_SIZE: "2" },
  });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  await say(app, room_id, "a", "b", "c", "d", "e");
  await world.advanceTo(300);
  await app.runJob("chat_batches");
  await world.quiet();
  assert.deepEqual(told(receiver, "messages", "seq"), [[1, 2], [3, 4], [5]]);
  assert.deepEqual(lastFlags(receiver), [false, false, true]);
});

Deno.test("A message that was deleted before it was told is not told", async () => {
  await using world = await CallbackWorld.start({ urls: CHAT });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  await say(app, room_id, "a", "regret", "c");
  await world.api(`DELETE /management/rooms/${room_id}/messages/2`);
  await world.advanceTo(300);
  await app.runJob("chat_batches");
  await world.quiet();
  assert.deepEqual(told(receiver, "messages", "content"), [["a", "c"]]);
});

Deno.test("A batch that is tried again is the same, whatever was said since", async () => {
  await using world = await CallbackWorld.start({ urls: CHAT });
  const { app, receiver } = world;
  receiver.failWith({ kind: "break" }, { times: 2 });
  const room_id = await app.createRoom();
  await say(app, room_id, "a", "b");
  await world.advanceTo(300);
  await app.runJob("chat_batches");
  await world.quiet();
  await say(app, room_id, "c");
  await world.advanceTo(600);
  await app.runJob("chat_batches");
  await world.pass(() => receiver.effects.length === 2);
  const ids = receiver.deliveries.map(({ id }) => id);
  const one = `chat_${room_id}_1_${START_AT + 300_000}`;
  const two = `chat_${room_id}_2_${START_AT + 600_000}`;
  assert.deepEqual(ids, [one, one, one, two]);
  const texts = receiver.deliveries.slice(0, 3).map(({ text }) => text);
  assert.equal(new Set(texts).size, 1);
  assert.deepEqual(told(receiver, "messages", "content"), [["a", "b"], ["c"]]);
});

Deno.test("Stays are told every SESSION_HISTORY_BATCH_INTERVAL_SECONDS, in the order of their ends", async () => {
  await using world = await CallbackWorld.start({
    urls: SESSIONS,
    settings: { SESSION_HISTORY_BATCH_SIZE: "2" },
  });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  const [ann, bob, cat, dan] = [
    await app.joinRoom(room_id, "ann"),
    await app.joinRoom(room_id, "bob"),
    await app.joinRoom(room_id, "cat"),
    await app.joinRoom(room_id, "dan"),
  ];
  for (const [index, client] of [cat, ann, bob].entries()) {
    await world.advanceTo(60.5 * (index + 1));
    await client.close(3000 + index);
    await app.expectConnections(3 - index);
    await app.idle();
  }
  await world.advanceTo(599.999);
  await app.runJob("session_batches");
  await world.quiet();
  assert.equal(receiver.deliveries.length, 0);
  await world.advanceTo(600);
  await app.runJob("session_batches");
  await world.quiet();
  const [first, second] = receiver.effects;
  assert.deepEqual(first?.body, {
    event_type: "SessionHistoryBatch",
    room_id,
    sessions: [
      {
        user_id: "cat",
        nickname: "CAT",
        join_time: START_SECS,
        leave_time: START_SECS + 60,
        duration_seconds: 60,
        session_id: cat.welcome.session_id,
        joined_at: START_AT,
        left_at: START_AT + 60_500,
        close_code: 3000,
      },
      {
        user_id: "ann",
        nickname: "ANN",
        join_time: START_SECS,
        leave_time: START_SECS + 121,
        duration_seconds: 121,
        session_id: ann.welcome.session_id,
        joined_at: START_AT,
        left_at: START_AT + 121_000,
        close_code: 3001,
      },
    ],
    batch_id: `session_${room_id}_1`,
    is_last_batch: false,
    timestamp: START_SECS + 600,
  });
  assert.equal(second?.id, `session_${room_id}_2_${START_AT + 600_000}`);
  await dan.close();
  await app.expectConnections(0);
  await world.advanceTo(1200);
  await app.runJob("session_batches");
  await world.quiet();
  assert.deepEqual(
    told(receiver, "sessions", "user_id"),
    [["cat", "ann"], ["bob"], ["dan"]],
  );
  assert.deepEqual(lastFlags(receiver), [false, true, true]);
});

/** How long a receiver thinks about a batch, in ms. */
const THOUGHT_MS = 300;

/** The first delivery of a type. */
function firstOf({ deliveries }: CallbackReceiver, type: string): Delivery {
  const found = deliveries.find((one) => one.type === type);
  assert(found, `no ${type} came`);
  return found;
}

Deno.test("RoomClosed comes after the room's last batches are taken, and after everyone left", async () => {
  await using receiver = CallbackReceiver.start();
  for (const path of ["/api/chat-history", "/api/session-history"] as const) {
    receiver.failWith({ kind: "delay", ms: THOUGHT_MS }, { path });
  }
  await using app = await newTestApp(receiver.settings(), { isRealTime: true });
  const room_id = await app.createRoom();
  await say(app, room_id, "last words");
  await app.joinRoom(room_id, "bob");
  const room = `/management/rooms/${room_id}`;
  assert.equal((await app.api(`DELETE ${room}`)).status, 204);
  const closed = await receiver.expectEvent("RoomClosed", room_id);
  for (const type of ["ChatHistoryBatch", "SessionHistoryBatch"]) {
    const { at, body } = firstOf(receiver, type);
    assert.equal(body.is_last_batch, true);
    // It came when the answer to the batch, and not the batch, was there.
    assert(closed.at - at >= THOUGHT_MS - 5, `${type}: ${closed.at - at} ms`);
  }
  const events = receiver.deliveries
    .filter(({ path }) => path === "/api/room-events")
    .map(({ type }) => type);
  const stays = ["UserJoined", "UserJoined", "UserLeft", "UserLeft"];
  assert.deepEqual(events, ["RoomCreated", ...stays, "RoomClosed"]);
  const { body } = await app.api(`GET ${room}`);
  assert.equal(closed.body.timestamp, body.end_time);
});

Deno.test("The seed's receiver reads all of a room, and answers each of its paths with success", async () => {
  await using receiver = CallbackReceiver.start();
  const settings = { ...receiver.settings(), SYNC_INTERVAL_SECONDS: "1" };
  await using app = await newTestApp(settings, { isRealTime: true });
  const room_id = await app.createRoom();
  await say(app, room_id, "one", "two");
  await receiver.expectEvent("PeriodicSync", room_id);
  await app.api(`DELETE /management/rooms/${room_id}`);
  await receiver.expectEvent("RoomClosed", room_id);
  const answers = new Map(
    receiver.deliveries.map(({ answer, path }) => [path, answer]),
  );
  assert.deepEqual(
    Object.values(CALLBACK_PATHS).map((path) => answers.get(path)),
    ["200", "200", "200", "200", "200"],
  );
  const known = `http://127.0.0.1:${receiver.port}/rooms/${room_id}`;
  const room = await (await fetch(known)).json();
  assert.equal(room.room_name, "Lounge");
  assert.equal(room.is_closed, true);
  assert.equal(room.room_info.room_name, "Lounge");
  assert.deepEqual(
    room.chat_history.map(({ content }: Frame) => content),
    ["one", "two"],
  );
  assert.equal(room.session_history[0].user_id, "ann");
});
