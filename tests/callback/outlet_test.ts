import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { Outlet, retiredStatus } from "../../src/callback/outlet.ts";
import { Settler } from "../../src/callback/settler.ts";
import { FakeClock, settle, START_AT } from "../support/fake_clock.ts";
import { FakeOutbox } from "../support/fake_outbox.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { FakeReceiver } from "./delivery_world.ts";

const URL_NOW = "http://ann:secret@backend/sync?key=1";
const HISTORY = {
  name: "sync",
  lastSuccessAt: 1,
  lastErrorAt: 2,
  lastError: "no",
  backlog: 3,
  oldestAt: 4,
  dead: 5,
} as const;

function newWorld() {
  const outbox = new FakeOutbox();
  const clock = new FakeClock();
  const receiver = new FakeReceiver(clock);
  const log = new RecordingLog();
  const ids = { uuid: () => "id", fraction: () => 0 };
  const settler = new Settler({ queue: outbox, clock, ids, log });
  const outlet = new Outlet({
    name: "sync",
    url: URL_NOW,
    queue: outbox,
    endpoints: outbox,
    settler,
    bodies: { textOf: () => Promise.resolve("{}") },
    mustWait: () => Promise.resolve(false),
    isStoreFailure: () => false,
    post: receiver.post,
    retry: { retriesMax: 9, retryDelayMs: 3_600_000, isLongRetry: false },
    clock,
    ids,
    log,
    metrics: new Metrics(),
  });
  return { outlet, outbox, clock, receiver };
}

Deno.test("Outlet tells how its endpoint does, beside what the database knows", () => {
  const { outlet } = newWorld();
  assert.deepEqual(outlet.status(HISTORY), {
    ...HISTORY,
    url: "http://backend/sync",
    state: "active",
    reason: null,
    changedAt: START_AT,
    breaker: "closed",
    heldUntil: null,
    inFlight: 0,
  });
  assert.equal(outlet.isBlocked, false);
});

Deno.test("Outlet is blocked while its breaker is open, and tells until when", async () => {
  const { outlet, outbox, clock, receiver } = newWorld();
  receiver.answer = () => 500;
  for (let room = 0; room < 5; room++) {
    outbox.add(`r${room}`, clock.now(), "RoomSync");
  }
  outlet.courier.start();
  await settle();
  assert.equal(outlet.isBlocked, true);
  const { breaker, heldUntil } = outlet.status(HISTORY);
  assert.equal(breaker, "open");
  assert.equal(heldUntil, START_AT + 5000);
  await clock.advance(5000);
  assert.equal(outlet.status(HISTORY).heldUntil, null);
  await outlet.courier.stop();
});

Deno.test("Outlet is blocked while it is paused", async () => {
  const { outlet } = newWorld();
  await outlet.endpointSwitch.pause();
  assert.equal(outlet.isBlocked, true);
});

Deno.test("Outlet tries at once what waits when it is to go on", async () => {
  const { outlet, outbox, clock, receiver } = newWorld();
  receiver.answer = () => 500;
  for (let room = 0; room < 5; room++) {
    outbox.add(`r${room}`, clock.now(), "RoomSync");
  }
  outlet.courier.start();
  await settle();
  receiver.answer = () => 200;
  await outlet.goOn();
  await settle();
  assert.equal(receiver.effects.length, 5);
  await outlet.courier.stop();
});

Deno.test("Outlet goes on though what waits cannot be made due", async () => {
  const { outlet, outbox, clock, receiver } = newWorld();
  await outlet.endpointSwitch.pause();
  outbox.add("a", clock.now(), "RoomSync");
  outlet.courier.start();
  await settle();
  await outlet.endpointSwitch.resume();
  outbox.failure = (call) =>
    call === "release" ? new Error("locked") : undefined;
  await assert.rejects(outlet.goOn(), /locked/);
  await settle();
  assert.equal(receiver.effects.length, 1);
  await outlet.courier.stop();
});

Deno.test("Outlet tries at once what waited for its former URL", async () => {
  const { outlet, outbox, clock } = newWorld();
  outbox.add("a", clock.now() + 5000, "RoomSync");
  const row = { ...outlet.endpointSwitch.record, url: "http://old/" };
  await outlet.open(row);
  assert.equal(outbox.lane("sync", "a")?.dueAt, START_AT);
});

Deno.test("Outlet leaves waits as they are when its URL is the same", async () => {
  const { outlet, outbox } = newWorld();
  await outlet.open(outlet.endpointSwitch.record);
  await outlet.open(undefined);
  assert.equal(outbox.calls.release, 0);
});

Deno.test("retiredStatus tells of an endpoint that has no URL any more", () => {
  const row = {
    name: "sync",
    url: URL_NOW,
    state: "paused",
    reason: "p",
    changedAt: 6,
  } as const;
  const idle = {
    url: null,
    breaker: "closed",
    heldUntil: null,
    inFlight: 0,
  };
  const { url: _, ...known } = row;
  assert.deepEqual(retiredStatus(HISTORY, row), {
    ...HISTORY,
    ...known,
    ...idle,
  });
  assert.deepEqual(retiredStatus(HISTORY, undefined), {
    ...HISTORY,
    ...idle,
    state: "active",
    reason: null,
    changedAt: 0,
  });
});
