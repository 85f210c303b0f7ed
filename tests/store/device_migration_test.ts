import assert from "node:assert/strict";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { groupsOf } from "../../src/store/record_groups.ts";
import { closeOrphanSessions } from "../../src/store/session_table.ts";
import { entryOf, selectLog } from "../../src/store/log_table.ts";
import { selectRoom, storedRoom } from "../../src/store/room_table.ts";
import type { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { TempFolder } from "../support/temp_folder.ts";
import {
  closed,
  created,
  deviceCreated,
  newConnection,
  newMigrated,
  opened,
  queried,
  relayed,
  said,
  T0,
} from "./fixture.ts";
import { planOf } from "./query_plan.ts";

/** T0 as the views tell it. */
const T0_TEXT = "2023-11-14 22:13:20";

/** A connection of a device, as its id says: `tv.2` is the second of `tv`. */
function came(id: string, afterSeq: number, joinedAt = T0): DurableRecord {
  const [userId = ""] = id.split(".");
  return opened({ id, userId, nickname: `a ${userId}`, afterSeq, joinedAt });
}

function went(id: string, throughSeq: number, leftAt = T0): DurableRecord {
  return closed({ id, throughSeq, leftAt });
}

/** What a connection sent, at one instant with all else. */
function sent(seq: number, sessionId: string, to?: string): DurableRecord {
  const [actor = ""] = sessionId.split(".");
  const target = to === undefined ? {} : { to };
  return relayed(seq, { sessionId, ...target }, { actor, at: T0 });
}

async function apply(
  connection: SqliteConnection,
  ...records: readonly DurableRecord[]
): Promise<void> {
  await connection.transaction(groupsOf(records));
}

/** Who heard what, as `text > device` by number, then device. */
async function heard(connection: SqliteConnection): Promise<string[]> {
  const sql = `SELECT * FROM messages ORDER BY id`;
  const rows = await connection.rows({ sql });
  const ids = new Set(rows.map(({ id }) => id));
  assert.equal(ids.size, rows.length, "each row has an id of its own");
  return rows.map((row) => `${row.message_content} > ${row.to_device_id}`);
}

Deno.test("DEVICE_MIGRATION tells a row for each connection that heard a message", async () => {
  await using connection = await newMigrated();
  await apply(
    connection,
    deviceCreated(),
    came("tv.1", 0),
    sent(1, "tv.1"),
    came("radio.1", 1),
    came("lamp.1", 1),
    sent(2, "tv.1"),
    sent(3, "lamp.1"),
    went("lamp.1", 3),
    sent(4, "tv.1"),
    came("lamp.2", 4),
    came("gone.1", 4),
    went("gone.1", 4),
    sent(5, "radio.1"),
  );
  assert.deepEqual(await heard(connection), [
    '{"n":2} > radio',
    '{"n":2} > lamp',
    '{"n":3} > tv',
    '{"n":3} > radio',
    '{"n":4} > radio',
    '{"n":5} > tv',
    '{"n":5} > lamp',
  ]);
});

Deno.test("DEVICE_MIGRATION tells of each connection of a device, but the sender's", async () => {
  await using connection = await newMigrated();
  await apply(
    connection,
    deviceCreated(),
    came("tv.1", 0),
    came("tv.2", 0),
    came("radio.1", 0),
    came("radio.2", 0),
    sent(1, "tv.1"),
    sent(2, "tv.1", "radio"),
    sent(3, "tv.1", "tv"),
    sent(4, "tv.1", "nobody"),
  );
  assert.deepEqual(await heard(connection), [
    '{"n":1} > tv',
    '{"n":1} > radio',
    '{"n":1} > radio',
    '{"n":2} > radio',
    '{"n":2} > radio',
    '{"n":3} > tv',
  ]);
  const sql = `SELECT to_device_id, message_type, recipients
    FROM device_messages ORDER BY message_content`;
  const rows = await connection.rows({ sql });
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    [null, "broadcast", 3],
    ["radio", "direct", 2],
    ["tv", "direct", 1],
    ["nobody", "direct", 0],
  ]);
});

