import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import { settle, START_AT } from "../support/fake_clock.ts";
import {
  FakeProcess,
  FakeStoreError,
  newDeliveryWorld,
  roomOf,
  urlOf,
} from "./delivery_world.ts";
import { metricValue } from "./metric_value.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ChatError && error.code === code;
}

Deno.test("Dispatcher delivers each event to its own endpoint", async () => {
  const { dispatcher, outbox, receiver, clock, stop } = await newDeliveryWorld({
    endpoints: ["room-events", "chat-history", "sync"],
  });
  const at = clock.now();
  const joined = outbox.add("a", at, "UserJoined");
  const batch = outbox.add("a", at, "ChatHistoryBatch");
  const sync = outbox.add("a", at, "RoomSync");
  dispatcher.start();
  await settle();
  const seen = receiver.attempts.map(({ id, url }) => `${id} ${url}`);
  assert.deepEqual(seen.toSorted(), [
    `${joined.id} ${urlOf("room-events")}`,
    `${batch.id} ${urlOf("chat-history")}`,
    `${sync.id} ${urlOf("sync")}`,
  ]);
  await stop();
});

Deno.test("Dispatcher delivers nothing before it starts", async () => {
  const { receiver, clock, add, stop } = await newDeliveryWorld();
  add("a");
  await clock.advance(HOUR_MS);
  assert.deepEqual(receiver.attempts, []);
  await stop();
});

Deno.test("Dispatcher delays no endpoint for another that is dead", async () => {
  const { dispatcher, outbox, receiver, clock, stop } = await newDeliveryWorld({
    endpoints: ["room-events", "chat-history"],
  });
  receiver.answer = ({ url }) => url === urlOf("chat-history") ? "hang" : 200;
  dispatcher.start();
  for (let room = 0; room < 100; room++) {
    outbox.add(`r${room}`, clock.now(), "ChatHistoryBatch");
  }
  dispatcher.wake();
  await settle();
  for (let second = 0; second < 10; second++) {
    const { id } = outbox.add("r1", clock.now());
    dispatcher.wake();
    await settle();
    assert.equal(receiver.effects.at(-1), id);
    await clock.advance(1000);
  }
  assert.equal(receiver.most.get(urlOf("chat-history")), 8);
  await stop();
});

Deno.test("Dispatcher delays no room for long for others that are refused", async () => {
  const { dispatcher, outbox, receiver, clock, stop } =
    await newDeliveryWorld();
  receiver.answer = ({ id }) => roomOf(id).startsWith("bad") ? 400 : 200;
  dispatcher.start();
  for (let room = 0; room < 40; room++) outbox.add(`bad${room}`, clock.now());
  dispatcher.wake();
  await settle();
  const told: string[] = [];
  for (let minute = 0; minute < 90; minute++) {
    told.push(outbox.add(`good${minute % 3}`, clock.now()).id);
    dispatcher.wake();
    await clock.advance(MINUTE_MS);
    const late = told.slice(0, -3)
      .filter((id) => !receiver.effects.includes(id));
    assert.deepEqual(late, [], `after ${minute} minutes`);
  }
  await stop();
});

Deno.test("Dispatcher is held up by no clock that is set back", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => 500;
  dispatcher.start();
  const waiting = add("a", "b", "c", "d", "e");
  await clock.advance(10 * MINUTE_MS);
  assert.equal(receiver.effects.length, 0);
  receiver.answer = () => 200;
  clock.setBack(6 * HOUR_MS);
  const fresh = outbox.add("f", clock.now()).id;
  dispatcher.wake();
  await clock.advance(2 * MINUTE_MS);
  const expected = [fresh, ...waiting].toSorted();
  assert.deepEqual(receiver.effects.toSorted(), expected);
  await stop();
});

Deno.test("Dispatcher gives an endpoint that is resumed all of its time again", async () => {
  const { dispatcher, receiver, clock, add, outbox, stop } =
    await newDeliveryWorld();
  receiver.answer = () => 500;
  dispatcher.start();
  const [id] = add("a");
  await clock.advance(10 * MINUTE_MS);
  await dispatcher.pause("room-events");
  await clock.advance(73 * HOUR_MS);
  await dispatcher.resume("room-events");
  await clock.advance(1000);
  assert.deepEqual(outbox.ids("dead"), []);
  receiver.answer = () => 200;
  await clock.advance(MINUTE_MS);
  assert.deepEqual(receiver.effects, [id]);
  await stop();
});

