import assert from "node:assert/strict";
import { EndpointSwitch } from "../../src/callback/endpoint_switch.ts";
import type { EndpointRecord } from "../../src/callback/outbox.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { FakeClock, settle, START_AT } from "../support/fake_clock.ts";
import { FakeOutbox } from "../support/fake_outbox.ts";
import { RecordingLog } from "../support/recording_log.ts";

const URL_NOW = "http://backend/new";
const ROW: EndpointRecord = {
  name: "sync",
  url: URL_NOW,
  state: "active",
  reason: null,
  changedAt: START_AT - 5,
};
const PAUSED: EndpointRecord = { ...ROW, state: "paused", reason: "p" };
const DISABLED: EndpointRecord = { ...ROW, state: "disabled", reason: "d" };

function newWorld() {
  const table = new FakeOutbox();
  const clock = new FakeClock();
  const log = new RecordingLog();
  const options = { name: "sync", url: URL_NOW, table, clock, log } as const;
  return { table, clock, log, endpoint: new EndpointSwitch(options) };
}

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ChatError && error.code === code;
}

Deno.test("EndpointSwitch writes an endpoint that is new", async () => {
  const { endpoint, table } = newWorld();
  assert.equal(await endpoint.open(undefined), false);
  const expected = { ...ROW, changedAt: START_AT };
  assert.deepEqual(table.saved.get("sync"), expected);
  assert.deepEqual(endpoint.record, expected);
});

Deno.test("EndpointSwitch takes over a row and writes nothing", async () => {
  for (const row of [ROW, PAUSED, DISABLED]) {
    const { endpoint, table } = newWorld();
    assert.equal(await endpoint.open(row), false);
    assert.equal(endpoint.record, row);
    assert.equal(endpoint.isActive, row.state === "active");
    assert.equal(table.calls.saveEndpoint, 0);
  }
});

Deno.test("EndpointSwitch begins anew with a new URL, but for a pause", async () => {
  const url = "http://backend/old";
  for (const row of [ROW, PAUSED]) {
    const { endpoint, table } = newWorld();
    assert.equal(await endpoint.open({ ...row, url }), true);
    assert.deepEqual(endpoint.record, row);
    assert.deepEqual(table.saved.get("sync"), row);
  }
  const { endpoint, table } = newWorld();
  assert.equal(await endpoint.open({ ...DISABLED, url }), true);
  assert.deepEqual(endpoint.record, { ...ROW, changedAt: START_AT });
  assert.deepEqual(table.saved.get("sync"), endpoint.record);
});

Deno.test("EndpointSwitch pauses and resumes, and writes both", async () => {
  const { endpoint, table, clock, log } = newWorld();
  await endpoint.open(ROW);
  await clock.advance(10);
  await endpoint.pause();
  assert.deepEqual(endpoint.record, {
    ...ROW,
    state: "paused",
    reason: "Paused by an operator",
    changedAt: START_AT + 10,
  });
  assert.equal(table.saved.get("sync"), endpoint.record);
  await endpoint.resume();
  assert.deepEqual(endpoint.record, { ...ROW, changedAt: START_AT + 10 });
  assert.equal(table.saved.get("sync"), endpoint.record);
  assert.deepEqual(log.texts, [
    "info Callbacks to sync are paused now",
    "info Callbacks to sync are active now",
  ]);
});

Deno.test("EndpointSwitch changes nothing that is so already", async () => {
  const { endpoint, table, clock } = newWorld();
  await endpoint.open(PAUSED);
  await clock.advance(10);
  await endpoint.pause();
  assert.equal(endpoint.record, PAUSED);
  assert.equal(table.calls.saveEndpoint, 0);
});

Deno.test("EndpointSwitch lets an operator only enable what 410 stopped", async () => {
  const { endpoint } = newWorld();
  await endpoint.open(DISABLED);
  await assert.rejects(endpoint.resume(), isCode("endpoint_disabled"));
  await assert.rejects(endpoint.pause(), isCode("endpoint_disabled"));
  assert.equal(endpoint.record, DISABLED);
  await endpoint.enable();
  assert.equal(endpoint.isActive, true);
  assert.equal(endpoint.record.reason, null);
});

Deno.test("EndpointSwitch does not turn when that cannot be written", async () => {
  const { endpoint, table } = newWorld();
  await endpoint.open(ROW);
  table.failure = () => new Error("locked");
  await assert.rejects(endpoint.pause(), /locked/);
  assert.equal(endpoint.record, ROW);
  table.failure = () => undefined;
  await endpoint.pause();
  assert.equal(endpoint.isActive, false);
});

Deno.test("EndpointSwitch stops at 410 though it cannot be written", async () => {
  const { endpoint, table, log } = newWorld();
  await endpoint.open(ROW);
  table.failure = () => new Error("locked");
  await endpoint.disable();
  await endpoint.disable();
  assert.equal(endpoint.record.state, "disabled");
  assert.equal(endpoint.record.reason, "Answered 410");
  assert.deepEqual(log.texts, [
    "error Callbacks to sync stop: it answered 410; enable it again",
    "warn Cannot write that sync answered 410",
  ]);
});

Deno.test("EndpointSwitch keeps a 410 that comes while a pause is written", async () => {
  const { endpoint, table } = newWorld();
  await endpoint.open(ROW);
  const { promise, resolve } = Promise.withResolvers<void>();
  table.gate = () => promise;
  const pausing = endpoint.pause();
  await settle();
  const disabling = endpoint.disable();
  assert.equal(endpoint.record.state, "disabled");
  resolve();
  await Promise.all([pausing, disabling]);
  assert.equal(endpoint.record.state, "disabled");
  assert.equal(table.saved.get("sync"), endpoint.record);
});

Deno.test("EndpointSwitch does not write a 410 over an operator's later turn", async () => {
  const { endpoint, table } = newWorld();
  await endpoint.open(ROW);
  const { promise, resolve } = Promise.withResolvers<void>();
  table.gate = () => promise;
  const turns = [endpoint.pause(), endpoint.enable()];
  await settle();
  turns.push(endpoint.disable());
  resolve();
  await Promise.all(turns);
  assert.equal(endpoint.isActive, true);
  assert.equal(table.saved.get("sync"), endpoint.record);
});

Deno.test("EndpointSwitch says the same in memory and in the database after any turns", async () => {
  const { endpoint, table } = newWorld();
  await endpoint.open(ROW);
  const { promise, resolve } = Promise.withResolvers<void>();
  table.gate = () => promise;
  const turns = Promise.allSettled([
    endpoint.pause(),
    endpoint.enable(),
    endpoint.disable(),
    endpoint.enable(),
    endpoint.pause(),
  ]);
  resolve();
  await turns;
  assert.equal(endpoint.record.state, "paused");
  assert.equal(table.saved.get("sync"), endpoint.record);
});
