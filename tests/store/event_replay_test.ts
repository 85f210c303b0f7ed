import assert from "node:assert/strict";
import type {
  EventReplay,
  EventReplayed,
} from "../../src/store/event_replay.ts";
import { NO_CALLBACKS } from "../../src/wire/callback.ts";
import { SqliteOutbox } from "../../src/store/sqlite_outbox.ts";
import { created, T0 } from "./fixture.ts";
import {
  EVERYTHING,
  joins,
  only,
  type TestOutbox,
  testOutbox,
} from "./outbox_fixture.ts";

const NOW = T0 + 5_000_000;
const PENDING = "state = 'pending'";

/** Gives up all that waits for an endpoint. */
async function buryAll(
  { outbox, rows }: TestOutbox,
  endpoint: "room-events" | "sync" = "room-events",
): Promise<void> {
  const waiting = await rows(
    `SELECT number, room_id FROM event
      WHERE state = 'pending' AND endpoint = '${endpoint}'`,
  );
  await outbox.settle(waiting.map(({ number, room_id: roomId }) => ({
    endpoint,
    roomId: `${roomId}`,
    at: T0 + 9000,
    delivered: [],
    failure: {
      kind: "dead",
      number: Number(number),
      attempts: 4,
      error: "gone",
    },
  })));
}

function replay(
  { outbox }: TestOutbox,
  query: Partial<EventReplay>,
): Promise<EventReplayed> {
  return outbox.replay({ delivered: false, limit: 100, now: NOW, ...query });
}

/** How many events were replayed. */
async function replayCount(
  test: TestOutbox,
  query: Partial<EventReplay>,
): Promise<number> {
  return (await replay(test, query)).replayed;
}

testOutbox("replayEvents makes dead letters wait again", async (test) => {
  await test.apply(...joins(2));
  await buryAll(test);
  assert.equal(await replayCount(test, { roomId: "room-1" }), 2);
  assert.deepEqual(await test.outbox.dead({ afterNumber: 0, limit: 9 }), []);
  const [lane] = await test.rows("SELECT * FROM callback_lane");
  assert.equal(lane?.due_at, NOW);
  assert.equal(lane?.attempts, 0);
  const [event] = await test.rows("SELECT * FROM event");
  assert.equal(event?.error, null);
  assert.equal(event?.attempts, null);
  assert.equal(event?.settled_at, null);
  assert.deepEqual(await test.deliver("room-events", NOW), [
    "joined_room-1.1",
    "joined_room-1.2",
  ]);
  assert.equal(await replayCount(test, { roomId: "room-1" }), 0);
});

testOutbox("replayEvents takes what fits all that is named", async (test) => {
  await test.apply(...joins(3), ...joins(3, "room-2"));
  await buryAll(test);
  const check = async (
    query: Partial<EventReplay>,
    expected: readonly string[],
  ) => {
    assert.equal(await replayCount(test, query), expected.length);
    const ids = await test.ids(PENDING);
    assert.deepEqual(ids, expected.map((id) => `joined_${id}`));
    await buryAll(test);
  };
  await check({ id: "joined_room-1.2" }, ["room-1.2"]);
  await check({ id: "joined_room-1.2", roomId: "room-2" }, []);
  await check({ roomId: "room-2" }, ["room-2.1", "room-2.2", "room-2.3"]);
  await check({ fromAt: T0 + 1000, toAt: T0 + 1000 }, ["room-1.2", "room-2.2"]);
  await check({ fromAt: T0 + 1001 }, ["room-1.3", "room-2.3"]);
  await check({ toAt: T0 + 999 }, ["room-1.1", "room-2.1"]);
  await check({ roomId: "room-1", fromAt: T0 + 2000 }, ["room-1.3"]);
  await check({ fromAt: T0, endpoint: "sync" }, []);
  await check({ toAt: T0, endpoint: "room-events" }, ["room-1.1", "room-2.1"]);
});

testOutbox("replayEvents takes the oldest up to its limit", async (test) => {
  await test.apply(...joins(3));
  await buryAll(test);
  const query = { fromAt: 0, limit: 2 };
  assert.deepEqual(await replay(test, query), { replayed: 2, lastNumber: 2 });
  assert.deepEqual(await test.ids(PENDING), [
    "joined_room-1.1",
    "joined_room-1.2",
  ]);
  assert.deepEqual(await replay(test, query), { replayed: 1, lastNumber: 3 });
  const none = { replayed: 0, lastNumber: null };
  assert.deepEqual(await replay(test, query), none);
  await buryAll(test);
  const all = await replay(test, { fromAt: 0, limit: 3 });
  assert.deepEqual(all, { replayed: 3, lastNumber: 3 });
});

