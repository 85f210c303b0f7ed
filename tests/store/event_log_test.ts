import assert from "node:assert/strict";
import { NO_CALLBACKS } from "../../src/wire/callback.ts";
import { created, entry, T0 } from "./fixture.ts";
import { joins, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

async function numbers(
  { outbox }: TestOutbox,
  after: number,
  limit: number,
): Promise<number[]> {
  return (await outbox.stream(after, limit)).map(({ number }) => number);
}

/** Gives up the first event of `room-1` at an endpoint. */
async function bury(
  { outbox }: TestOutbox,
  number: number,
  endpoint: "room-events" | "sync" = "room-events",
): Promise<void> {
  const failure = { kind: "dead", number, attempts: 3, error: "gone" } as const;
  const lane = { endpoint, roomId: "room-1", at: T0 + number };
  await outbox.settle([{ ...lane, delivered: [], failure }]);
}

testOutbox(
  "selectStream pages events of all rooms in one order",
  async (test) => {
    await test.apply(...joins(2), ...joins(2, "room-2"));
    assert.deepEqual(await numbers(test, 0, 9), [1, 2, 3, 4]);
    assert.deepEqual(await numbers(test, 0, 4), [1, 2, 3, 4]);
    assert.deepEqual(await numbers(test, 0, 3), [1, 2, 3]);
    assert.deepEqual(await numbers(test, 3, 3), [4]);
    assert.deepEqual(await numbers(test, 4, 3), []);
  },
);

testOutbox("selectStream tells whatever became of an event", async (test) => {
  await test.apply(...joins(3));
  await bury(test, 1);
  await test.deliver("room-events");
  await test.apply(...joins(1, "room-2"));
  assert.deepEqual(await numbers(test, 0, 9), [1, 2, 3, 4]);
});

testOutbox("selectStream leaves snapshots out", async (test) => {
  await test.apply(created(), ...joins(1));
  await test.outbox.queueSnapshots(["PeriodicSync"], T0);
  assert.equal((await test.ids()).length, 4);
  const events = await test.outbox.stream(0, 9);
  assert.deepEqual(
    events.map(({ type }) => type),
    ["RoomCreated", "UserJoined"],
  );
});

testOutbox(
  "selectStream gives what an event said",
  async ({ apply, outbox }) => {
    await apply(entry("mute", 1, { userId: "bob", until: T0 + 1 }));
    assert.deepEqual(await outbox.stream(0, 1), [{
      number: 1,
      id: "entry_room-1/1",
      roomId: "room-1",
      type: "UserMuted",
      at: T0 + 1000,
      data: { userId: "bob", until: T0 + 1, actor: "ann", seq: 1 },
    }]);
  },
);

testOutbox(
  "selectBounds knows the database and the last number",
  async (test) => {
    const { epoch, ...bounds } = await test.outbox.streamBounds();
    assert.match(epoch, /^[0-9a-f]{16}$/);
    assert.deepEqual(bounds, { purgedThrough: 0, last: 0 });
    await test.apply(...joins(3));
    const after = await test.outbox.streamBounds();
    assert.deepEqual(after, { epoch, purgedThrough: 0, last: 3 });
  },
  NO_CALLBACKS,
);

testOutbox(
  "selectBounds counts numbers that were given and removed",
  async (test) => {
    await test.apply(...joins(3));
    const bounds = { before: T0 + 9999, deadBefore: 0, now: T0, limit: 9 };
    await test.outbox.purge(bounds);
    const { last, purgedThrough } = await test.outbox.streamBounds();
    assert.deepEqual({ last, purgedThrough }, { last: 3, purgedThrough: 3 });
    await test.apply(...joins(1, "room-2"));
    assert.deepEqual(await numbers(test, 3, 9), [4], "none is given twice");
  },
  NO_CALLBACKS,
);

testOutbox("selectDead pages dead letters by number", async (test) => {
  await test.apply(created(), ...joins(3));
  await bury(test, 3);
  await bury(test, 1);
  await bury(test, 2, "sync");
  const dead = async (
    afterNumber: number,
    limit: number,
    endpoint?: "room-events" | "sync" | "chat-history",
  ) => {
    const which = endpoint === undefined ? {} : { endpoint };
    const page = await test.outbox.dead({ ...which, afterNumber, limit });
    return page.map(({ event }) => event.number);
  };
  assert.deepEqual(await dead(0, 9), [1, 2, 3]);
  assert.deepEqual(await dead(0, 2), [1, 2]);
  assert.deepEqual(await dead(2, 2), [3]);
  assert.deepEqual(await dead(3, 2), []);
  assert.deepEqual(await dead(0, 9, "room-events"), [1, 3]);
  assert.deepEqual(await dead(1, 9, "room-events"), [3]);
  assert.deepEqual(await dead(0, 9, "sync"), [2]);
  assert.deepEqual(await dead(0, 9, "chat-history"), []);
});

testOutbox(
  "selectDead tells why and when an event was given up",
  async (test) => {
    await test.apply(created());
    await bury(test, 1);
    assert.deepEqual(await test.outbox.dead({ afterNumber: 0, limit: 1 }), [{
      event: {
        number: 1,
        id: "created_room-1",
        roomId: "room-1",
        type: "RoomCreated",
        at: T0,
        data: { roomName: "Tea house", adminUserIds: [] },
      },
      endpoint: "room-events",
      attempts: 3,
      diedAt: T0 + 1,
      error: "gone",
    }]);
  },
);
