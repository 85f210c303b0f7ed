import assert from "node:assert/strict";
import {
  closed,
  created,
  deviceCreated,
  newStore,
  opened,
  relayed,
  T0,
  type TestStore,
  testStore,
} from "./fixture.ts";
import { only, testOutbox } from "./outbox_fixture.ts";

const ALL = { page: 1, limit: 99, closedOnly: false };

testStore(
  "session_table keeps a stay from its start to its end",
  async ({ store }) => {
    await store.apply([created(), opened({ nickname: 'Zoë "\'" 茶' })]);
    const open = {
      id: "session-1",
      userId: "ann",
      nickname: 'Zoë "\'" 茶',
      ip: "192.0.2.1",
      joinedAt: T0,
      leftAt: null,
      closeCode: null,
    };
    assert.deepEqual(await store.sessions("room-1", ALL), {
      rows: [open],
      total: 1,
    });
    await store.apply([closed({ closeCode: 4503 })]);
    assert.deepEqual(await store.sessions("room-1", ALL), {
      rows: [{ ...open, leftAt: T0 + 60_000, closeCode: 4503 }],
      total: 1,
    });
  },
);

testStore(
  "session_table counts a room's joins, peak and last leave",
  async ({ store }) => {
    await store.apply([
      created(),
      opened({ id: "a", peakUsers: 1 }),
      opened({ id: "b", peakUsers: 2 }),
      closed({ id: "a", leftAt: T0 + 9000 }),
      opened({ id: "c", peakUsers: 2 }),
      closed({ id: "b", leftAt: T0 + 8000 }),
    ]);
    const room = await store.room("room-1");
    assert.equal(room?.totalJoins, 3);
    assert.equal(room?.peakUsers, 2);
    assert.equal(room?.lastLeftAt, T0 + 9000);
  },
);

testStore(
  "session_table changes nothing when a stay is told again",
  async ({ store }) => {
    const records = [created(), opened({ peakUsers: 4 }), closed()];
    await store.apply(records);
    await store.apply(records);
    await store.apply([
      opened({ peakUsers: 9, nickname: "Other" }),
      closed({ leftAt: T0 + 99_000, closeCode: 1001 }),
    ]);
    const page = await store.sessions("room-1", ALL);
    assert.equal(page.total, 1);
    assert.equal(page.rows[0]?.nickname, "Ann");
    assert.equal(page.rows[0]?.leftAt, T0 + 60_000);
    assert.equal(page.rows[0]?.closeCode, 1000);
    const room = await store.room("room-1");
    assert.equal(room?.totalJoins, 1);
    assert.equal(room?.peakUsers, 4);
    assert.equal(room?.lastLeftAt, T0 + 60_000);
  },
);

testStore(
  "session_table pages stays newest first, ended ones alone when asked",
  async ({ store }) => {
    const records = Array.from({ length: 9 }, (_, index) => {
      const id = `${index + 1}`;
      return [
        opened({ id, joinedAt: T0 + index * 1000 }),
        ...(index % 3 === 0 ? [] : [closed({ id })]),
      ];
    });
    await store.apply([
      created(),
      ...records.flat(),
      created({ id: "room-2" }),
      opened({ id: "elsewhere", roomId: "room-2" }),
    ]);
    const check = async (
      query: Partial<Parameters<typeof store.sessions>[1]>,
      expected: { ids: string; total: number },
    ) => {
      const page = await store.sessions("room-1", { ...ALL, ...query });
      const ids = page.rows.map(({ id }) => id).join("");
      assert.deepEqual({ ids, total: page.total }, expected);
    };
    await check({}, { ids: "987654321", total: 9 });
    await check({ closedOnly: true }, { ids: "986532", total: 6 });
    await check({ closedOnly: true, limit: 4 }, { ids: "9865", total: 6 });
    await check({ closedOnly: true, limit: 4, page: 2 }, {
      ids: "32",
      total: 6,
    });
    await check({ closedOnly: true, limit: 4, page: 3 }, { ids: "", total: 6 });
    const range = { fromAt: T0 + 2000, toAt: T0 + 4000 };
    await check(range, { ids: "543", total: 3 });
    await check({ ...range, closedOnly: true }, { ids: "53", total: 2 });
    await check({ fromAt: T0 + 2001, toAt: T0 + 3999 }, { ids: "4", total: 1 });
  },
);

testStore(
  "session_table orders stays of one instant by when they were told",
  async ({ store }) => {
    await store.apply([
      created(),
      opened({ id: "z" }),
      opened({ id: "a" }),
      opened({ id: "m" }),
    ]);
    const page = await store.sessions("room-1", ALL);
    assert.deepEqual(page.rows.map(({ id }) => id), ["m", "a", "z"]);
  },
);

testStore(
  "session_table closes what a crash left open at the newest instant",
  async ({ store }) => {
    await store.apply([
      created(),
      opened({ id: "a" }),
      opened({ id: "b" }),
      closed({ id: "b", leftAt: T0 + 1000 }),
      opened({ id: "c", joinedAt: T0 + 7000 }),
    ]);
    assert.deepEqual(await store.closeOrphans(), { count: 2, at: T0 + 7000 });
    const { rows } = await store.sessions("room-1", ALL);
    assert.deepEqual(
      rows.map(({ id, leftAt, closeCode }) => [id, leftAt, closeCode]),
      [
        ["c", T0 + 7000, 1006],
        ["b", T0 + 1000, 1000],
        ["a", T0 + 7000, 1006],
      ],
    );
    assert.equal((await store.room("room-1"))?.lastLeftAt, T0 + 7000);
    assert.deepEqual(await store.closeOrphans(), { count: 0, at: T0 + 7000 });
  },
);

