import assert from "node:assert/strict";
import { settle, START_AT } from "../support/fake_clock.ts";
import { metricValue } from "./metric_value.ts";
import {
  FakeStoreError,
  newDeliveryWorld,
  roomOf,
  urlOf,
} from "./delivery_world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const EVENTS_URL = urlOf("room-events");

function rooms(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `r${index}`);
}

Deno.test("Courier delivers a room's events in order and settles them", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  const ids = add("a", "a", "a");
  dispatcher.start();
  await settle();
  assert.deepEqual(receiver.ids, ids);
  assert.deepEqual(outbox.ids("pending"), []);
  assert.equal(outbox.settled.length, 1);
  assert.equal(clock.armed, 0);
  await stop();
});

Deno.test("Courier delivers what comes later when it is woken", async () => {
  const { dispatcher, receiver, add, stop } = await newDeliveryWorld();
  dispatcher.start();
  await settle();
  const ids = add("a", "b", "a");
  await settle();
  assert.deepEqual(receiver.effects.toSorted(), ids.toSorted());
  await stop();
});

Deno.test("Courier serves 32 rooms at once and no more, one attempt each", async () => {
  const { dispatcher, outbox, receiver, add, stop } = await newDeliveryWorld();
  receiver.answer = () => "hang";
  dispatcher.start();
  add(...rooms(40), ...rooms(40));
  await settle();
  assert.equal(receiver.attempts.length, 32);
  assert.equal(new Set(receiver.ids.map(roomOf)).size, 32);
  receiver.answer = () => 200;
  receiver.endHung(200);
  await settle();
  assert.equal(receiver.effects.length, 80);
  assert.equal(receiver.most.get(EVENTS_URL), 32);
  assert.deepEqual(outbox.ids("pending"), []);
  await stop();
});

Deno.test("Courier serves as many rooms at once as its endpoint may have", async () => {
  const wanted = [
    ["ChatHistoryBatch", "chat-history", 8],
    ["SessionHistoryBatch", "session-history", 8],
    ["PeriodicSync", "periodic-sync", 32],
    ["RoomSync", "sync", 2],
  ] as const;
  for (const [type, endpoint, most] of wanted) {
    const { dispatcher, outbox, receiver, clock, stop } =
      await newDeliveryWorld({ endpoints: [endpoint] });
    receiver.answer = () => "hang";
    for (const room of rooms(33)) outbox.add(room, clock.now(), type);
    dispatcher.start();
    await settle();
    assert.equal(receiver.attempts.length, most);
    await stop();
  }
});

Deno.test("Courier lets rooms with a backlog take turns, 16 events each", async () => {
  const { dispatcher, outbox, add, stop } = await newDeliveryWorld();
  add(...Array.from({ length: 40 }, () => "a"));
  dispatcher.start();
  await settle();
  const sizes = outbox.settled.flat().map(({ delivered }) => delivered.length);
  assert.deepEqual(sizes, [16, 16, 8]);
  await stop();
});

Deno.test("Courier tries an event at 0, 5, 10, 15 s, then after 1, 2, 4… 60 min", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = () => 500;
  dispatcher.start();
  const [id] = add("a", "a");
  await clock.advance(6 * HOUR_MS);
  const waits = receiver.attempts.map(({ at }, index) =>
    at - (receiver.attempts[index - 1]?.at ?? START_AT)
  );
  assert.deepEqual(waits.slice(0, 4), [0, 5000, 5000, 5000]);
  assert.deepEqual(
    waits.slice(4).map((wait) => wait / MINUTE_MS),
    [1, 2, 4, 8, 16, 32, 60, 60, 60, 60],
  );
  assert.deepEqual(new Set(receiver.ids), new Set([id]));
  await stop();
});

