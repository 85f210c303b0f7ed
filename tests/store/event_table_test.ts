import assert from "node:assert/strict";
import {
  eventsOf,
  insertEvent,
  orphansLeft,
} from "../../src/store/event_table.ts";
import { NO_CALLBACKS } from "../../src/wire/callback.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import {
  closed,
  created,
  deviceCreated,
  entry,
  opened,
  queried,
  relayed,
  said,
  T0,
} from "./fixture.ts";
import {
  EVERYTHING,
  newOutbox,
  only,
  type TestOutbox,
  testOutbox,
} from "./outbox_fixture.ts";

/** Every event, snapshots too, as a list of what its row holds. */
async function told(test: TestOutbox): Promise<unknown[]> {
  const rows = await test.rows(
    "SELECT id, room_id, type, at, data, endpoint, state FROM event",
  );
  return rows.map(({ data, ...row }) => {
    return [...Object.values(row), JSON.parse(`${data}`)];
  });
}

testOutbox("eventsOf tells of a room and of each stay", async (test) => {
  await test.apply(
    created({ adminUserIds: ["zoe", "ann", "zoe"] }),
    opened({ joinedAt: T0 + 1999 }),
    said(1),
    closed({ leftAt: T0 + 62_000 }),
  );
  assert.deepEqual(await told(test), [
    [
      "created_room-1",
      "room-1",
      "RoomCreated",
      T0,
      "room-events",
      "pending",
      { roomName: "Tea house", adminUserIds: ["zoe", "ann"] },
    ],
    [
      "sync_room-1_1700000000000",
      "room-1",
      "RoomSync",
      T0,
      "sync",
      "pending",
      {},
    ],
    [
      "joined_session-1",
      "room-1",
      "UserJoined",
      T0 + 1999,
      "room-events",
      "pending",
      { userId: "ann", sessionId: "session-1" },
    ],
    [
      "left_session-1",
      "room-1",
      "UserLeft",
      T0 + 62_000,
      "room-events",
      "pending",
      // In whole seconds, so that it adds up with the two instants.
      { userId: "ann", sessionId: "session-1", durationSecs: 61 },
    ],
  ]);
});

const MODERATION: readonly DurableRecord[] = [
  said(1),
  entry("custom_event", 2, { eventType: "gift", payload: 1 }),
  entry("system", 3, { message: "Hello" }),
  entry("kick", 4, { userId: "bob" }),
  entry("ban", 5, { userId: "bob", until: T0 + 9 }, { actor: null }),
  entry("unban", 6, { userId: "bob" }, { actor: null }),
  entry("mute", 7, { userId: "bob", until: null }),
  entry("unmute", 8, { userId: "bob" }),
  entry("delete", 9, { seq: 1 }),
  entry("admins", 10, { userIds: ["ann"] }),
  entry("settings", 11, { name: "New" }),
  entry("end", 12, { reason: "closed" }),
];

testOutbox(
  "eventsOf tells what admins did when it is asked to",
  async (test) => {
    await test.apply(...MODERATION);
    const bob = { userId: "bob" };
    const rows = (await told(test) as unknown[][]).map((row) => {
      const [id, , type, at] = row;
      return [id, type, at, row.at(-1)];
    });
    assert.deepEqual(rows, [
      ["entry_room-1/4", "UserKicked", T0 + 4000, {
        ...bob,
        actor: "ann",
        seq: 4,
      }],
      ["entry_room-1/5", "UserBanned", T0 + 5000, {
        ...bob,
        until: T0 + 9,
        actor: null,
        seq: 5,
      }],
      ["entry_room-1/6", "UserUnbanned", T0 + 6000, {
        ...bob,
        actor: null,
        seq: 6,
      }],
      ["entry_room-1/7", "UserMuted", T0 + 7000, {
        ...bob,
        until: null,
        actor: "ann",
        seq: 7,
      }],
      ["entry_room-1/8", "UserUnmuted", T0 + 8000, {
        ...bob,
        actor: "ann",
        seq: 8,
      }],
      ["entry_room-1/9", "MessageDeleted", T0 + 9000, {
        messageSeq: 1,
        actor: "ann",
        seq: 9,
      }],
    ]);
  },
);

testOutbox("eventsOf says nothing of admins otherwise", async (test) => {
  await test.apply(...MODERATION);
  assert.deepEqual(await told(test), []);
}, only("room-events"));

