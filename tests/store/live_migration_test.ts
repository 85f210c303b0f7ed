import assert from "node:assert/strict";
import { entryOf, selectLog } from "../../src/store/log_table.ts";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { groupsOf } from "../../src/store/record_groups.ts";
import { selectRoom, storedRoom } from "../../src/store/room_table.ts";
import type { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import type { SqlRow } from "../../src/store/sqlite_protocol.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { TempFolder } from "../support/temp_folder.ts";
import {
  closed,
  deviceCreated,
  fed,
  liveCreated,
  newConnection,
  newMigrated,
  opened,
  relayed,
  said,
  T0,
} from "./fixture.ts";

async function apply(
  connection: SqliteConnection,
  ...records: readonly DurableRecord[]
): Promise<void> {
  await connection.transaction(groupsOf(records));
}

function all(connection: SqliteConnection, name: string): Promise<SqlRow[]> {
  return connection.rows({ sql: `SELECT * FROM ${name} ORDER BY 1` });
}

Deno.test("LIVE_MIGRATION shows nothing of live rooms as a device's", async () => {
  await using connection = await newMigrated();
  await apply(
    connection,
    liveCreated({ name: "7351" }),
    opened(),
    fed(1),
    said(2, "from a viewer"),
    fed(3, { type: "gift", upstreamId: "g" }),
    closed(),
  );
  const devices = ["devices", "connections", "room_queries"];
  for (const view of [...devices, "messages", "device_messages"]) {
    assert.deepEqual(await all(connection, view), [], view);
  }
  assert.deepEqual(await all(connection, "rooms"), [
    { id: "room-1", name: "7351", created_at: T0 / 1000, room_id: "room-1" },
  ]);
  const history = await all(connection, "chat_history");
  assert.deepEqual(history.map(({ id }) => id), [2]);
  const stays = await all(connection, "room_sessions");
  assert.deepEqual(stays.map(({ user_id }) => user_id), ["ann"]);
});

Deno.test("LIVE_MIGRATION puts no live message into an index of others", async () => {
  await using connection = await newMigrated();
  await apply(connection, liveCreated(), fed(1), fed(2, { upstreamId: "u" }));
  const indexes = {
    "log_chat": "chat_at IS NOT NULL",
    "log_named": "named_at IS NOT NULL",
    "log_sent": "sent_at IS NOT NULL",
    "log_message": "talk_of IS NOT NULL",
  };
  for (const [index, where] of Object.entries(indexes)) {
    const sql = `SELECT count(*) AS count FROM log_entry
      INDEXED BY ${index} WHERE ${where}`;
    assert.deepEqual(await connection.rows({ sql }), [{ count: 0 }], index);
  }
  const sql = `SELECT name FROM sqlite_schema
    WHERE type = 'index' AND tbl_name = 'log_entry' AND sql IS NOT NULL`;
  const known = (await connection.rows({ sql })).map(({ name }) => name);
  const others = [...Object.keys(indexes), "log_unread"];
  assert.deepEqual(known.sort(), others.sort());
});

/** What version 4 of the program wrote. */
const VERSION_4 = [
  `INSERT INTO room (id, kind, epoch, name, auto_close, created_at, last_seq,
      access, participants, origin_id)
    VALUES ('room-1', 'managed', 'e', 'Tea house', 1, ${T0}, 1, NULL, NULL, NULL),
      ('dev-1', 'device', 'e', '', 1, ${T0}, 1, NULL, NULL, 'dev-0')`,
  `INSERT INTO log_entry (room_id, seq, id, at, kind, actor, payload, chat_at)
    VALUES ('room-1', 1, 'm1', ${T0}, 'message', 'ann',
      '{"nickname":"Ann","content":"Hi","isAdmin":false}', ${T0})`,
  `INSERT INTO log_entry (room_id, seq, id, at, kind, actor, payload, sent_at,
      body)
    VALUES ('dev-1', 1, 'r1', ${T0}, 'relay', 'tv',
      '{"identity":"a tv","sessionId":"s1"}', '2023-11-14 22:13:20', '[1]')`,
  `INSERT INTO session (id, room_id, user_id, nickname, ip, joined_at, after_seq)
    VALUES ('s1', 'dev-1', 'tv', 'a tv', '', ${T0}, 0),
      ('s2', 'dev-1', 'lamp', 'a lamp', '', ${T0}, 0)`,
];

Deno.test("LIVE_MIGRATION brings a database of version 4 with what it holds", async () => {
  using folder = new TempFolder();
  const path = folder.file("parlor.db");
  await using connection = await newConnection({ path });
  await migrate(connection, MIGRATIONS.slice(0, 4));
  await connection.transaction(VERSION_4.map((sql) => [{ sql }]));
  const heard = await all(connection, "messages");
  assert.equal(heard.length, 1);
  const versions = await migrate(connection, MIGRATIONS);
  assert.deepEqual(versions, { from: 4, to: MIGRATIONS.length });
  assert.deepEqual(await all(connection, "messages"), heard);
  for (const roomId of ["room-1", "dev-1"]) {
    const [row] = await connection.rows(selectRoom(roomId));
    const room = row && storedRoom(row);
    assert.equal(room?.lastSeq, 1);
    assert.equal(room && "live" in room, false);
  }
  const [relay] = await connection.rows(selectLog("dev-1", { limit: 9 }));
  assert.deepEqual(relay && entryOf(relay).payload, {
    identity: "a tv",
    sessionId: "s1",
    text: "[1]",
  });
  await apply(
    connection,
    liveCreated({ id: "live-1" }, "9001"),
    fed(1, {}, { roomId: "live-1" }),
    deviceCreated({ id: "dev-2" }),
    relayed(1, {}, { roomId: "dev-2" }),
  );
  const [row] = await connection.rows(selectRoom("live-1"));
  assert.deepEqual(row && storedRoom(row).live, { liveId: "9001" });
  assert.deepEqual(await all(connection, "live_link"), []);
  assert.deepEqual(await all(connection, "live_lease"), []);
});
