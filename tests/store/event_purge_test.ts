import assert from "node:assert/strict";
import type { PurgeBounds } from "../../src/store/event_purge.ts";
import { NO_CALLBACKS } from "../../src/wire/callback.ts";
import { created, T0 } from "./fixture.ts";
import { joins, only, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

/** Nothing is old enough unless the test says so. */
function purge({ outbox }: TestOutbox, bounds: Partial<PurgeBounds>) {
  const none = { before: 0, deadBefore: 0, now: T0 + 99_000, limit: 100 };
  return outbox.purge({ ...none, ...bounds });
}

async function bury(
  { outbox }: TestOutbox,
  number: number,
  at: number,
): Promise<void> {
  const failure = { kind: "dead", number, attempts: 1, error: "gone" } as const;
  const lane = { endpoint: "room-events", roomId: "room-1", at } as const;
  await outbox.settle([{ ...lane, delivered: [], failure }]);
}

async function purgedThrough({ outbox }: TestOutbox): Promise<number> {
  return (await outbox.streamBounds()).purgedThrough;
}

testOutbox(
  "purgeEvents removes what nobody waits for, from before an instant",
  async (test) => {
    await test.apply(...joins(3));
    const removed = async (before: number) => {
      return (await purge(test, { before })).removed;
    };
    assert.equal(await removed(T0), 0);
    assert.equal(await purgedThrough(test), 0);
    assert.equal(await removed(T0 + 1000), 1);
    assert.equal(await purgedThrough(test), 1);
    assert.equal(await removed(T0 + 1001), 1);
    assert.equal(await purgedThrough(test), 2);
    assert.deepEqual(await test.ids(), ["joined_room-1.3"]);
  },
  NO_CALLBACKS,
);

testOutbox(
  "purgeEvents removes no more at a time than its limit",
  async (test) => {
    await test.apply(...joins(5));
    const some = { before: T0 + 99_000, limit: 3 };
    const first = { removed: 3, forgotten: 0, died: 0 };
    assert.deepEqual(await purge(test, some), first);
    assert.equal(await purgedThrough(test), 3);
    const second = { removed: 2, forgotten: 0, died: 0 };
    assert.deepEqual(await purge(test, some), second);
    assert.equal(await purgedThrough(test), 5);
    const third = { removed: 0, forgotten: 0, died: 0 };
    assert.deepEqual(await purge(test, some), third);
    assert.equal(await purgedThrough(test), 5);
  },
  NO_CALLBACKS,
);

testOutbox("purgeEvents spares what waits and what is dead", async (test) => {
  await test.apply(...joins(3));
  await bury(test, 1, T0 + 50_000);
  const report = await purge(test, {
    before: T0 + 99_000,
    deadBefore: T0,
  });
  assert.deepEqual(report, { removed: 0, forgotten: 0, died: 0 });
  assert.equal((await test.ids()).length, 3);
});

testOutbox("purgeEvents removes delivered events", async (test) => {
  await test.apply(...joins(2));
  await test.deliver("room-events");
  const { removed } = await purge(test, { before: T0 + 1000 });
  assert.equal(removed, 1);
  assert.deepEqual(await test.ids(), ["joined_room-1.2"]);
});

testOutbox(
  "purgeEvents forgets dead letters by when they died",
  async (test) => {
    await test.apply(...joins(3));
    await bury(test, 1, T0 + 60_000);
    await bury(test, 2, T0 + 50_000);
    await bury(test, 3, T0 + 70_000);
    const forgotten = async (deadBefore: number, limit = 9) => {
      return (await purge(test, { deadBefore, limit })).forgotten;
    };
    assert.equal(await forgotten(T0 + 50_000), 0);
    assert.equal(await forgotten(T0 + 50_001), 1);
    assert.equal(await purgedThrough(test), 2);
    assert.equal(await forgotten(T0 + 99_000, 1), 1);
    assert.deepEqual(await test.ids(), ["joined_room-1.3"]);
    assert.equal(await purgedThrough(test), 2, "it never goes back");
  },
);

testOutbox("purgeEvents gives up what waits for too long", async (test) => {
  await test.apply(...joins(3));
  const now = T0 + 99_000;
  const report = await purge(test, { deadBefore: T0 + 1001, now });
  assert.deepEqual(report, { removed: 0, forgotten: 0, died: 2 });
  const dead = await test.outbox.dead({ afterNumber: 0, limit: 9 });
  assert.deepEqual(
    dead.map(({ event, diedAt, attempts, error }) => {
      return [event.number, diedAt, attempts, error];
    }),
    [[1, now, 0, "Waited too long"], [2, now, 0, "Waited too long"]],
  );
  assert.deepEqual(await test.deliver("room-events", now), ["joined_room-1.3"]);
});

testOutbox(
  "purgeEvents lets a lane begin anew when its first event died",
  async (test) => {
    await test.apply(...joins(2));
    await test.outbox.settle([{
      endpoint: "room-events",
      roomId: "room-1",
      at: T0,
      delivered: [],
      failure: {
        kind: "retry",
        dueAt: T0 + 500_000,
        attempts: 9,
        failingSince: T0,
        error: "status 500",
      },
    }]);
    await purge(test, { deadBefore: T0 + 1000, now: T0 + 99_000 });
    assert.deepEqual(await test.rows("SELECT * FROM callback_lane"), [{
      room_id: "room-1",
      endpoint: "room-events",
      due_at: T0 + 99_000,
      attempts: 0,
      failing_since: null,
      error: null,
    }]);
    await purge(test, { deadBefore: T0 + 1001, now: T0 + 100_000 });
    assert.deepEqual(await test.rows("SELECT * FROM callback_lane"), []);
  },
);

testOutbox(
  "purgeEvents counts a replayed event's wait from its replay",
  async (test) => {
    await test.apply(...joins(1));
    await bury(test, 1, T0 + 1);
    const now = T0 + 90_000;
    const query = { delivered: false, limit: 9, now, fromAt: 0 };
    await test.outbox.replay(query);
    assert.equal((await purge(test, { deadBefore: now })).died, 0);
    assert.equal((await purge(test, { deadBefore: now + 1 })).died, 1);
  },
);

testOutbox(
  "purgeEvents takes snapshots for no part of the stream",
  async (test) => {
    await test.apply(...joins(1), created());
    await purge(test, { deadBefore: T0 + 99_000, now: T0 });
    const report = await purge(test, {
      before: T0 + 99_000,
      deadBefore: T0 + 1,
    });
    assert.deepEqual(report, { removed: 2, forgotten: 1, died: 0 });
    assert.deepEqual(await test.ids(), []);
    const { last } = await test.outbox.streamBounds();
    assert.equal(last, 3);
    assert.equal(await purgedThrough(test), 2);
  },
  only("sync"),
);