Deno.test("Courier gives an event up after 72 hours and goes on with the next", async () => {
  const world = await newDeliveryWorld();
  const { dispatcher, outbox, receiver, clock, log, metrics } = world;
  const [first = "", second = ""] = world.add("a", "a");
  receiver.answer = ({ id }) => id === first ? 500 : 200;
  dispatcher.start();
  await clock.advance(72 * HOUR_MS - 1);
  assert.deepEqual(outbox.ids("pending"), [first, second]);
  await clock.advance(1);
  assert.deepEqual(outbox.ids("dead"), [first]);
  // The gap of the breaker.
  await clock.advance(MINUTE_MS);
  assert.deepEqual(receiver.effects, [second]);
  const tries = receiver.attempts.filter(({ id }) => id === first);
  assert.equal(tries.at(-1)?.at, START_AT + 72 * HOUR_MS);
  const row = outbox.rows[0];
  assert.equal(row?.attempts, tries.length);
  assert.equal(row?.error, "Answered 500");
  const endpoint = "room-events";
  assert.equal(await metricValue(metrics, "callbacks_dead_total", endpoint), 1);
  const lines = log.lines.filter(({ level }) => level !== "debug");
  assert.deepEqual(lines.map(({ fields }) => fields["event"]), [
    "callback_endpoint_failing",
    "callback_died",
    "callback_endpoint_recovered",
  ]);
  assert.deepEqual(lines[1], {
    level: "warn",
    line: `Gave up callback ${first} to room-events: Answered 500`,
    fields: {
      event: "callback_died",
      endpoint,
      id: first,
      room: "a",
      type: "UserJoined",
    },
  });
  await world.stop();
});

Deno.test("Courier gives an event up after the fixed delays when that is all", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld({ retry: { retriesMax: 1, isLongRetry: false } });
  receiver.answer = () => 500;
  dispatcher.start();
  const ids = add("a", "a");
  await clock.advance(4999);
  assert.deepEqual(outbox.ids("dead"), []);
  await clock.advance(1);
  assert.deepEqual(outbox.ids("dead"), ids.slice(0, 1));
  await clock.advance(5000);
  assert.deepEqual(outbox.ids("dead"), ids);
  assert.deepEqual(receiver.ids, ids.flatMap((id) => [id, id]));
  await stop();
});

Deno.test("Courier counts each event's failures for itself", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => 500;
  dispatcher.start();
  const [first = "", second = ""] = add("a", "a");
  await clock.advance(5000);
  assert.equal(outbox.lane("room-events", "a")?.attempts, 2);
  receiver.answer = ({ id }) => id === first ? 200 : 500;
  await clock.advance(5000);
  assert.deepEqual(receiver.effects, [first]);
  const lane = outbox.lane("room-events", "a");
  assert.equal(lane?.attempts, 1);
  assert.equal(lane?.failingSince, START_AT + 10_000);
  receiver.answer = () => 200;
  await clock.advance(5000);
  assert.deepEqual(receiver.effects, [first, second]);
  await stop();
});

Deno.test("Courier delays no room for another that fails", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = ({ id }) => roomOf(id) === "bad" ? 400 : 200;
  dispatcher.start();
  add("bad", "bad");
  for (let second = 0; second < 30; second++) {
    const [id = ""] = add("good");
    await settle();
    assert.equal(receiver.effects.at(-1), id);
    await clock.advance(1000);
  }
  assert.equal(receiver.ids.filter((id) => roomOf(id) === "bad").length, 4);
  await stop();
});

Deno.test("Courier looks once more for however many wakes while it looks", async () => {
  const { dispatcher, outbox, receiver, add, stop } = await newDeliveryWorld();
  const { promise, resolve } = Promise.withResolvers<void>();
  outbox.gate = (call) => call === "due" ? promise : undefined;
  dispatcher.start();
  await settle();
  const [id] = add("a");
  for (let wake = 0; wake < 100; wake++) dispatcher.wake();
  await settle();
  assert.equal(outbox.calls.due, 1);
  resolve();
  await settle();
  assert.deepEqual(receiver.ids, [id]);
  assert(outbox.calls.due <= 4, `${outbox.calls.due} looks`);
  await stop();
});