testOutbox(
  "replayEvents does not take again what was delivered since its last step",
  async (test) => {
    await test.apply(...joins(3), ...joins(2, "room-2"));
    await test.deliver("room-events");
    const query = { fromAt: 0, delivered: true, limit: 2 };
    const delivered: string[] = [];
    const numbers: (number | null)[] = [];
    for (let afterNumber: number | null = 0; afterNumber !== null;) {
      const step = await replay(test, { ...query, afterNumber });
      delivered.push(...await test.deliver("room-events", NOW));
      afterNumber = step.lastNumber;
      numbers.push(afterNumber);
    }
    assert.deepEqual(numbers, [2, 4, 5, null]);
    assert.deepEqual(delivered, await test.ids());
    assert.equal(await replayCount(test, query), 2, "they fit from the start");
  },
);

testOutbox(
  "replayEvents takes only events with a greater number",
  async (test) => {
    await test.apply(...joins(3));
    await buryAll(test);
    const steps: [afterNumber: number, lastNumber: number | null][] = [
      [Number.MAX_SAFE_INTEGER, null],
      [3, null],
      [2, 3],
      [0, 2],
    ];
    for (const [afterNumber, lastNumber] of steps) {
      const report = await replay(test, { fromAt: 0, afterNumber });
      assert.equal(report.lastNumber, lastNumber);
    }
    await buryAll(test);
    const step = { roomId: "room-1", afterNumber: 1 };
    assert.equal(
      await replayCount(test, { ...step, id: "joined_room-1.1" }),
      0,
    );
    assert.equal(await replayCount(test, step), 2);
  },
);

testOutbox(
  "replayEvents goes on where another run took what it had found",
  async (test) => {
    await test.apply(...joins(5));
    await buryAll(test);
    const query = { fromAt: 0, limit: 2 };
    // Both find the first two, and the second one comes too late for them.
    const reports = await Promise.all([
      replay(test, query),
      replay(test, query),
    ]);
    assert.deepEqual(reports, [
      { replayed: 2, lastNumber: 2 },
      { replayed: 2, lastNumber: 4 },
    ]);
    const rest = await Promise.all([replay(test, query), replay(test, query)]);
    assert.deepEqual(rest, [
      { replayed: 1, lastNumber: 5 },
      { replayed: 0, lastNumber: null },
    ]);
  },
);

testOutbox(
  "replayEvents takes delivered events when it is asked to",
  async (test) => {
    await test.apply(...joins(2));
    await test.deliver("room-events");
    assert.equal(await replayCount(test, { roomId: "room-1" }), 0);
    const query = { roomId: "room-1", delivered: true };
    assert.equal(await replayCount(test, query), 2);
    assert.equal(await replayCount(test, query), 0, "they wait already");
    assert.equal((await test.deliver("room-events", NOW)).length, 2);
    assert.equal(await replayCount(test, { fromAt: T0, delivered: true }), 2);
  },
);

testOutbox(
  "replayEvents sends no event where the plan has no URL",
  async (test) => {
    await test.apply(created());
    await buryAll(test);
    await buryAll(test, "sync");
    const other = new SqliteOutbox(test.connection, only("sync"));
    const query = { fromAt: 0, delivered: true, limit: 9, now: NOW };
    assert.equal((await other.replay(query)).replayed, 1);
    assert.deepEqual(await test.ids(PENDING), [`sync_room-1_${T0}`]);
  },
);

testOutbox(
  "replayEvents sends what was made while nobody was there",
  async (test) => {
    await test.apply(...joins(1));
    const later = new SqliteOutbox(test.connection, EVERYTHING);
    const count = async (delivered: boolean) => {
      const query = { fromAt: 0, limit: 9, now: NOW, delivered };
      return (await later.replay(query)).replayed;
    };
    assert.equal(await count(false), 0);
    assert.equal(await count(true), 1);
    assert.equal((await test.deliver("room-events", NOW)).length, 1);
  },
  NO_CALLBACKS,
);

testOutbox(
  "replayEvents puts an old event first and its lane in time",
  async (test) => {
    await test.apply(...joins(2));
    const lane = { endpoint: "room-events", roomId: "room-1" } as const;
    const retry = {
      kind: "retry",
      dueAt: NOW + 9000,
      attempts: 3,
      failingSince: T0,
      error: "status 500",
    } as const;
    await test.outbox.settle([
      { ...lane, at: T0, delivered: [1], failure: retry },
    ]);
    await replay(test, { id: "joined_room-1.1", delivered: true });
    const [row] = await test.rows("SELECT * FROM callback_lane");
    assert.equal(row?.due_at, NOW);
    assert.equal(row?.attempts, 0);
    assert.equal(row?.failing_since, null);
    assert.equal(row?.error, null);
    assert.deepEqual(await test.deliver("room-events", NOW), [
      "joined_room-1.1",
      "joined_room-1.2",
    ]);
  },
);
