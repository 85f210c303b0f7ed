import assert from "node:assert/strict";
import fc from "fast-check";
import {
  expireLinks,
  purgeLinks,
  selectLink,
  selectOpenLinks,
} from "../../src/store/link_table.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import {
  chatCreated,
  entry,
  newEntry,
  newStore,
  requested,
  settled,
  T0,
  testStore,
} from "./fixture.ts";
import { planOf } from "./query_plan.ts";

const PENDING = {
  id: "link-1",
  userId: "ann",
  nickname: "Ann",
  number: null,
  roomId: "room-1",
  createdAt: T0,
  status: "pending",
  matchedAt: null,
  partner: null,
};

const MATCHED = {
  ...PENDING,
  status: "matched",
  matchedAt: T0 + 60_000,
  partner: { userId: "bob", nickname: "Bob" },
};

const EXPIRED = { ...PENDING, status: "expired" };

function ended(seq: number, roomId = "room-1"): DurableRecord {
  return entry("end", seq, { reason: "reaped" }, { roomId, actor: null });
}

testStore("link_table keeps a request and its match", async ({ store }) => {
  assert.equal(await store.link("ann"), undefined);
  await store.apply([chatCreated(), requested()]);
  assert.deepEqual(await store.link("ann"), PENDING);
  await store.apply([settled()]);
  assert.deepEqual(await store.link("ann"), MATCHED);
  assert.equal(await store.link("bob"), undefined);
});

testStore(
  "link_table gives a request the room of its match, and keeps its number",
  async ({ store }) => {
    await store.apply([
      requested({ number: "0042", roomId: null, nickname: 'A "n" 茶' }),
      settled({ roomId: "match-1" }),
    ]);
    assert.deepEqual(await store.link("ann"), {
      ...MATCHED,
      nickname: 'A "n" 茶',
      number: "0042",
      roomId: "match-1",
    });
  },
);

testStore(
  "link_table gives the newest request of a user",
  async ({ store }) => {
    const other = { userId: "bob", nickname: "Bob" };
    await store.apply([
      requested({ id: "a", createdAt: T0 + 1 }),
      requested({ id: "b", createdAt: T0 + 2 }),
      requested({ id: "c", createdAt: T0 + 2 }),
      requested({ id: "d", createdAt: T0 }),
      requested({ id: "e", createdAt: T0 + 9, ...other }),
    ]);
    assert.equal((await store.link("ann"))?.id, "c");
  },
);

testStore("link_table gives open requests, oldest first", async ({ store }) => {
  await store.apply([
    requested({ id: "late", createdAt: T0 + 2 }),
    requested({ id: "early", createdAt: T0 }),
    requested({ id: "met", createdAt: T0 + 1 }),
    settled({ id: "met" }),
    requested({ id: "over", createdAt: T0 }),
    settled({ id: "over", status: "expired", partner: null }),
    requested({ id: "left", createdAt: T0 }),
    settled({ id: "left", status: "cancelled", partner: null }),
    settled({ id: "nobody's" }),
  ]);
  const open = await store.openLinks();
  assert.deepEqual(open.map(({ id }) => id), ["early", "met", "late"]);
});

testStore(
  "link_table expires requests and matches with their room, and no others",
  async ({ store }) => {
    await store.apply([
      chatCreated(),
      requested({ id: "pending", userId: "a" }),
      requested({ id: "matched", userId: "b" }),
      settled({ id: "matched" }),
      requested({ id: "cancelled", userId: "c" }),
      settled({ id: "cancelled", status: "cancelled", partner: null }),
      requested({ id: "elsewhere", userId: "d", roomId: "room-2" }),
      ended(1),
    ]);
    const statuses = await Promise.all(["a", "b", "c", "d"].map(async (id) => {
      return (await store.link(id))?.status;
    }));
    const expected = ["expired", "expired", "cancelled", "pending"];
    assert.deepEqual(statuses, expected);
    const match = await store.link("b");
    assert.equal(match?.matchedAt, T0 + 60_000, "it is known that it was one");
    assert.equal(match?.partner?.userId, "bob");
  },
);

/** Applies records one by one; gives what became of Ann's request. */
async function outcome(records: readonly DurableRecord[]): Promise<unknown> {
  await using test = await newStore("memory");
  for (const record of records) await test.store.apply([record]);
  return await test.store.link("ann");
}

