import assert from "node:assert/strict";
import { saveLinks } from "../../src/store/live_link_table.ts";
import type { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import {
  deleteParts,
  purgeableOf,
  purgeRoom,
  selectPurgeable,
  STEP_ROWS_MAX,
} from "../../src/store/room_purge.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import {
  chatCreated,
  closed,
  deviceCreated,
  entry,
  fed,
  liveCreated,
  opened,
  queried,
  relayed,
  requested,
  said,
  settled,
  T0,
} from "./fixture.ts";
import {
  newOutbox,
  SIZE,
  type TestOutbox,
  testOutbox,
} from "./outbox_fixture.ts";
import { planOf } from "./query_plan.ts";

const DAY_MS = 86_400_000;

/** Tables with rows of rooms, but the rooms' own. */
const TABLES = [
  "room_admin",
  "room_ban",
  "room_mute",
  "log_entry",
  "session",
  "room_query",
  "heart_link",
  "event",
  "callback_lane",
];

/** A whole life, with something of a room in every table. */
function life(roomId: string): DurableRecord[] {
  const here = { roomId };
  return [
    chatCreated({ id: roomId, adminUserIds: ["ann", "zoe"] }),
    requested({ id: `${roomId}.link`, ...here }),
    settled({ id: `${roomId}.link`, ...here }),
    opened({ id: `${roomId}.session`, ...here }),
    queried({ id: `${roomId}.query`, ...here }),
    said(1, "one", here),
    entry("read", 2, { seqs: [1] }, { ...here, actor: "bob" }),
    said(3, "two", here),
    entry("delete", 4, { seq: 3 }, here),
    entry("ban", 5, { userId: "eve", until: null }, here),
    entry("mute", 6, { userId: "dan", until: null }, here),
    entry("end", 7, { reason: "reaped" }, here),
    closed({ id: `${roomId}.session`, ...here }),
  ];
}

/** Tells a room's end, and delivers all that waits. */
async function settle(
  { deliver, outbox }: TestOutbox,
  roomId: string,
): Promise<void> {
  await outbox.queueClosing(roomId, { size: SIZE, at: T0 + 60_000 });
  for (const { name } of await outbox.histories()) {
    while ((await deliver(name)).length > 0);
  }
}

async function purgeable(
  { connection }: TestOutbox,
  endedBefore = T0 + DAY_MS,
  limit = 9,
): Promise<string[]> {
  const query = selectPurgeable({ endedBefore, limit });
  return (await connection.rows(query)).map(purgeableOf);
}

/** What every table has of a room. */
async function rowsOf(
  { rows }: TestOutbox,
  roomId: string,
): Promise<Map<string, unknown[]>> {
  const all = new Map<string, unknown[]>();
  all.set("room", await rows(`SELECT * FROM room WHERE id = '${roomId}'`));
  for (const table of TABLES) {
    const sql = `SELECT * FROM ${table} WHERE room_id = '${roomId}'`;
    all.set(table, await rows(sql));
  }
  return all;
}

function assertGone(rows: ReadonlyMap<string, unknown[]>): void {
  assert.deepEqual([...rows.values()].flat(), []);
}

testOutbox(
  "purgeRoom leaves nothing of a room, and all of another",
  async (test) => {
    await test.apply(...life("room-1"), ...life("room-2"));
    await settle(test, "room-1");
    await settle(test, "room-2");
    const other = await rowsOf(test, "room-2");
    for (const [table, rows] of other) {
      assert.equal(rows.length > 0, table !== "callback_lane", table);
    }
    assert.deepEqual(await purgeable(test), ["room-1", "room-2"]);
    await purgeRoom(test.connection, "room-1");
    assertGone(await rowsOf(test, "room-1"));
    assert.deepEqual(await rowsOf(test, "room-2"), other);
    assert.deepEqual(await purgeable(test), ["room-2"]);
    await purgeRoom(test.connection, "room-1");
  },
);

testOutbox(
  "purgeRoom touches no room that goes on, waits to be told, or was refused",
  async (test) => {
    const refuses = async (why: string) => {
      const before = await rowsOf(test, "room-1");
      assert.deepEqual(await purgeable(test), [], why);
      await assert.rejects(purgeRoom(test.connection, "room-1"), {
        name: "StoreError",
        failure: "busy",
      });
      assert.deepEqual(await rowsOf(test, "room-1"), before, why);
    };
    const records = life("room-1");
    await test.apply(...records.slice(0, -2));
    await refuses("it is active");
    await test.apply(...records.slice(-2));
    await refuses("its end was not told");
    await test.outbox.queueClosing("room-1", { size: SIZE, at: T0 + 60_000 });
    await refuses("callbacks wait");
    await test.connection.transaction([[{
      sql: `UPDATE event SET state = 'dead', settled_at = 1, error = ''
        WHERE state = 'pending'`,
    }]]);
    await refuses("there are dead letters");
    await test.connection.transaction([[{
      sql: "UPDATE event SET state = NULL",
    }]]);
    assert.deepEqual(await purgeable(test), ["room-1"]);
    await purgeRoom(test.connection, "room-1");
    assert.deepEqual(await test.rows("SELECT id FROM room"), []);
  },
);