Deno.test("DEVICE_MIGRATION keeps rooms apart, and other rooms out", async () => {
  await using connection = await newMigrated();
  const elsewhere = { roomId: "room-2" };
  await apply(
    connection,
    deviceCreated(),
    deviceCreated({ id: "room-2" }),
    created({ id: "room-3" }),
    came("tv.1", 0),
    opened({ id: "lamp.1", userId: "lamp", afterSeq: 0, ...elsewhere }),
    opened({ id: "ann", roomId: "room-3" }),
    opened({ id: "bob", roomId: "room-3" }),
    said(1, "hello", { roomId: "room-3" }),
    relayed(1, { sessionId: "other" }, elsewhere),
  );
  assert.deepEqual(await heard(connection), ['{"n":1} > lamp']);
  const sql = "SELECT device_id FROM connections ORDER BY id";
  const rows = await connection.rows({ sql });
  assert.deepEqual(rows.map(({ device_id }) => device_id), ["tv", "lamp"]);
});

Deno.test("DEVICE_MIGRATION takes what a crash left open to have heard all", async () => {
  await using connection = await newMigrated();
  await apply(
    connection,
    deviceCreated(),
    came("tv.1", 0),
    came("radio.1", 0),
    sent(1, "tv.1"),
    came("late.1", 2),
    opened({ id: "ann", roomId: "room-2" }),
  );
  const { rooms, sessions } = closeOrphanSessions(T0 + 5000);
  await connection.transaction([rooms, sessions]);
  const sql =
    "SELECT id, through_seq, disconnected_at FROM session ORDER BY number";
  const rows = await connection.rows({ sql });
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    ["tv.1", 1, "2023-11-14 22:13:25"],
    ["radio.1", 1, "2023-11-14 22:13:25"],
    ["late.1", 2, "2023-11-14 22:13:25"],
    ["ann", null, null],
  ]);
  await apply(connection, came("tv.2", 1), sent(2, "tv.2"), went("tv.1", 9));
  assert.deepEqual(await heard(connection), ['{"n":1} > radio']);
});

Deno.test("DEVICE_MIGRATION offers the reference server's tables, in UTC", async () => {
  await using connection = await newMigrated();
  const bytes = new Uint8Array(65_536).fill(7);
  await apply(
    connection,
    created({ id: "room-2", createdAt: T0 + 1999 }),
    deviceCreated({ name: "", createdAt: T0 + 1999 }),
    came("tv.1", 0, T0),
    came("radio.1", 0, T0 + 61_000),
    relayed(1, { sessionId: "tv.1" }, { actor: "tv", at: T0 + 62_000 }),
    relayed(2, { sessionId: "radio.1", base64: bytes.toBase64(), to: "tv" }, {
      actor: "radio",
      at: T0 + 63_999,
    }),
    relayed(3, { sessionId: "radio.1", base64: "" }, { actor: "radio" }),
    queried({ userId: "tv" }),
    went("radio.1", 3, T0 + 3_600_000),
  );
  const all = (name: string) => {
    return connection.rows({ sql: `SELECT * FROM ${name} ORDER BY 1` });
  };
  assert.deepEqual(
    (await all("rooms")).map((
      { created_at, room_id },
    ) => [room_id, created_at]),
    [["room-1", "2023-11-14 22:13:21"], ["room-2", T0 / 1000 + 1]],
  );
  assert.deepEqual(await all("devices"), [
    {
      device_id: "radio",
      first_connected_at: "2023-11-14 22:14:21",
      last_connected_at: "2023-11-14 22:14:21",
      last_room_id: "room-1",
      last_identity: "a radio",
    },
    {
      device_id: "tv",
      first_connected_at: T0_TEXT,
      last_connected_at: T0_TEXT,
      last_room_id: "room-1",
      last_identity: "a tv",
    },
  ]);
  assert.deepEqual((await all("connections"))[1], {
    id: 2,
    device_id: "radio",
    room_id: "room-1",
    identity: "a radio",
    connected_at: "2023-11-14 22:14:21",
    disconnected_at: "2023-11-14 23:13:20",
    client_ip: "192.0.2.1",
  });
  assert.equal((await all("connections"))[0]?.disconnected_at, null);
  const [first, second, third] = await all("messages");
  assert.deepEqual(first, {
    id: 2 ** 30 + 2,
    from_device_id: "tv",
    to_device_id: "radio",
    room_id: "room-1",
    message_content: '{"n":1}',
    message_type: "broadcast",
    sent_at: "2023-11-14 22:14:22",
  });
  assert.deepEqual(second?.message_content, bytes);
  assert.equal(second?.message_type, "direct");
  assert.deepEqual(third?.message_content, new Uint8Array(0));
  const messages = await all("device_messages");
  assert.deepEqual(messages[0], {
    id: "room-1/1",
    from_device_id: "tv",
    to_device_id: null,
    room_id: "room-1",
    message_content: '{"n":1}',
    message_type: "broadcast",
    sent_at: "2023-11-14 22:14:22",
    recipients: 1,
  });
  assert.equal(
    (await all("room_queries"))[0]?.queried_at,
    "2023-11-14 22:13:21",
  );
  const sql = "SELECT payload FROM log_entry ORDER BY seq";
  for (const { payload } of await connection.rows({ sql })) {
    const keys = Object.keys(JSON.parse(String(payload)));
    assert.ok(!keys.includes("text") && !keys.includes("base64"));
  }
});