Deno.test("Courier reads nothing while as many rooms as may be are served", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => "hang";
  add(...rooms(32));
  dispatcher.start();
  await settle();
  const looks = outbox.calls.due;
  for (let wake = 0; wake < 10; wake++) {
    add("late");
    await settle();
  }
  assert.equal(outbox.calls.due, looks);
  assert.equal(clock.armed, 0);
  receiver.answer = () => 200;
  receiver.endHung(200);
  await settle();
  assert.deepEqual(outbox.ids("pending"), []);
  await stop();
});

Deno.test("Courier says once that it cannot read what waits, and tries again", async () => {
  const { dispatcher, outbox, receiver, clock, log, add, stop } =
    await newDeliveryWorld();
  outbox.failure = (call) =>
    call === "due" ? new FakeStoreError("locked") : undefined;
  const [id] = add("a");
  dispatcher.start();
  await clock.advance(7000);
  // At once, after 1 s, 2 s and 4 s.
  assert.equal(outbox.calls.due, 4);
  outbox.failure = () => undefined;
  await clock.advance(8000);
  assert.deepEqual(receiver.effects, [id]);
  assert.deepEqual(log.texts, [
    "error Cannot read the callbacks that wait for room-events",
    "info Callbacks that wait for room-events are read again",
  ]);
  await stop();
});

Deno.test("Courier delivers a room no further while its outcome cannot be written", async () => {
  const { dispatcher, outbox, receiver, clock, log, add, stop } =
    await newDeliveryWorld();
  outbox.failure = (call) =>
    call === "settle" ? new FakeStoreError("locked") : undefined;
  dispatcher.start();
  const [first = ""] = add("a");
  await settle();
  const [second = "", other = ""] = add("a", "b");
  await clock.advance(100_000);
  assert.deepEqual(receiver.ids, [first, other]);
  outbox.failure = () => undefined;
  await clock.advance(30_000);
  assert.deepEqual(receiver.ids, [first, other, second]);
  assert.deepEqual(outbox.ids("pending"), []);
  assert.deepEqual(log.texts, [
    "error Cannot write what came of callbacks",
    "info What comes of callbacks is written again",
  ]);
  await stop();
});

Deno.test("Courier, its breaker open, tries one room at a time, at growing gaps", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => 503;
  dispatcher.start();
  add(...rooms(60));
  await settle();
  assert.equal(receiver.attempts.length, 32);
  const before = receiver.attempts.length;
  await clock.advance(195_000);
  const tries = receiver.attempts.slice(before);
  assert.deepEqual(
    tries.map(({ at }) => (at - START_AT) / 1000),
    [5, 15, 35, 75, 135, 195],
  );
  assert.equal(new Set(tries.map(({ id }) => id)).size, 6);
  assert.equal(outbox.queries.at(-1)?.lanesMax, 1);
  assert.equal(outbox.ids("pending").length, 60);
  await stop();
});

Deno.test("Courier, its breaker open, begins nothing beside an attempt that hangs", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = () => 503;
  dispatcher.start();
  add(...rooms(10));
  await clock.advance(4999);
  receiver.answer = () => "hang";
  await clock.advance(1);
  assert.equal(receiver.attempts.length, 11);
  add(...rooms(20));
  await clock.advance(25_000);
  assert.equal(receiver.attempts.length, 11);
  await stop();
});

Deno.test("Courier looks each minute, were the wall clock set forward meanwhile", async () => {
  const { dispatcher, outbox, clock, stop } = await newDeliveryWorld();
  outbox.add("a", clock.now() + 24 * HOUR_MS);
  dispatcher.start();
  await settle();
  assert.equal(outbox.calls.due, 1);
  await clock.advance(10 * MINUTE_MS);
  assert.equal(outbox.calls.due, 11);
  await stop();
});