Deno.test("Dispatcher tells a room's end after its last batches", async () => {
  const { dispatcher, outbox, receiver, clock, stop } = await newDeliveryWorld({
    endpoints: ["room-events", "chat-history", "session-history"],
  });
  receiver.answer = ({ url }) => url === urlOf("room-events") ? 200 : "hang";
  const at = clock.now();
  outbox.add("a", at, "ChatHistoryBatch");
  outbox.add("a", at, "SessionHistoryBatch");
  const closed = outbox.add("a", at, "RoomClosed");
  const other = outbox.add("b", at, "RoomClosed");
  dispatcher.start();
  await clock.advance(5000);
  assert.deepEqual(receiver.effects, [other.id]);
  receiver.endHung(200);
  await clock.advance(5000);
  assert.equal(receiver.effects.at(-1), closed.id);
  assert.equal(outbox.rows.find(({ event }) => event === closed)?.attempts, 0);
  await stop();
});

Deno.test("Dispatcher tells a room's end without batches whose endpoint fails", async () => {
  const { dispatcher, outbox, receiver, clock, stop } = await newDeliveryWorld({
    endpoints: ["room-events", "chat-history"],
  });
  receiver.answer = ({ url }) => url === urlOf("room-events") ? 200 : 500;
  outbox.add("a", clock.now(), "ChatHistoryBatch");
  const closed = outbox.add("a", clock.now(), "RoomClosed");
  dispatcher.start();
  await clock.advance(400);
  assert.deepEqual(receiver.effects, [closed.id]);
  await stop();
});

Deno.test("Dispatcher tells a room's end while its batches' endpoint is stopped, open or held", async () => {
  const stops = {
    paused: () => 200,
    open: () => 500,
    held: () => ({ status: 429, retryAfterMs: HOUR_MS }),
  };
  for (const [how, answer] of Object.entries(stops)) {
    const { dispatcher, outbox, receiver, clock, stop } =
      await newDeliveryWorld({ endpoints: ["room-events", "chat-history"] });
    receiver.answer = ({ url }) =>
      url === urlOf("room-events") ? 200 : answer();
    if (how === "paused") await dispatcher.pause("chat-history");
    dispatcher.start();
    for (let room = 0; room < 5; room++) {
      outbox.add(`r${room}`, clock.now(), "ChatHistoryBatch");
    }
    dispatcher.wake();
    await settle();
    outbox.add("a", clock.now(), "ChatHistoryBatch");
    const closed = outbox.add("a", clock.now(), "RoomClosed");
    dispatcher.wake();
    await settle();
    assert.deepEqual(receiver.effects, [closed.id], how);
    await stop();
  }
});

Deno.test("Dispatcher tells a room's end when its batches have no URL any more", async () => {
  const { dispatcher, outbox, receiver, clock, stop } =
    await newDeliveryWorld();
  outbox.add("a", clock.now(), "ChatHistoryBatch");
  const closed = outbox.add("a", clock.now(), "RoomClosed");
  dispatcher.start();
  await settle();
  assert.deepEqual(receiver.effects, [closed.id]);
  await stop();
});

Deno.test("Dispatcher tells the status of each endpoint with a URL, in order", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld({
    endpoints: ["sync", "room-events"],
  });
  receiver.answer = ({ id }) => roomOf(id) === "a" ? 200 : 500;
  dispatcher.start();
  add("a");
  await clock.advance(1000);
  add("b", "b");
  await settle();
  const none = {
    backlog: 0,
    oldestAt: null,
    dead: 0,
    state: "active",
    reason: null,
    changedAt: START_AT,
    breaker: "closed",
    heldUntil: null,
    inFlight: 0,
  };
  assert.deepEqual(await dispatcher.status(), [
    {
      ...none,
      name: "room-events",
      url: "http://backend/room-events",
      lastSuccessAt: START_AT,
      lastErrorAt: START_AT + 1000,
      lastError: "Answered 500",
      backlog: 2,
      oldestAt: START_AT + 1000,
    },
    {
      ...none,
      name: "sync",
      url: "http://backend/sync",
      lastSuccessAt: null,
      lastErrorAt: null,
      lastError: null,
    },
  ]);
  await stop();
});

Deno.test("Dispatcher tells of an endpoint without a URL while something waits for it", async () => {
  const before = await newDeliveryWorld({
    endpoints: ["room-events", "chat-history", "sync"],
  });
  before.outbox.add("a", START_AT, "ChatHistoryBatch");
  await before.dispatcher.pause("chat-history");
  await before.stop();
  const { dispatcher } = await newDeliveryWorld({ after: before });
  const rows = await dispatcher.status();
  const told = rows.map(({ name, url, state }) => ({ name, url, state }));
  assert.deepEqual(told, [
    {
      name: "room-events",
      url: "http://backend/room-events",
      state: "active",
    },
    { name: "chat-history", url: null, state: "paused" },
  ]);
});