const THROUGHPUT = `SELECT count(*) AS count FROM messages
  WHERE sent_at >= datetime('now', '-1 minute')`;

const PER_MINUTE = `SELECT substr(sent_at, 1, 16) AS minute, count(*) AS count
  FROM device_messages WHERE sent_at >= datetime('now', '-1 hour')
  GROUP BY minute ORDER BY minute`;

const ONLINE = `SELECT count(*) AS count FROM connections
  WHERE disconnected_at IS NULL`;

/** The share of the last day that each device was connected, in percent. */
const ONLINE_RATE = `SELECT device_id,
    round(sum(unixepoch(until) - unixepoch(since)) / 864.0, 2) AS percent
  FROM (
    SELECT device_id, max(connected_at, datetime('now', '-1 day')) AS since,
      datetime('now') AS until
    FROM connections WHERE disconnected_at IS NULL
    UNION ALL
    SELECT device_id, max(connected_at, datetime('now', '-1 day')),
      disconnected_at
    FROM connections WHERE disconnected_at >= datetime('now', '-1 day')
  ) GROUP BY device_id ORDER BY device_id`;

Deno.test("DEVICE_MIGRATION answers for throughput and online rate", async () => {
  await using connection = await newMigrated();
  const [row] = await connection.rows({ sql: "SELECT unixepoch() AS now" });
  const now = Number(row?.now) * 1000;
  const hour = 3_600_000;
  const at = (seq: number, at: number) => {
    return relayed(seq, { sessionId: "tv.1" }, { actor: "tv", at });
  };
  await apply(
    connection,
    deviceCreated(),
    came("old.1", 0, now - 99 * hour),
    went("old.1", 0, now - 25 * hour),
    came("tv.1", 0, now - 99 * hour),
    came("radio.1", 0, now - 12 * hour),
    came("lamp.1", 0, now - 30 * hour),
    went("lamp.1", 0, now - 18 * hour),
    at(1, now - 2 * hour),
    at(2, now - 120_000),
    at(3, now),
    at(4, now),
  );
  assert.deepEqual(await connection.rows({ sql: THROUGHPUT }), [{ count: 2 }]);
  const minutes = await connection.rows({ sql: PER_MINUTE });
  assert.deepEqual(minutes.map(({ count }) => count), [1, 2]);
  assert.deepEqual(await connection.rows({ sql: ONLINE }), [{ count: 2 }]);
  const rates = await connection.rows({ sql: ONLINE_RATE });
  assert.deepEqual(rates.map(({ device_id }) => device_id), [
    "lamp",
    "radio",
    "tv",
  ]);
  const near = (index: number, percent: number) => {
    const found = Number(rates[index]?.percent);
    assert.ok(Math.abs(found - percent) < 1, `${found} is ${percent}`);
  };
  near(0, 25);
  near(1, 50);
  near(2, 100);
});

Deno.test("DEVICE_MIGRATION has an index for what scripts ask", async () => {
  const bySent =
    /SEARCH entry USING (?:COVERING )?INDEX log_sent \(sent_at>\?\)/;
  const byHearing = /session_hearing \(room_id=\? AND <expr>>\?\)/;
  const byMessage = /PRIMARY KEY \(room_id=\? AND seq>\? AND seq<\?\)/;
  const byEnd = /session_disconnected \(disconnected_at=\?\)/;
  const recipients = "SELECT recipients FROM device_messages WHERE id = 'a'";
  const byPlan: [string, RegExp[]][] = [
    [THROUGHPUT, [bySent, byHearing]],
    [PER_MINUTE, [bySent]],
    [ONLINE, [byEnd]],
    [ONLINE_RATE, [byEnd, /session_disconnected \(disconnected_at>\?\)/]],
    ["SELECT * FROM messages WHERE room_id = 'a'", [byMessage]],
    ["SELECT * FROM messages WHERE to_device_id = 'a'", [
      /session_by_device \(user_id=\?\)/,
      byMessage,
    ]],
    [recipients, [byHearing]],
    ["SELECT * FROM connections WHERE device_id = 'a'", [
      /session_by_device \(user_id=\?\)/,
    ]],
  ];
  for (const [sql, plans] of byPlan) {
    const found = await planOf({ sql });
    for (const plan of plans) assert.match(found, plan, sql);
  }
  for (const sql of [THROUGHPUT, PER_MINUTE, ONLINE, ONLINE_RATE]) {
    assert.doesNotMatch(await planOf({ sql }), /SCAN (entry|session|hearer)/);
  }
});

