import assert from "node:assert/strict";
import type { LaneOutcome, LaneQuery } from "../../src/store/lane_table.ts";
import { created, opened, T0 } from "./fixture.ts";
import { joins, only, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

const LATE = T0 + 1_000_000;
const PLAN = only("room-events");

/** Lanes as `room: event, event`, and when the next is due. */
async function due(
  { outbox }: TestOutbox,
  changes: Partial<LaneQuery> = {},
): Promise<unknown[]> {
  const query: LaneQuery = {
    endpoint: "room-events",
    now: LATE,
    lanesMax: 100,
    eventsMax: 100,
    except: [],
    ...changes,
  };
  const { lanes, nextDueAt } = await outbox.due(query);
  const texts = lanes.map(({ roomId, events }) => {
    return `${roomId}: ${events.map(({ number }) => number).join(", ")}`;
  });
  return [...texts, nextDueAt];
}

/** What came of a lane of `room-1`. */
function outcome(changes: Partial<LaneOutcome>): LaneOutcome {
  return {
    endpoint: "room-events",
    roomId: "room-1",
    at: LATE,
    delivered: [],
    failure: null,
    ...changes,
  };
}

function retry(changes: { error?: string; dueAt?: number } = {}) {
  return {
    kind: "retry",
    dueAt: LATE + 5000,
    attempts: 2,
    failingSince: LATE - 9,
    error: "status 500",
    ...changes,
  } as const;
}

const LANES = `SELECT room_id, due_at, attempts, failing_since, error
  FROM callback_lane ORDER BY room_id`;

testOutbox("selectDue gives the longest due lane first", async (test) => {
  await test.apply(
    opened({ id: "1", roomId: "b", joinedAt: T0 + 2 }),
    opened({ id: "2", roomId: "a", joinedAt: T0 + 1 }),
    opened({ id: "3", roomId: "b", joinedAt: T0 }),
    opened({ id: "4", roomId: "c", joinedAt: T0 + 2 }),
  );
  assert.deepEqual(await due(test), ["a: 2", "b: 1, 3", "c: 4", null]);
  assert.deepEqual(await due(test, { endpoint: "sync" }), [null]);
}, PLAN);

testOutbox("selectDue gives a lane at the instant it is due", async (test) => {
  await test.apply(...joins(1));
  assert.deepEqual(await due(test, { now: T0 - 1 }), [T0]);
  assert.deepEqual(await due(test, { now: T0 }), ["room-1: 1", null]);
}, PLAN);

testOutbox("selectDue gives no more lanes than asked for", async (test) => {
  await test.apply(
    opened({ id: "1", roomId: "a", joinedAt: T0 + 1 }),
    opened({ id: "2", roomId: "b", joinedAt: T0 + 2 }),
    opened({ id: "3", roomId: "c", joinedAt: T0 + 3 }),
  );
  const all = ["a: 1", "b: 2", "c: 3"];
  assert.deepEqual(await due(test, { lanesMax: 4 }), [...all, null]);
  assert.deepEqual(await due(test, { lanesMax: 3 }), [...all, null]);
  assert.deepEqual(await due(test, { lanesMax: 2 }), [
    "a: 1",
    "b: 2",
    T0 + 3,
  ]);
}, PLAN);

testOutbox(
  "selectDue gives no more events of a lane than asked for",
  async (test) => {
    await test.apply(...joins(3), ...joins(3, "room-2"));
    const three = ["room-1: 1, 2, 3", "room-2: 4, 5, 6", null];
    assert.deepEqual(await due(test, { eventsMax: 4 }), three);
    assert.deepEqual(await due(test, { eventsMax: 3 }), three);
    const two = ["room-1: 1, 2", "room-2: 4, 5", null];
    assert.deepEqual(await due(test, { eventsMax: 2 }), two);
  },
  PLAN,
);

testOutbox(
  "selectDue leaves out the rooms that are being served",
  async (test) => {
    await test.apply(
      ...joins(1, "a"),
      ...joins(1, 'it\'s "b"'),
      opened({ id: "3", roomId: "c", joinedAt: T0 + 9 }),
    );
    const except = ["a", 'it\'s "b"', "unknown"];
    assert.deepEqual(await due(test, { except }), ["c: 3", null]);
    assert.deepEqual(await due(test, { except, now: T0 }), [T0 + 9]);
  },
  PLAN,
);

testOutbox("selectDue gives each endpoint its own lanes", async (test) => {
  await test.apply(created());
  assert.deepEqual(await due(test), ["room-1: 1", null]);
  assert.deepEqual(await due(test, { endpoint: "sync" }), ["room-1: 2", null]);
  await test.deliver("sync");
  assert.deepEqual(await due(test, { endpoint: "sync" }), [null]);
  assert.deepEqual(await due(test), ["room-1: 1", null]);
});

testOutbox("selectDue gives events as they were written", async (test) => {
  await test.apply(created({ adminUserIds: ["ann"] }));
  const { lanes } = await test.outbox.due({
    endpoint: "room-events",
    now: LATE,
    lanesMax: 1,
    eventsMax: 1,
    except: [],
  });
  assert.deepEqual(lanes, [{
    roomId: "room-1",
    attempts: 0,
    failingSince: null,
    events: [{
      number: 1,
      id: "created_room-1",
      roomId: "room-1",
      type: "RoomCreated",
      at: T0,
      data: { roomName: "Tea house", adminUserIds: ["ann"] },
    }],
  }]);
}, PLAN);

testOutbox(
  "settleLane takes delivered events off, then the lane",
  async (test) => {
    const { outbox } = test;
    await test.apply(...joins(3), ...joins(1, "room-2"));
    await outbox.settle([outcome({ delivered: [1, 2] })]);
    assert.deepEqual(await due(test), ["room-2: 4", "room-1: 3", null]);
    const delivered = "state IS NULL AND settled_at = " + LATE;
    assert.equal((await test.ids(delivered)).length, 2);
    await outbox.settle([outcome({ delivered: [3] })]);
    assert.deepEqual(await due(test), ["room-2: 4", null]);
    assert.deepEqual((await test.rows(LANES)).length, 1);
    assert.equal((await outbox.stream(0, 9)).length, 4);
  },
  PLAN,
);

testOutbox(
  "settleLane makes what is left due, behind other lanes",
  async (test) => {
    await test.apply(...joins(2));
    await test.outbox.settle([outcome({ failure: retry() })]);
    await test.outbox.settle([outcome({ delivered: [1] })]);
    assert.deepEqual(await test.rows(LANES), [{
      room_id: "room-1",
      due_at: LATE,
      attempts: 0,
      failing_since: null,
      error: null,
    }]);
  },
  PLAN,
);

testOutbox("settleLane remembers a failure in the lane", async (test) => {
  await test.apply(...joins(2), ...joins(1, "room-2"));
  await test.outbox.settle([outcome({ delivered: [1], failure: retry() })]);
  const [lane, other] = await test.rows(LANES);
  assert.deepEqual(lane, {
    room_id: "room-1",
    due_at: LATE + 5000,
    attempts: 2,
    failing_since: LATE - 9,
    error: "status 500",
  });
  assert.equal(other?.attempts, 0);
  assert.deepEqual(await due(test), ["room-2: 3", LATE + 5000]);
  const { lanes } = await test.outbox.due({
    endpoint: "room-events",
    now: LATE + 5000,
    lanesMax: 9,
    eventsMax: 9,
    except: ["room-2"],
  });
  const [failing] = lanes;
  assert.equal(failing?.attempts, 2);
  assert.equal(failing?.failingSince, LATE - 9);
}, PLAN);

testOutbox("settleLane keeps 500 characters of an error", async (test) => {
  await test.apply(...joins(1));
  for (const length of [499, 500, 501]) {
    const failure = retry({ error: "x".repeat(length) });
    await test.outbox.settle([outcome({ failure })]);
    const [lane] = await test.rows(LANES);
    assert.equal(`${lane?.error}`.length, Math.min(length, 500));
  }
  const failure = retry({ error: `${"x".repeat(499)}😀\0` });
  await test.outbox.settle([outcome({ failure })]);
  const [lane] = await test.rows(LANES);
  assert.equal(lane?.error, `${"x".repeat(499)}\uFFFD`);
}, PLAN);

testOutbox(
  "settleLane gives up an event and goes on with the next",
  async (test) => {
    await test.apply(...joins(3));
    await test.outbox.settle([outcome({ failure: retry() })]);
    const failure = {
      kind: "dead",
      number: 2,
      attempts: 7,
      error: "gone",
    } as const;
    await test.outbox.settle([outcome({ delivered: [1], failure })]);
    assert.deepEqual(await due(test), ["room-1: 3", null]);
    const [lane] = await test.rows(LANES);
    assert.equal(lane?.attempts, 0);
    const [dead] = await test.outbox.dead({ afterNumber: 0, limit: 9 });
    assert.equal(dead?.event.number, 2);
    assert.equal(dead?.attempts, 7);
    assert.equal(dead?.error, "gone");
    assert.equal(dead?.diedAt, LATE);
    const last = { ...failure, number: 3 };
    await test.outbox.settle([outcome({ failure: last })]);
    assert.deepEqual(await test.rows(LANES), []);
  },
  PLAN,
);

testOutbox("settleLane postpones and keeps the attempts", async (test) => {
  await test.apply(...joins(2));
  await test.outbox.settle([outcome({ failure: retry() })]);
  const failure = { kind: "postponed", dueAt: LATE + 200 } as const;
  await test.outbox.settle([outcome({ failure })]);
  const [lane] = await test.rows(LANES);
  assert.equal(lane?.due_at, LATE + 200);
  assert.equal(lane?.attempts, 2);
  await test.outbox.settle([outcome({ delivered: [1], failure })]);
  const [next] = await test.rows(LANES);
  assert.equal(next?.due_at, LATE + 200);
  assert.equal(next?.attempts, 0, "they were the first event's");
}, PLAN);

testOutbox("settleLane changes nothing when nothing was done", async (test) => {
  await test.apply(...joins(1));
  await test.outbox.settle([outcome({ failure: retry() })]);
  const before = await test.rows(LANES);
  await test.outbox.settle([]);
  await test.outbox.settle([outcome({})]);
  assert.deepEqual(await test.rows(LANES), before);
}, PLAN);

testOutbox("settleLane may be told the same again", async (test) => {
  await test.apply(...joins(2));
  const told = [outcome({ delivered: [1], failure: retry() })];
  await test.outbox.settle(told);
  const before = await test.rows("SELECT * FROM event");
  await test.outbox.settle(told);
  assert.deepEqual(await test.rows("SELECT * FROM event"), before);
}, PLAN);

testOutbox("settleLane removes delivered snapshots", async (test) => {
  await test.apply(created());
  await test.outbox.queueSnapshots(["PeriodicSync"], T0 + 1);
  assert.equal((await test.deliver("sync")).length, 1);
  assert.equal((await test.deliver("periodic-sync")).length, 1);
  assert.deepEqual(await test.ids(), ["created_room-1"]);
  const lanes = await test.rows("SELECT endpoint FROM callback_lane");
  assert.deepEqual(lanes, [{ endpoint: "room-events" }]);
});

testOutbox(
  "settleLane takes a dead letter that arrived after all",
  async (test) => {
    await test.apply(...joins(1));
    const failure = {
      kind: "dead",
      number: 1,
      attempts: 1,
      error: "x",
    } as const;
    await test.outbox.settle([outcome({ failure })]);
    await test.outbox.settle([outcome({ delivered: [1] })]);
    assert.deepEqual(await test.outbox.dead({ afterNumber: 0, limit: 9 }), []);
  },
  PLAN,
);

testOutbox("settleLane writes all of a call or none", async (test) => {
  await test.apply(...joins(2));
  // A number that is none is stored as nothing, which a lane refuses.
  const broken = outcome({ failure: retry({ dueAt: NaN }) });
  const first = outcome({ delivered: [1] });
  await assert.rejects(test.outbox.settle([first, broken]), {
    name: "StoreError",
  });
  assert.deepEqual(await due(test), ["room-1: 1, 2", null]);
}, PLAN);

testOutbox(
  "releaseLanes makes later lanes due, and no earlier one later",
  async (test) => {
    await test.apply(...joins(1), ...joins(1, "room-2"), created());
    const late = retry({ dueAt: LATE + 9_000_000 });
    await test.outbox.settle([
      outcome({ failure: late }),
      outcome({ endpoint: "sync", failure: late }),
    ]);
    await test.outbox.release("room-events", LATE, 9);
    const sql = "SELECT room_id, endpoint, due_at, attempts FROM callback_lane";
    const rows = (await test.rows(sql)).map((row) => Object.values(row));
    assert.deepEqual(rows, [
      ["room-1", "room-events", LATE, 2],
      ["room-1", "sync", LATE + 9_000_000, 2],
      ["room-2", "room-events", T0, 0],
    ]);
  },
);

testOutbox(
  "releaseLanes forgets failures past a number, or all of the past",
  async (test) => {
    await test.apply(...joins(1));
    const sql = `SELECT attempts, failing_since, due_at FROM callback_lane
      WHERE endpoint = 'room-events'`;
    async function lane(): Promise<unknown[]> {
      return (await test.rows(sql)).flatMap((row) => Object.values(row));
    }
    const failure = { ...retry({ dueAt: LATE }), attempts: 9 };
    await test.outbox.settle([outcome({ failure })]);
    const { failingSince } = failure;
    await test.outbox.release("room-events", LATE + 1, 4);
    assert.deepEqual(await lane(), [4, failingSince, LATE]);
    await test.outbox.release("room-events", T0, 0);
    assert.deepEqual(await lane(), [0, null, T0]);
  },
);

testOutbox(
  "selectDue probes with what never failed, the newest first",
  async (test) => {
    await test.apply(
      ...joins(1),
      ...joins(1, "room-2"),
      ...joins(1, "room-3"),
      ...joins(1, "room-4"),
    );
    const set = "UPDATE callback_lane SET due_at = ?, attempts = ?";
    for (
      const [roomId, dueAt, attempts] of [
        ["room-1", T0, 3],
        ["room-2", T0 + 10, 0],
        ["room-3", T0 + 20, 0],
        ["room-4", T0 + 5000, 0],
      ] as const
    ) {
      const sql = `${set} WHERE room_id = ? AND endpoint = 'room-events'`;
      await test.connection.transaction([[
        { sql, params: [dueAt, attempts, roomId] },
      ]]);
    }
    const probed: string[] = [];
    for (let count = 0; count < 4; count++) {
      const { lanes, nextDueAt } = await test.outbox.due({
        endpoint: "room-events",
        now: T0 + 100,
        lanesMax: 1,
        eventsMax: 1,
        except: probed,
        isProbe: true,
      });
      if (lanes.length === 0) assert.equal(nextDueAt, T0 + 5000);
      else assert.equal(lanes[0]?.events.length, 1);
      probed.push(...lanes.map(({ roomId }) => roomId));
    }
    assert.deepEqual(probed, ["room-3", "room-2", "room-1"]);
  },
);

testOutbox(
  "recallLanes makes due what waits longer than anything may",
  async (test) => {
    await test.apply(...joins(1), ...joins(1, "room-2"));
    await test.outbox.settle([outcome({ failure: retry({ dueAt: LATE }) })]);
    const sql = "SELECT room_id, due_at FROM callback_lane ORDER BY room_id";
    async function dueAts(): Promise<unknown[]> {
      return (await test.rows(sql)).map((row) => row["due_at"]);
    }
    assert.equal(await test.outbox.recall(T0 - 60_000), 0);
    assert.equal(await test.outbox.recall(T0 - 60_001), 1);
    assert.deepEqual(await dueAts(), [LATE, T0 - 60_001]);
    const at = LATE - 86_400_001;
    assert.equal(await test.outbox.recall(at), 2);
    assert.deepEqual(await dueAts(), [at, at]);
  },
);

testOutbox("selectRoomLanes tells what of a room waits", async (test) => {
  await test.apply(created(), created({ id: "room-2" }));
  await test.outbox.settle([outcome({ endpoint: "sync", failure: retry() })]);
  assert.deepEqual(await test.outbox.lanesOf("room-1"), [
    { endpoint: "room-events", attempts: 0 },
    { endpoint: "sync", attempts: 2 },
  ]);
  await test.deliver("room-events");
  assert.deepEqual(await test.outbox.lanesOf("room-2"), [
    { endpoint: "sync", attempts: 0 },
  ]);
  assert.deepEqual(await test.outbox.lanesOf("room-3"), []);
});