Deno.test("Dispatcher remembers a pause over a restart", async () => {
  const before = await newDeliveryWorld();
  await before.dispatcher.pause("room-events");
  await before.stop();
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld({
    after: before,
  });
  dispatcher.start();
  const [id] = add("a");
  await clock.advance(HOUR_MS);
  assert.deepEqual(receiver.attempts, []);
  const status = await dispatcher.resume("room-events");
  assert.equal(status.state, "active");
  await settle();
  assert.deepEqual(receiver.effects, [id]);
  await stop();
});

Deno.test("Dispatcher turns endpoints also when it delivers nothing", async () => {
  const { dispatcher, outbox, receiver } = await newDeliveryWorld();
  assert.equal((await dispatcher.pause("room-events")).state, "paused");
  outbox.add("a", START_AT + HOUR_MS);
  assert.equal((await dispatcher.enable("room-events")).state, "active");
  assert.equal(outbox.lane("room-events", "a")?.dueAt, START_AT);
  await settle();
  assert.deepEqual(receiver.attempts, []);
});

Deno.test("Dispatcher tries at once what waited when an endpoint is enabled", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = () => 500;
  dispatcher.start();
  const ids = add("a", "b", "c", "d", "e", "f");
  await clock.advance(HOUR_MS);
  receiver.answer = () => 200;
  await dispatcher.enable("room-events");
  await settle();
  assert.deepEqual(receiver.effects.toSorted(), ids);
  await stop();
});

Deno.test("Dispatcher refuses to turn an endpoint that is unknown or has no URL", async () => {
  const { dispatcher } = await newDeliveryWorld();
  for (const name of ["sync", "nothing", "", "__proto__"]) {
    await assert.rejects(dispatcher.enable(name), isCode("endpoint_not_found"));
    await assert.rejects(dispatcher.pause(name), isCode("endpoint_not_found"));
    await assert.rejects(dispatcher.resume(name), isCode("endpoint_not_found"));
  }
});

Deno.test("Dispatcher lets an endpoint that said 410 be enabled only", async () => {
  const { dispatcher, outbox, receiver, add, stop } = await newDeliveryWorld();
  receiver.answer = () => 410;
  dispatcher.start();
  const [id] = add("a");
  await settle();
  const [row] = await dispatcher.status();
  assert.equal(row?.state, "disabled");
  assert.equal(row.reason, "Answered 410");
  await assert.rejects(
    dispatcher.resume("room-events"),
    isCode("endpoint_disabled"),
  );
  await assert.rejects(
    dispatcher.pause("room-events"),
    isCode("endpoint_disabled"),
  );
  receiver.answer = () => 200;
  await dispatcher.enable("room-events");
  await settle();
  assert.deepEqual(receiver.effects, [id]);
  assert.deepEqual(outbox.ids("pending"), []);
  await stop();
});

Deno.test("Dispatcher drains when all that is due has been delivered", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = () => "hang";
  dispatcher.start();
  add("a", "b");
  await settle();
  let isDrained = false;
  const drained = dispatcher.drain(10_000).then(() => isDrained = true);
  await clock.advance(9999);
  assert.equal(isDrained, false);
  receiver.endHung(200);
  await drained;
  assert.equal(clock.now(), START_AT + 9999);
  assert.equal(clock.armed, 0);
  await stop();
});

Deno.test("Dispatcher drains no longer than it may", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = () => "hang";
  dispatcher.start();
  add("a");
  let isDrained = false;
  const drained = dispatcher.drain(10_000).then(() => isDrained = true);
  await clock.advance(9999);
  assert.equal(isDrained, false);
  await clock.advance(1);
  await drained;
  await stop();
});

Deno.test("Dispatcher, draining, does not wait for retries, pauses or a failing endpoint", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = () => 500;
  dispatcher.start();
  add("a");
  await dispatcher.drain(10_000);
  add("b", "c", "d", "e", "f");
  await dispatcher.drain(10_000);
  await dispatcher.pause("room-events");
  add("g");
  await dispatcher.drain(10_000);
  assert.equal(clock.now(), START_AT);
  await stop();
});

Deno.test("Dispatcher, draining, waits for a room's end that waits for batches", async () => {
  const { dispatcher, outbox, receiver, clock, stop } = await newDeliveryWorld({
    endpoints: ["room-events", "chat-history"],
  });
  receiver.answer = ({ url }) => url === urlOf("room-events") ? 200 : "hang";
  outbox.add("a", clock.now(), "ChatHistoryBatch");
  outbox.add("a", clock.now(), "RoomClosed");
  dispatcher.start();
  let isDrained = false;
  const drained = dispatcher.drain(10_000).then(() => isDrained = true);
  await clock.advance(100);
  receiver.endHung(200);
  await clock.advance(99);
  assert.equal(isDrained, false);
  await clock.advance(1);
  await drained;
  assert.deepEqual(outbox.ids("pending"), []);
  await stop();
});