Deno.test("Courier tries all that waits at once when the endpoint works again", async () => {
  const { dispatcher, outbox, receiver, clock, log, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => 503;
  dispatcher.start();
  const ids = add(...rooms(60));
  await clock.advance(HOUR_MS);
  receiver.answer = () => 200;
  await clock.advance(60_000);
  assert.deepEqual(receiver.effects.toSorted(), ids.toSorted());
  assert.deepEqual(outbox.ids("pending"), []);
  assert.equal(outbox.calls.release, 1);
  const told = log.texts.filter((line) => !line.startsWith("debug"));
  assert.deepEqual(told, [
    "warn Callbacks to room-events fail: Answered 503",
    "info Callbacks to room-events work again",
  ]);
  await stop();
});

Deno.test("Courier releases after it could not", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => 503;
  dispatcher.start();
  add(...rooms(40));
  await clock.advance(HOUR_MS);
  receiver.answer = () => 200;
  outbox.failure = (call) =>
    call === "release" ? new FakeStoreError("locked") : undefined;
  await clock.advance(60_000);
  outbox.failure = () => undefined;
  await clock.advance(30_000);
  assert.deepEqual(outbox.ids("pending"), []);
  await stop();
});

Deno.test("Courier makes rooms that are refused due once a minute at most", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  receiver.answer = ({ id }) => roomOf(id) === "good" ? 200 : 400;
  dispatcher.start();
  add(...rooms(20));
  for (let second = 0; second < 600; second++) {
    add("good");
    await clock.advance(1000);
  }
  assert(outbox.calls.release <= 10, `${outbox.calls.release} releases`);
  assert.deepEqual(
    outbox.ids("pending").filter((id) => roomOf(id) === "good"),
    [],
  );
  await stop();
});

Deno.test("Courier leaves an endpoint alone for as long as it asks", async () => {
  for (const status of [429, 503]) {
    const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
    receiver.answer = () => ({ status, retryAfterMs: 90_000 });
    dispatcher.start();
    const [first = ""] = add("a");
    await settle();
    receiver.answer = () => 200;
    const [second = ""] = add("b");
    await clock.advance(89_999);
    assert.deepEqual(receiver.ids, [first]);
    const [row] = await dispatcher.status();
    assert.equal(row?.heldUntil, START_AT + 90_000);
    await clock.advance(1);
    assert.deepEqual(receiver.effects.toSorted(), [first, second]);
    await stop();
  }
});

Deno.test("Courier leaves only the room alone when another status asks to wait", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = ({ id }) =>
    roomOf(id) === "a" ? { status: 500, retryAfterMs: 90_000 } : 200;
  dispatcher.start();
  add("a");
  await settle();
  const [other] = add("b");
  await settle();
  assert.deepEqual(receiver.effects, [other]);
  await clock.advance(89_999);
  assert.equal(receiver.attempts.length, 2);
  await clock.advance(1);
  assert.equal(receiver.attempts.length, 3);
  await stop();
});

Deno.test("Courier stops at 410, counts no attempt and keeps the event", async () => {
  const { dispatcher, outbox, receiver, clock, log, add, stop } =
    await newDeliveryWorld();
  const ids = add("a", "a", "a");
  receiver.answer = ({ id }) => id === ids[1] ? 410 : 200;
  dispatcher.start();
  await clock.advance(HOUR_MS);
  add("b");
  await clock.advance(HOUR_MS);
  assert.deepEqual(receiver.ids, ids.slice(0, 2));
  assert.equal(outbox.lane("room-events", "a")?.attempts, 0);
  assert.equal(outbox.saved.get("room-events")?.state, "disabled");
  assert.equal(clock.armed, 0);
  assert.deepEqual(log.texts, [
    "error Callbacks to room-events stop: it answered 410; enable it again",
  ]);
  receiver.answer = () => 200;
  await dispatcher.enable("room-events");
  await settle();
  assert.equal(receiver.effects.length, 4);
  await stop();
});

Deno.test("Courier, paused while an attempt is under way, ends it and begins none", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => "hang";
  dispatcher.start();
  const [first = "", second = ""] = add("a", "a");
  await settle();
  const status = await dispatcher.pause("room-events");
  assert.equal(status.state, "paused");
  assert.equal(status.inFlight, 1);
  receiver.endHung(200);
  await clock.advance(HOUR_MS);
  assert.deepEqual(receiver.ids, [first]);
  assert.deepEqual(outbox.ids("pending"), [second]);
  assert.equal(clock.armed, 0);
  receiver.answer = () => 200;
  await dispatcher.resume("room-events");
  await settle();
  assert.deepEqual(receiver.effects, [first, second]);
  await stop();
});