testOutbox("session_table keeps what a device heard of", async (test) => {
  const stays = async () => {
    const rows = await test.rows(
      `SELECT id, after_seq, through_seq, disconnected_at FROM session
        ORDER BY number`,
    );
    return rows.map((row) => Object.values(row));
  };
  const records = [
    deviceCreated(),
    opened({ id: "a", afterSeq: 0 }),
    relayed(1),
    opened({ id: "b", afterSeq: 1 }),
    relayed(2),
    closed({ id: "a", throughSeq: 2, leftAt: T0 - 5000 }),
    created({ id: "room-2" }),
    opened({ id: "c", roomId: "room-2" }),
    closed({ id: "c", roomId: "room-2" }),
  ];
  await test.apply(...records);
  const known = [
    ["a", 0, 2, "2023-11-14 22:13:20"],
    ["b", 1, null, null],
    ["c", null, null, null],
  ];
  assert.deepEqual(await stays(), known);
  await test.apply(...records, closed({ id: "a", throughSeq: 9 }));
  assert.deepEqual(await stays(), known);
});

testStore(
  "session_table leaves a room without orphans as it was",
  async ({ store }) => {
    await store.apply([
      created(),
      opened({ id: "a" }),
      created({ id: "room-2" }),
      opened({ id: "b", roomId: "room-2" }),
      closed({ id: "b", roomId: "room-2", leftAt: T0 + 1000 }),
      created({ id: "room-3" }),
    ]);
    await store.touch(T0 + 5000);
    assert.deepEqual(await store.closeOrphans(), { count: 1, at: T0 + 5000 });
    assert.equal((await store.room("room-1"))?.lastLeftAt, T0 + 5000);
    assert.equal((await store.room("room-2"))?.lastLeftAt, T0 + 1000);
    assert.equal((await store.room("room-3"))?.lastLeftAt, null);
  },
);

Deno.test("session_table ends no stay before it began when the clock was set back", async () => {
  await using test = await newStore("memory", { plan: only("room-events") });
  const { store } = test;
  await store.apply([
    created(),
    opened({ id: "back" }),
    closed({ id: "back", leftAt: T0 - 5000 }),
    opened({ id: "same" }),
    closed({ id: "same", leftAt: T0 }),
    opened({ id: "on" }),
    closed({ id: "on", leftAt: T0 + 1000 }),
  ]);
  const stays = await store.outbox.staysBetween("room-1", 1, 9);
  assert.deepEqual(
    stays.map(({ id, leftAt }) => [id, leftAt]),
    [["back", T0], ["same", T0], ["on", T0 + 1000]],
  );
  const events = await store.outbox.stream(0, 99);
  const left = events.flatMap(({ at, data, type }) =>
    type === "UserLeft" ? [[at, data.durationSecs]] : []
  );
  assert.deepEqual(left, [[T0, 0], [T0, 0], [T0 + 1000, 1]]);
});

/** Stays of a room that ended, in the order in which they did. */
async function leaves({ store }: TestStore, roomId = "room-1") {
  const stays = await store.outbox.staysBetween(roomId, 1, 99);
  return stays.map(({ id }) => id);
}

testStore(
  "session_table counts stays of a room by when they were told to have ended",
  async (test) => {
    const { store } = test;
    const ids = ["a", "b", "c"];
    const records = [
      created(),
      ...ids.map((id) => opened({ id })),
      opened({ id: "d", roomId: "room-2" }),
      closed({ id: "b" }),
      closed({ id: "d", roomId: "room-2" }),
    ];
    await store.apply(records);
    await store.apply(records);
    await store.apply([closed({ id: "c", leftAt: T0 }), closed({ id: "a" })]);
    assert.deepEqual(await leaves(test), ["b", "c", "a"]);
    assert.deepEqual(await leaves(test, "room-2"), ["d"]);
  },
);

testStore(
  "session_table counts what a crash left open behind what ended before",
  async (test) => {
    const { store } = test;
    await store.apply([
      opened({ id: "late", joinedAt: T0 + 9000 }),
      opened({ id: "z" }),
      opened({ id: "a" }),
      opened({ id: "ended" }),
      closed({ id: "ended" }),
      opened({ id: "other", roomId: "room-2" }),
      opened({ id: "another", roomId: "room-2" }),
    ]);
    await store.closeOrphans();
    assert.deepEqual(await leaves(test), ["ended", "late", "z", "a"]);
    assert.deepEqual(await leaves(test, "room-2"), ["other", "another"]);
    await store.apply([opened({ id: "new" }), closed({ id: "new" })]);
    assert.deepEqual((await leaves(test)).at(-1), "new");
    assert.equal((await leaves(test)).length, 5);
  },
);

Deno.test("session_table counts an orphan by when it ended", async () => {
  await using test = await newStore("memory", { plan: only("room-events") });
  const { store } = test;
  await store.apply([opened({ id: "b" }), opened({ id: "a" })]);
  await store.touch(T0 + 5000);
  await store.closeOrphans();
  const events = await store.outbox.stream(2, 9);
  assert.deepEqual(
    events.map(({ id, at }) => [id, at]),
    [["left_b", T0 + 5000], ["left_a", T0 + 5000]],
  );
});