Deno.test("Dispatcher, draining, waits for no room's end at an endpoint that is held", async () => {
  const { dispatcher, outbox, receiver, clock, stop } = await newDeliveryWorld({
    endpoints: ["room-events", "chat-history"],
  });
  receiver.answer = ({ url }) =>
    url === urlOf("chat-history")
      ? "hang"
      : { status: 429, retryAfterMs: HOUR_MS };
  outbox.add("a", clock.now(), "ChatHistoryBatch");
  outbox.add("a", clock.now(), "RoomClosed");
  outbox.add("b", clock.now(), "UserJoined");
  dispatcher.start();
  await settle();
  receiver.endHung(200);
  await dispatcher.drain(10_000);
  assert.equal(clock.now(), START_AT);
  await stop();
});

Deno.test("Dispatcher, draining, looks for what nobody told it of", async () => {
  const { dispatcher, outbox, receiver, clock, stop } =
    await newDeliveryWorld();
  dispatcher.start();
  await settle();
  const { id } = outbox.add("a", clock.now());
  await dispatcher.drain(10_000);
  assert.deepEqual(receiver.effects, [id]);
  await stop();
});

Deno.test("Dispatcher, draining, waits for a database that fails", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  outbox.failure = (call) =>
    call === "due" ? new FakeStoreError("locked") : undefined;
  dispatcher.start();
  add("a");
  let isDrained = false;
  const drained = dispatcher.drain(60_000).then(() => isDrained = true);
  await clock.advance(5000);
  assert.equal(isDrained, false);
  outbox.failure = () => undefined;
  await clock.advance(10_000);
  await drained;
  assert.equal(receiver.effects.length, 1);
  await stop();
});

Deno.test("Dispatcher drains at once when it was never started or has no endpoint", async () => {
  const { dispatcher, add, clock } = await newDeliveryWorld();
  add("a");
  await dispatcher.drain(10_000);
  const none = await newDeliveryWorld({ endpoints: [] });
  none.dispatcher.start();
  await none.dispatcher.drain(10_000);
  assert.deepEqual(await none.dispatcher.status(), []);
  await none.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("Dispatcher stops while it drains", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = () => "hang";
  dispatcher.start();
  add("a");
  await settle();
  const drained = dispatcher.drain(10_000);
  await dispatcher.stop();
  await drained;
  assert.equal(clock.armed, 0);
  await stop();
});

Deno.test("Dispatcher delivers again, in order, what a killed process had delivered and not written", async () => {
  const process = new FakeProcess();
  const before = await newDeliveryWorld({ process });
  const { outbox, receiver, clock } = before;
  const ids = before.add("a", "a", "b");
  outbox.gate = (call) => call === "settle" ? new Promise(() => {}) : undefined;
  before.dispatcher.start();
  await settle();
  assert.equal(receiver.effects.length, 3);
  process.kill();
  receiver.forgetSender();
  outbox.gate = () => undefined;
  const after = await newDeliveryWorld({ after: before });
  after.dispatcher.start();
  await settle();
  assert.deepEqual(receiver.ids.slice(3).toSorted(), ids);
  assert.equal(receiver.effects.length, 3);
  assert.deepEqual(outbox.ids("pending"), []);
  await after.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("Dispatcher brings the gauges up to date", async () => {
  const { dispatcher, outbox, metrics } = await newDeliveryWorld({
    endpoints: ["room-events", "sync"],
  });
  outbox.add("a", START_AT);
  outbox.add("a", START_AT);
  await dispatcher.pause("sync");
  await dispatcher.observe();
  function value(name: string, endpoint: string): Promise<number> {
    return metricValue(metrics, name, endpoint);
  }
  assert.equal(await value("callback_backlog", "room-events"), 2);
  assert.equal(await value("callback_backlog", "sync"), 0);
  assert.equal(await value("callback_blocked", "room-events"), 0);
  assert.equal(await value("callback_blocked", "sync"), 1);
});

Deno.test("Dispatcher keeps the gauges as they were when the database fails", async () => {
  const { dispatcher, outbox, metrics } = await newDeliveryWorld();
  outbox.add("a", START_AT);
  await dispatcher.observe();
  outbox.failure = () => new FakeStoreError("locked");
  await dispatcher.observe();
  const value = await metricValue(metrics, "callback_backlog", "room-events");
  assert.equal(value, 1);
});