testOutbox(
  "selectPurgeable gives rooms that ended and were told before an instant",
  async (test) => {
    const endAt = (roomId: string, at: number) => [
      chatCreated({ id: roomId }),
      entry("end", 1, { reason: "closed" }, { roomId, at }),
    ];
    await test.apply(
      ...endAt("late", T0 + 20),
      ...endAt("early", T0 + 10),
      ...endAt("told-late", T0 + 5),
    );
    for (const roomId of ["late", "early", "told-late"]) {
      await settle(test, roomId);
    }
    const tell = (roomId: string, at: number) => ({
      sql: "UPDATE room SET settled_at = ? WHERE id = ?",
      params: [at, roomId],
    });
    await test.connection.transaction([
      [tell("late", T0 + 20)],
      [tell("early", T0 + 11)],
      [tell("told-late", T0 + 30)],
    ]);
    assert.deepEqual(await purgeable(test, T0 + 11), []);
    assert.deepEqual(await purgeable(test, T0 + 12), ["early"]);
    assert.deepEqual(await purgeable(test, T0 + 20), ["early"]);
    assert.deepEqual(await purgeable(test, T0 + 21), ["early", "late"]);
    const all = ["told-late", "early", "late"];
    assert.deepEqual(await purgeable(test, T0 + 31), all);
    assert.deepEqual(await purgeable(test, T0 + 31, 2), all.slice(0, 2));
  },
);

/** A connection that says how much each transaction changed. */
function watched(
  connection: SqliteConnection,
  onTransaction: (changes: number[]) => Promise<void> | void,
): SqliteConnection {
  const watching: Pick<SqliteConnection, "rows" | "transaction"> = {
    rows: (query) => connection.rows(query),
    transaction: async (groups) => {
      const changes = await connection.transaction(groups);
      await onTransaction(changes);
      return changes;
    },
  };
  return watching as SqliteConnection;
}

Deno.test("purgeRoom changes at most 2000 rows in one transaction", async () => {
  await using test = await newOutbox();
  const count = 2 * STEP_ROWS_MAX + 1;
  const messages = Array.from({ length: count }, (_, index) => said(index + 1));
  const stays = Array.from({ length: count }, (_, index) => {
    const id = `s${index}`;
    return [opened({ id }), closed({ id })];
  });
  const bans = Array.from({ length: STEP_ROWS_MAX }, (_, index) => {
    return entry("ban", count + index, { userId: `u${index}`, until: null });
  });
  const end = entry("end", 9999, { reason: "closed" });
  await test.apply(chatCreated(), ...messages, ...stays.flat(), ...bans, end);
  const told = { size: { ...SIZE, sessionMax: 1 }, at: T0 + 60_000 };
  await test.outbox.queueClosing("room-1", told);
  await test.connection.transaction([[{
    sql: "UPDATE event SET state = NULL",
  }]]);
  const changes: number[] = [];
  const connection = watched(test.connection, (changed) => {
    changes.push(changed.at(-1) ?? 0);
  });
  await purgeRoom(connection, "room-1");
  assert.equal(Math.max(...changes), STEP_ROWS_MAX);
  assertGone(await rowsOf(test, "room-1"));
});

testOutbox(
  "purgeRoom stops before the log when an event is to be told again",
  async (test) => {
    await test.apply(...life("room-1"));
    await settle(test, "room-1");
    const log = (await rowsOf(test, "room-1")).get("log_entry");
    let isFirst = true;
    const connection = watched(test.connection, async () => {
      if (!isFirst) return;
      isFirst = false;
      const query = { delivered: true, limit: 99, now: T0 };
      const { replayed } = await test.outbox.replay(query);
      assert.ok(replayed > 0);
    });
    await assert.rejects(purgeRoom(connection, "room-1"), { failure: "busy" });
    const left = await rowsOf(test, "room-1");
    assert.deepEqual(left.get("log_entry"), log);
    assert.equal(left.get("room")?.length, 1);
    await settle(test, "room-1");
    await purgeRoom(test.connection, "room-1");
    assert.deepEqual(await test.rows("SELECT id FROM room"), []);
  },
);