testOutbox(
  "eventsOf writes the stream though nobody waits for it",
  async (test) => {
    await test.apply(created(), opened(), closed());
    assert.deepEqual(await test.ids("state IS NULL"), [
      "created_room-1",
      "joined_session-1",
      "left_session-1",
    ]);
    assert.deepEqual(await test.ids("state IS NOT NULL"), []);
    assert.deepEqual(await test.rows("SELECT * FROM callback_lane"), []);
  },
  NO_CALLBACKS,
);

testOutbox(
  "eventsOf marks as waiting what has somewhere to go",
  async (test) => {
    await test.apply(created(), opened());
    assert.deepEqual(await test.ids("state = 'pending'"), [
      "sync_room-1_1700000000000",
    ]);
    assert.equal((await test.ids("state IS NULL")).length, 2);
  },
  only("sync"),
);

testOutbox("eventsOf tells nothing twice", async (test) => {
  const story = [created(), opened(), ...MODERATION, closed()];
  await test.apply(...story);
  const once = await told(test);
  await test.deliver("room-events");
  await test.apply(...story);
  for (const record of story) await test.apply(record);
  const [pending, ...rest] = await test.ids("state = 'pending'");
  assert.equal(pending, "sync_room-1_1700000000000");
  assert.deepEqual(rest, []);
  assert.equal((await told(test)).length, once.length);
});

testOutbox("eventsOf tells of no stay that is not known", async (test) => {
  await test.apply(closed({ id: "unknown" }));
  assert.deepEqual(await told(test), []);
});

testOutbox("eventsOf names users as the tables do", async (test) => {
  const userId = "a\0b\uD800";
  const stored = "a\uFFFDb\uFFFD";
  await test.apply(
    created({ name: userId, adminUserIds: [userId] }),
    opened({ userId }),
    entry("kick", 1, { userId }, { actor: userId }),
    closed(),
  );
  const events = await test.outbox.stream(0, 9);
  const data = events.map(({ data }) => Object.values(data));
  assert.deepEqual(data, [
    [stored, [stored]],
    [stored, "session-1"],
    [stored, stored, 1],
    [stored, "session-1", 60],
  ]);
  const [session] = await test.rows("SELECT user_id FROM session");
  assert.equal(session?.user_id, stored);
});

testOutbox(
  "eventsOf tells of stays of devices, not of what they do",
  async (test) => {
    await test.apply(
      deviceCreated(),
      opened({ afterSeq: 0 }),
      relayed(1),
      queried(),
      closed({ throughSeq: 1 }),
    );
    const types = "SELECT type FROM event ORDER BY number";
    const events = (await test.rows(types)).map(({ type }) => type);
    const told = events.filter((type) => type !== "RoomSync");
    assert.deepEqual(told, ["RoomCreated", "UserJoined", "UserLeft"]);
  },
);

Deno.test("eventsOf makes no statement of a message", () => {
  assert.deepEqual(eventsOf(said(1), EVERYTHING), []);
  assert.deepEqual(eventsOf(said(1), NO_CALLBACKS), []);
});

Deno.test("insertEvent leaves an event of the same id as it was", async () => {
  await using test = await newOutbox();
  const event = {
    id: "joined_a",
    roomId: "room-1",
    type: "UserJoined",
    at: T0,
    data: { userId: "ann", sessionId: "a" },
  } as const;
  const later = { ...event, at: T0 + 1 };
  await test.connection.transaction([
    [insertEvent(event, EVERYTHING)],
    [insertEvent(later, EVERYTHING)],
  ]);
  const [row, ...rest] = await test.outbox.stream(0, 9);
  assert.deepEqual(row, { number: 1, ...event });
  assert.deepEqual(rest, []);
});

Deno.test("orphansLeft ends no stay before it began, and tells in that order", async () => {
  await using test = await newOutbox(only("room-events"));
  await test.apply(
    opened({ id: "late", joinedAt: T0 + 9000 }),
    opened({ id: "b", joinedAt: T0 + 1 }),
    opened({ id: "a", joinedAt: T0 }),
    opened({ id: "gone" }),
    closed({ id: "gone" }),
  );
  const plan = only("room-events");
  await test.connection.transaction([[orphansLeft(T0 + 5500, plan)]]);
  const events = await test.outbox.stream(5, 9);
  assert.deepEqual(events.map(({ id, at, data }) => [id, at, data]), [
    ["left_b", T0 + 5500, {
      userId: "ann",
      sessionId: "b",
      durationSecs: 5,
    }],
    ["left_a", T0 + 5500, {
      userId: "ann",
      sessionId: "a",
      durationSecs: 5,
    }],
    ["left_late", T0 + 9000, {
      userId: "ann",
      sessionId: "late",
      durationSecs: 0,
    }],
  ]);
});