Deno.test("DEVICE_MIGRATION indexes nothing of other rooms", async () => {
  await using connection = await newMigrated();
  await apply(
    connection,
    created(),
    opened(),
    closed(),
    said(1, "hello", { clientMsgId: "m-1" }),
  );
  for (const index of ["by_device", "disconnected", "hearing"]) {
    const sql = `SELECT count(*) AS count FROM session
      INDEXED BY session_${index} WHERE after_seq IS NOT NULL`;
    assert.deepEqual(await connection.rows({ sql }), [{ count: 0 }]);
    const where =
      `SELECT sql FROM sqlite_schema WHERE name = 'session_${index}'`;
    const [schema] = await connection.rows({ sql: where });
    assert.match(String(schema?.sql), /WHERE after_seq IS NOT NULL$/);
  }
  const sent = "SELECT sql FROM sqlite_schema WHERE name = 'log_sent'";
  const [schema] = await connection.rows({ sql: sent });
  assert.match(String(schema?.sql), /WHERE sent_at IS NOT NULL$/);
});

/** What version 3 of the program wrote. */
const VERSION_3 = [
  `INSERT INTO room (id, kind, epoch, name, auto_close, created_at, last_seq,
      access, participants)
    VALUES ('room-1', 'managed', 'e', 'Tea house', 1, ${T0}, 1, NULL, NULL),
      ('chat-1', 'chat', 'e', '', 1, ${T0}, 1, 'open', '[]')`,
  `INSERT INTO log_entry (room_id, seq, id, at, kind, actor, payload, chat_at,
      named_at, talk_of)
    VALUES ('chat-1', 1, 'm1', ${T0}, 'message', 'ann',
      '{"nickname":"Ann","content":"Hi","isAdmin":false,"clientMsgId":"c"}',
      ${T0}, ${T0}, 'ann')`,
  `INSERT INTO session (id, room_id, user_id, nickname, ip, joined_at)
    VALUES ('s1', 'room-1', 'ann', 'Ann', '', ${T0})`,
  "INSERT INTO meta (key, value) VALUES ('alive_at', 5)",
];

Deno.test("DEVICE_MIGRATION brings a database of version 3 with what it holds", async () => {
  using folder = new TempFolder();
  const path = folder.file("parlor.db");
  await using connection = await newConnection({ path });
  await migrate(connection, MIGRATIONS.slice(0, 3));
  await connection.transaction(VERSION_3.map((sql) => [{ sql }]));
  const versions = await migrate(connection, MIGRATIONS);
  assert.deepEqual(versions, { from: 3, to: MIGRATIONS.length });
  const [row] = await connection.rows(selectRoom("chat-1"));
  const room = row && storedRoom(row);
  assert.deepEqual([room?.kind, room && "device" in room], ["chat", false]);
  const [entry] = await connection.rows(selectLog("chat-1", { limit: 9 }));
  assert.deepEqual(entry && entryOf(entry).payload, {
    nickname: "Ann",
    content: "Hi",
    isAdmin: false,
    clientMsgId: "c",
  });
  await apply(
    connection,
    closed({ id: "s1" }),
    deviceCreated({ id: "room-2" }),
    opened({ id: "tv.1", userId: "tv", roomId: "room-2", afterSeq: 0 }),
    relayed(1, {}, { roomId: "room-2" }),
  );
  assert.deepEqual(await heard(connection), ['{"n":1} > tv']);
  const rooms = await connection.rows({ sql: "SELECT * FROM rooms" });
  const times = new Map(rooms.map((each) => [each.room_id, each.created_at]));
  assert.equal(times.get("room-1"), T0 / 1000);
  assert.equal(times.get("room-2"), T0_TEXT);
  const stays = "SELECT id, left_at, through_seq FROM session WHERE id = 's1'";
  assert.deepEqual(await connection.rows({ sql: stays }), [
    { id: "s1", left_at: T0 + 60_000, through_seq: null },
  ]);
});