Deno.test("Courier, paused while a room waits for a retry, sleeps on", async () => {
  const { dispatcher, receiver, clock, add, stop } = await newDeliveryWorld();
  receiver.answer = () => 500;
  dispatcher.start();
  add("a");
  await settle();
  assert.equal(clock.armed, 1);
  await dispatcher.pause("room-events");
  await settle();
  assert.equal(clock.armed, 0);
  await stop();
});

Deno.test("Courier, paused, keeps the outcome of an attempt that fails", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => "hang";
  dispatcher.start();
  add("a");
  await settle();
  await dispatcher.pause("room-events");
  receiver.endHung(500);
  await settle();
  assert.equal(clock.armed, 0);
  await clock.advance(HOUR_MS);
  assert.equal(receiver.attempts.length, 1);
  assert.equal(outbox.lane("room-events", "a")?.attempts, 1);
  await stop();
});

Deno.test("Courier, stopped, cuts what is under way and writes what was delivered", async () => {
  const { dispatcher, outbox, receiver, clock, add, stop } =
    await newDeliveryWorld();
  const ids = add("a", "a", "a", "b");
  receiver.answer = ({ id }) => id === ids[0] ? 200 : "hang";
  dispatcher.start();
  await settle();
  await stop();
  assert.deepEqual(outbox.ids("pending"), ids.slice(1));
  assert.equal(outbox.lane("room-events", "a")?.attempts, 0);
  dispatcher.wake();
  await clock.advance(HOUR_MS);
  assert.equal(receiver.attempts.length, 3);
});

Deno.test("Courier, stopped while it looks, begins with nothing", async () => {
  const { dispatcher, outbox, receiver, add, stop } = await newDeliveryWorld();
  const { promise, resolve } = Promise.withResolvers<void>();
  outbox.gate = (call) => call === "due" ? promise : undefined;
  const ids = add("a", "b");
  dispatcher.start();
  await settle();
  let isStopped = false;
  const stopped = stop().then(() => isStopped = true);
  await settle();
  assert.equal(isStopped, false);
  resolve();
  await stopped;
  assert.deepEqual(receiver.attempts, []);
  assert.deepEqual(outbox.ids("pending"), ids);
});

Deno.test("Courier, stopped while the database fails, leaves events to the next start", async () => {
  const before = await newDeliveryWorld();
  before.outbox.failure = (call) =>
    call === "settle" ? new FakeStoreError("locked") : undefined;
  const ids = before.add("a", "a");
  before.dispatcher.start();
  await before.clock.advance(5000);
  await before.stop();
  before.outbox.failure = () => undefined;
  const after = await newDeliveryWorld({ after: before });
  after.dispatcher.start();
  await settle();
  assert.deepEqual(after.receiver.ids, [...ids, ...ids]);
  assert.deepEqual(after.receiver.effects, ids);
  assert.deepEqual(after.outbox.ids("pending"), []);
  await after.stop();
});

Deno.test("Courier tells of no dead letter that could not be written", async () => {
  const { dispatcher, outbox, receiver, log, metrics, add, stop } =
    await newDeliveryWorld({ retry: { retriesMax: 0, isLongRetry: false } });
  receiver.answer = () => 500;
  outbox.failure = (call) =>
    call === "settle" ? new FakeStoreError("locked") : undefined;
  add("a");
  dispatcher.start();
  await settle();
  await stop();
  const dead = await metricValue(
    metrics,
    "callbacks_dead_total",
    "room-events",
  );
  assert.equal(dead, NaN);
  const told = log.lines.map(({ fields }) => fields["event"]);
  assert.equal(told.includes("callback_died"), false);
});