Deno.test("link_table never takes a settled request back", async () => {
  const expired = { status: "expired", partner: null } as const;
  const cancelled = { status: "cancelled", partner: null } as const;
  const over = { ...MATCHED, status: "expired" };
  const stories: [DurableRecord[], unknown][] = [
    [[requested(), settled()], MATCHED],
    [[requested(), settled(), ended(1)], over],
    [[requested(), settled(), settled({ ...expired, at: T0 + 9e6 })], over],
    [[requested(), settled(), settled({ ...expired, roomId: null })], over],
    [[requested(), settled(expired)], EXPIRED],
    [[requested(), ended(1)], EXPIRED],
    [[requested(), settled(cancelled), ended(1)], {
      ...PENDING,
      status: "cancelled",
    }],
  ];
  for (const [story, expected] of stories) {
    assert.deepEqual(await outcome(story), expected);
    for (const record of story) {
      assert.deepEqual(await outcome([...story, record]), expected);
    }
    assert.deepEqual(await outcome([...story, ...story]), expected);
  }
});

Deno.test("link_table comes to one end in whatever order rooms are written", async () => {
  const match = { roomId: "room-2", at: T0 + 5 };
  // Ann waited in room 1, which ends when she is matched in room 2. The records
  // of a room keep their order.
  const first = [requested(), ended(1)];
  const second = [
    requested({ roomId: "room-2" }),
    settled(match),
    ended(1, "room-2"),
  ];
  const expected = {
    ...MATCHED,
    roomId: "room-2",
    matchedAt: T0 + 5,
    status: "expired",
  };
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 0, 1, 1, 1], { minLength: 5 }),
      fc.integer({ min: 0, max: 4 }),
      async (turns, again) => {
        const lines = [[...first], [...second]];
        const mixed = turns.map((line) => lines[line]?.shift())
          .filter((record) => record !== undefined);
        // Then the journal, from its start or with what came first gone.
        const journal = [requested(), settled(match), ended(1)];
        const replayed = [...journal, ended(1, "room-2")].slice(again);
        assert.deepEqual(await outcome([...mixed, ...replayed]), expected);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("link_table takes a match before its request, and keeps the match", async () => {
  const match = settled({ roomId: "match-1" });
  const story = [match, requested({ number: "0042", roomId: null })];
  const expected = { ...MATCHED, number: "0042", roomId: "match-1" };
  assert.deepEqual(await outcome(story), expected);
  assert.deepEqual(await outcome([...story, ...story]), expected);
  const elsewhere = [match, requested({ roomId: "room-9" })];
  assert.deepEqual(await outcome(elsewhere), { ...expected, number: null });
});

Deno.test("link_table lets a request be cancelled whose room ended first", async () => {
  const cancelled = settled({ status: "cancelled", partner: null });
  assert.deepEqual(await outcome([requested(), ended(1), cancelled]), {
    ...PENDING,
    status: "cancelled",
  });
});

testStore(
  "link_table removes old requests that have no room, up to the limit",
  async ({ store }) => {
    const over = { status: "expired", roomId: null, partner: null } as const;
    await store.apply([
      ...["a", "b", "c"].flatMap((id, index) => [
        requested({ id, userId: id, number: "1234", roomId: null }),
        settled({ id, ...over, at: T0 + index }),
      ]),
      requested({ id: "new", userId: "new", roomId: null }),
      settled({ id: "new", ...over, at: T0 + 100 }),
      requested({ id: "open", userId: "open", roomId: null }),
      requested({ id: "room", userId: "room" }),
      settled({ id: "room", ...over, at: T0 }),
    ]);
    const query = { settledBefore: T0 + 100, limit: 2 };
    assert.equal(await store.purgeLinks(query), 2);
    assert.equal(await store.link("b"), undefined);
    assert.equal((await store.link("c"))?.id, "c");
    assert.equal(await store.purgeLinks(query), 1);
    assert.equal(await store.purgeLinks(query), 0);
    for (const id of ["new", "open", "room"]) {
      assert.equal((await store.link(id))?.id, id);
    }
  },
);

Deno.test("link_table has an index for every read", async () => {
  const purge = purgeLinks({ settledBefore: T0, limit: 9 });
  const end = newEntry("end", 1, { reason: "closed" });
  const plans: [string, RegExp][] = [
    [
      await planOf(selectLink("ann")),
      /SEARCH heart_link USING INDEX heart_link_by_user \(user_id=\?\)/,
    ],
    [
      await planOf(selectOpenLinks()),
      /SCAN heart_link USING INDEX heart_link_open/,
    ],
    [
      await planOf(expireLinks(end)),
      /SEARCH heart_link USING INDEX heart_link_by_room \(room_id=\?\)/,
    ],
    [
      await planOf(purge[0] ?? { sql: "" }),
      /SEARCH heart_link USING (COVERING )?INDEX heart_link_roomless/,
    ],
  ];
  for (const [plan, expected] of plans) {
    assert.match(plan, expected);
    assert.doesNotMatch(plan, /TEMP B-TREE/);
  }
});
