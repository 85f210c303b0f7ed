import assert from "node:assert/strict";
import { created, opened, T0 } from "./fixture.ts";
import { joins, only, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

const ACTIVE = {
  name: "room-events",
  url: "http://127.0.0.1/hook",
  state: "active",
  reason: null,
  changedAt: T0,
} as const;

/** Settles with one failure at the first event. */
async function fail(
  { outbox }: TestOutbox,
  kind: "retry" | "dead",
  { at, error }: { at: number; error: string },
): Promise<void> {
  const failure = kind === "retry"
    ? { kind, dueAt: at, attempts: 1, failingSince: at, error }
    : { kind, number: 1, attempts: 1, error };
  const lane = { endpoint: "room-events", roomId: "room-1" } as const;
  await outbox.settle([{ ...lane, at, delivered: [], failure }]);
}

async function history({ outbox }: TestOutbox) {
  const [first, ...rest] = await outbox.histories();
  assert.deepEqual(rest, []);
  return first;
}

testOutbox("saveEndpoint keeps the newest decision", async ({ outbox }) => {
  assert.deepEqual(await outbox.endpoints(), []);
  await outbox.saveEndpoint(ACTIVE);
  const paused = {
    name: "chat-history",
    url: "http://127.0.0.1/it's",
    state: "paused",
    reason: 'An operator said "wait"',
    changedAt: T0 + 1,
  } as const;
  await outbox.saveEndpoint(paused);
  assert.deepEqual(await outbox.endpoints(), [paused, ACTIVE]);
  const disabled = {
    ...ACTIVE,
    url: "http://127.0.0.1/other",
    state: "disabled",
    reason: "410",
    changedAt: T0 + 2,
  } as const;
  await outbox.saveEndpoint(disabled);
  assert.deepEqual(await outbox.endpoints(), [paused, disabled]);
});

testOutbox("saveEndpoint forgets no history", async (test) => {
  await test.apply(...joins(2));
  await fail(test, "retry", { at: T0 + 5, error: "status 500" });
  assert.deepEqual(await test.outbox.endpoints(), [], "it has a history only");
  await test.outbox.saveEndpoint(ACTIVE);
  assert.equal((await history(test))?.lastError, "status 500");
});

testOutbox(
  "noteOutcome remembers the last success and the last error",
  async (test) => {
    await test.apply(...joins(3));
    await fail(test, "retry", { at: T0 + 5, error: "status 500" });
    const lane = { endpoint: "room-events", roomId: "room-1" } as const;
    await test.outbox.settle([
      { ...lane, at: T0 + 7, delivered: [1], failure: null },
    ]);
    assert.deepEqual(await history(test), {
      name: "room-events",
      lastSuccessAt: T0 + 7,
      lastErrorAt: T0 + 5,
      lastError: "status 500",
      backlog: 2,
      oldestAt: T0 + 1000,
      dead: 0,
    });
    await fail(test, "dead", { at: T0 + 9, error: "x".repeat(501) });
    const after = await history(test);
    assert.equal(after?.lastErrorAt, T0 + 9);
    assert.equal(after?.lastError, "x".repeat(500));
    assert.equal(after?.lastSuccessAt, T0 + 7);
  },
  only("room-events"),
);

testOutbox(
  "noteOutcome is not taken back by what was told late",
  async (test) => {
    await test.apply(...joins(3));
    await fail(test, "retry", { at: T0 + 5, error: "newer" });
    await fail(test, "retry", { at: T0 + 4, error: "older" });
    const lane = { endpoint: "room-events", roomId: "room-1" } as const;
    await test.outbox.settle([
      { ...lane, at: T0 + 9, delivered: [1], failure: null },
      { ...lane, at: T0 + 8, delivered: [2], failure: null },
    ]);
    const after = await history(test);
    assert.equal(after?.lastError, "newer");
    assert.equal(after?.lastErrorAt, T0 + 5);
    assert.equal(after?.lastSuccessAt, T0 + 9);
  },
  only("room-events"),
);

testOutbox("noteOutcome takes a wait for no error", async (test) => {
  await test.apply(...joins(1));
  await test.outbox.settle([{
    endpoint: "room-events",
    roomId: "room-1",
    at: T0,
    delivered: [],
    failure: { kind: "postponed", dueAt: T0 + 200 },
  }]);
  const after = await history(test);
  assert.equal(after?.lastErrorAt, null);
  assert.equal(after?.lastSuccessAt, null);
}, only("room-events"));

testOutbox(
  "selectHistories counts what waits and what is dead, by endpoint",
  async (test) => {
    assert.deepEqual(await test.outbox.histories(), []);
    await test.apply(
      created({ createdAt: T0 + 9 }),
      created({ id: "room-2", createdAt: T0 + 4 }),
      opened({ joinedAt: T0 + 5 }),
    );
    await test.outbox.saveEndpoint({ ...ACTIVE, name: "periodic-sync" });
    await fail(test, "dead", { at: T0 + 9, error: "gone" });
    const rows = (await test.outbox.histories()).map((row) => {
      return [row.name, row.backlog, row.oldestAt, row.dead];
    });
    assert.deepEqual(rows, [
      ["periodic-sync", 0, null, 0],
      // The oldest is the one that was written first.
      ["room-events", 2, T0 + 4, 1],
      ["sync", 2, T0 + 9, 0],
    ]);
  },
);
