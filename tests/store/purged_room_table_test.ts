import assert from "node:assert/strict";
import { purgeRoom } from "../../src/store/room_purge.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import {
  chatCreated,
  closed,
  entry,
  newMigrated,
  opened,
  requested,
  said,
  settled,
  T0,
} from "./fixture.ts";
import { SIZE, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

const DAY_MS = 86_400_000;

/** A room that ended, as the journal has it. */
const OLD: readonly DurableRecord[] = [
  chatCreated({ epoch: "old" }),
  requested(),
  settled(),
  opened(),
  said(1, "old one", { clientMsgId: "m-1" }),
  said(2, "old two"),
  said(3, "old three"),
  entry("read", 4, { seqs: [1] }, { actor: "bob" }),
  entry("ban", 5, { userId: "eve", until: null }),
  entry("end", 6, { reason: "closed" }),
  closed(),
];

async function purged({ connection, apply, outbox }: TestOutbox) {
  await apply(...OLD);
  await outbox.queueClosing("room-1", { size: SIZE, at: T0 + 61_000 });
  await connection.transaction([[{ sql: "UPDATE event SET state = NULL" }]]);
  await purgeRoom(connection, "room-1");
}

/** Rows of every table that a record of a room can reach. */
async function everything({ rows }: TestOutbox): Promise<unknown> {
  const tables = [
    "room",
    "room_admin",
    "room_ban",
    "log_entry",
    "session",
    "heart_link",
    "event",
    "callback_lane",
  ];
  const all: Record<string, unknown> = {};
  for (const table of tables) all[table] = await rows(`SELECT * FROM ${table}`);
  return all;
}

testOutbox(
  "notPurged keeps a purged room away when the journal has it again",
  async (test) => {
    const empty = await everything(test);
    await purged(test);
    assert.deepEqual(await everything(test), empty);
    await test.apply(...OLD);
    assert.deepEqual(await everything(test), empty);
    for (const record of OLD) await test.apply(record);
    assert.deepEqual(await everything(test), empty);
  },
);

testOutbox(
  "notPurged takes a new room of the same id, and nothing of the old one",
  async (test) => {
    await purged(test);
    const at = T0 + DAY_MS;
    await test.apply(
      chatCreated({ epoch: "new", createdAt: at }),
      requested({ createdAt: at, id: "link-2" }),
      opened({ id: "session-2", joinedAt: at }),
      said(1, "new one", { at: at + 1000 }),
    );
    const expected = await everything(test);
    const [room] = await test.rows("SELECT epoch, last_seq, status FROM room");
    assert.deepEqual(room, { epoch: "new", last_seq: 1, status: "active" });
    const [link] = await test.rows("SELECT id FROM heart_link");
    assert.equal(link?.id, "link-2");
    await test.apply(...OLD);
    const [again] = await test.rows("SELECT epoch, last_seq, status FROM room");
    assert.deepEqual(again, room);
    assert.deepEqual(await everything(test), expected);
  },
);

Deno.test("trimPurged forgets the first of more than 100000 rooms", async () => {
  await using connection = await newMigrated();
  await connection.transaction([[{
    sql: `INSERT INTO purged_room (number, room_id, through_at)
      VALUES (1, 'first', 0), (2, 'second', 0), (100000, 'last', 0)`,
  }], [{
    sql: `INSERT INTO room (id, kind, epoch, name, auto_close, created_at,
        status, ended_at, settled_at)
      VALUES ('room-1', 'chat', 'e', '', 1, 1, 'ended', 2, 3)`,
  }]]);
  await purgeRoom(connection, "room-1");
  const rows = await connection.rows({
    sql: "SELECT room_id, through_at FROM purged_room ORDER BY number",
  });
  assert.deepEqual(rows, [
    { room_id: "second", through_at: 0 },
    { room_id: "last", through_at: 0 },
    { room_id: "room-1", through_at: 3 },
  ]);
});