Deno.test("Courier goes on with a retry where the last run stopped", async () => {
  const before = await newDeliveryWorld();
  before.receiver.answer = () => 500;
  before.dispatcher.start();
  before.add("a");
  await before.clock.advance(12_000);
  await before.stop();
  const after = await newDeliveryWorld({ after: before });
  after.dispatcher.start();
  await after.clock.advance(HOUR_MS);
  const seconds = after.receiver.attempts.map(({ at }) =>
    (at - START_AT) / 1000
  );
  assert.deepEqual(seconds.slice(0, 6), [0, 5, 10, 15, 75, 195]);
  await after.stop();
});

Deno.test("Courier waits a second for a database that a body cannot be read from", async () => {
  let isBroken = true;
  const { dispatcher, outbox, receiver, clock, log, add, stop } =
    await newDeliveryWorld({
      textOf: () =>
        isBroken
          ? Promise.reject(new FakeStoreError("locked"))
          : Promise.resolve("{}"),
    });
  const [id] = add("a");
  dispatcher.start();
  await clock.advance(10_500);
  assert.deepEqual(receiver.attempts, []);
  assert.equal(outbox.lane("room-events", "a")?.attempts, 0);
  assert.equal(outbox.calls.settle, 11);
  assert.deepEqual(log.texts, []);
  isBroken = false;
  await clock.advance(500);
  assert.deepEqual(receiver.effects, [id]);
  await stop();
});

Deno.test("Courier gives an event up whose body cannot be made, and blames no endpoint", async () => {
  const world = await newDeliveryWorld({
    retry: { isLongRetry: false },
    textOf: ({ roomId }) =>
      roomId === "bad"
        ? Promise.reject(new TypeError("no such field"))
        : Promise.resolve("{}"),
  });
  const { dispatcher, outbox, receiver, clock, log } = world;
  const ids = world.add(...Array.from({ length: 5 }, () => "bad"), "good");
  dispatcher.start();
  await clock.advance(15_000);
  assert.deepEqual(outbox.ids("dead"), ids.slice(0, 1));
  assert.equal(outbox.rows[0]?.error, "Cannot make the body");
  await clock.advance(MINUTE_MS);
  assert.deepEqual(outbox.ids("dead"), ids.slice(0, 5));
  assert.deepEqual(receiver.ids, ids.slice(5));
  const [status] = await dispatcher.status();
  assert.equal(status?.breaker, "closed");
  const failing = log.lines.filter(({ fields }) =>
    fields["event"] === "callback_endpoint_failing"
  );
  assert.deepEqual(failing, []);
  await world.stop();
});

Deno.test("Courier survives a bug in the sending and tries again a second later", async () => {
  const { dispatcher, receiver, clock, log, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => Promise.reject(new TypeError("a bug"));
  const [id] = add("a");
  dispatcher.start();
  await clock.advance(999);
  assert.equal(receiver.attempts.length, 1);
  receiver.answer = () => 200;
  await clock.advance(1);
  assert.deepEqual(receiver.effects, [id]);
  assert.deepEqual(log.texts, [
    "error Failed to deliver callbacks of a room",
  ]);
  await stop();
});

Deno.test("Courier counts what it delivers, what fails, and how long both take", async () => {
  const { dispatcher, receiver, clock, metrics, add, stop } =
    await newDeliveryWorld();
  receiver.answer = () => "hang";
  dispatcher.start();
  add("a", "a");
  await clock.advance(2000);
  receiver.endHung(500);
  receiver.answer = () => 200;
  await clock.advance(5000);
  function value(name: string, endpoint?: string): Promise<number> {
    return metricValue(metrics, name, endpoint);
  }
  assert.equal(await value("callbacks_delivered_total", "room-events"), 2);
  assert.equal(
    await value("callback_attempts_failed_total", "room-events"),
    1,
  );
  assert.equal(await value("callback_seconds_count"), 3);
  assert.equal(await value("callback_seconds_sum"), 2);
  assert.equal(await value("callback_delay_seconds_count"), 2);
  assert.equal(await value("callback_delay_seconds_sum"), 14);
  await stop();
});