testOutbox("purgeRoom goes on where it was cut off", async (test) => {
  await test.apply(...life("room-1"));
  await settle(test, "room-1");
  let left = 4;
  const connection = watched(test.connection, () => {
    left -= 1;
    if (left === 0) throw new Error("The process ends here");
  });
  await assert.rejects(purgeRoom(connection, "room-1"), /ends here/);
  assert.deepEqual(await purgeable(test), ["room-1"]);
  // The journal has it all again.
  await test.apply(...life("room-1"));
  assert.deepEqual(await purgeable(test), ["room-1"]);
  await purgeRoom(test.connection, "room-1");
  assertGone(await rowsOf(test, "room-1"));
});

testOutbox(
  "purgeRoom refuses cursors of the stream that are behind what it removed",
  async (test) => {
    await test.apply(...life("room-1"));
    await settle(test, "room-1");
    await test.apply(chatCreated({ id: "room-2" }));
    const known = await test.outbox.stream(0, 99);
    const last = known.filter(({ roomId }) => roomId === "room-1").at(-1);
    assert.equal(last?.type, "RoomClosed");
    await purgeRoom(test.connection, "room-1");
    const { purgedThrough } = await test.outbox.streamBounds();
    assert.equal(purgedThrough, last?.number);
    const [rest] = await test.outbox.stream(purgedThrough, 9);
    assert.equal(rest?.type, "RoomCreated");
  },
);

testOutbox("purgeRoom removes a device room, and no device", async (test) => {
  const records = [
    deviceCreated(),
    opened({ afterSeq: 0 }),
    relayed(1, { base64: "AAAA" }),
    queried(),
    closed({ throughSeq: 1, leftAt: T0 + 2000 }),
    entry("end", 2, { reason: "reaped" }),
  ];
  await test.apply(...records);
  await settle(test, "room-1");
  await purgeRoom(test.connection, "room-1");
  const views = ["connections", "messages", "device_messages", "room_queries"];
  for (const view of [...views, "rooms"]) {
    assert.deepEqual(await test.rows(`SELECT * FROM ${view}`), [], view);
  }
  const devices = "SELECT device_id AS id, last_room_id AS home FROM devices";
  const device = { id: "ann", home: "room-1" };
  assert.deepEqual(await test.rows(devices), [device]);
  await test.connection.transaction([[{ sql: "DELETE FROM device" }]]);
  await test.apply(...records);
  assertGone(await rowsOf(test, "room-1"));
  assert.deepEqual(await test.rows(devices), [], "the journal has it again");
});

testOutbox("purgeRoom removes a live room, and no link", async (test) => {
  const records = [
    liveCreated(),
    opened(),
    fed(1),
    fed(2, { upstreamId: "u" }),
    closed({ leftAt: T0 + 2000 }),
    entry("end", 3, { reason: "reaped" }),
  ];
  await test.apply(...records);
  await test.connection.transaction(saveLinks([{
    liveId: "7351",
    source: "relay",
    isWanted: true,
    isEnded: false,
    addedAt: T0,
    changedAt: T0,
    roomId: "room-1",
    throughSeq: 2,
    memory: "{}",
  }]));
  await settle(test, "room-1");
  await purgeRoom(test.connection, "room-1");
  assert.deepEqual(await test.rows("SELECT id FROM room"), []);
  assert.deepEqual(await test.rows("SELECT seq FROM log_entry"), []);
  const links = "SELECT live_id AS id, room_id AS room FROM live_link";
  const link = { id: "7351", room: "room-1" };
  assert.deepEqual(await test.rows(links), [link]);
  await test.connection.transaction([[{ sql: "DELETE FROM live_link" }]]);
  await test.apply(...records);
  assertGone(await rowsOf(test, "room-1"));
});

Deno.test("purgeRoom reads by indexes alone", async () => {
  const query = selectPurgeable({ endedBefore: T0, limit: 9 });
  const plan = await planOf(query);
  assert.match(plan, /SEARCH room USING INDEX room_told \(ended_at<\?\)/);
  assert.match(plan, /SEARCH callback_lane USING PRIMARY KEY \(room_id=\?\)/);
  assert.match(plan, /INDEX event_dead_by_room \(room_id=\?\)/);
  assert.doesNotMatch(plan, /TEMP B-TREE/);
  for (const part of deleteParts("room-1")) {
    const plan = await planOf(part);
    assert.doesNotMatch(plan, /SCAN (?!subquery)/, part.sql);
    assert.match(plan, /\(room_id=\?\)/, part.sql);
  }
});
