import assert from "node:assert/strict";
import {
  selectMarks,
  selectRoomsWithNews,
  selectUnbatched,
} from "../../src/store/batch_marks.ts";
import { selectConsistency } from "../../src/store/consistency.ts";
import { selectHistories } from "../../src/store/endpoint_table.ts";
import { selectDead, selectStream } from "../../src/store/event_log.ts";
import { purgeEvents } from "../../src/store/event_purge.ts";
import {
  type EventReplay,
  queueAgain,
  selectReplayable,
} from "../../src/store/event_replay.ts";
import { orphansLeft } from "../../src/store/event_table.ts";
import {
  releaseLanes,
  selectDue,
  selectRoomLanes,
  settleLane,
} from "../../src/store/lane_table.ts";
import {
  entryOf,
  selectChat,
  selectLog,
  selectMessage,
  selectNamed,
} from "../../src/store/log_table.ts";
import { selectMessages, selectUnread } from "../../src/store/message_reads.ts";
import { selectPenalties } from "../../src/store/penalty_table.ts";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import {
  selectChatBetween,
  selectNewestChat,
  selectNewestStays,
  selectStaysBetween,
} from "../../src/store/record_reads.ts";
import { groupsOf } from "../../src/store/record_groups.ts";
import { selectEndedRooms } from "../../src/store/room_closing.ts";
import { purgeRoom, selectPurgeable } from "../../src/store/room_purge.ts";
import { insertSnapshots } from "../../src/store/room_snapshots.ts";
import {
  countRooms,
  selectActiveRooms,
  selectRoom,
  selectRooms,
  storedRoom,
} from "../../src/store/room_table.ts";
import {
  closeOrphanSessions,
  closeSession,
  selectSessions,
} from "../../src/store/session_table.ts";
import { SqliteOutbox } from "../../src/store/sqlite_outbox.ts";
import type {
  SqlGroup,
  SqlStatement,
} from "../../src/store/sqlite_protocol.ts";
import {
  closed,
  created,
  entry,
  newConnection,
  newMigrated,
  opened,
  said,
  T0,
} from "./fixture.ts";
import { EVERYTHING, SIZE } from "./outbox_fixture.ts";
import { planOf } from "./query_plan.ts";

Deno.test("MIGRATIONS have an index for every read that grows with use", async () => {
  const query = { page: 1, limit: 10 };
  const chat = selectChat("room-1", query);
  const stays = selectSessions("room-1", { ...query, closedOnly: true });
  const orphans = closeOrphanSessions(T0);
  const [markOrphans] = orphans.rooms;
  const [endOrphans] = orphans.sessions;
  assert.ok(markOrphans !== undefined && endOrphans !== undefined);
  const byPlan: [SqlStatement, RegExp][] = [
    [chat.page, /SEARCH log_entry USING COVERING INDEX log_chat/],
    [chat.total, /SEARCH log_entry USING COVERING INDEX log_chat/],
    [selectLog("room-1", { limit: 1 }), /SEARCH log_entry USING PRIMARY KEY/],
    [
      selectLog("room-1", { afterSeq: 1, limit: 1 }),
      /SEARCH log_entry USING PRIMARY KEY/,
    ],
    [selectMessage("room-1", 1), /SEARCH log_entry USING PRIMARY KEY/],
    [selectNamed(T0), /SEARCH entry USING INDEX log_named/],
    [stays.page, /SEARCH session USING INDEX session_by_join/],
    [stays.total, /SEARCH session USING COVERING INDEX session_by_join/],
    [stays.total, /SEARCH session USING INDEX session_open/],
    [markOrphans, /SCAN session USING INDEX session_open/],
    [endOrphans, /SCAN session USING INDEX session_open/],
    [selectActiveRooms(), /SCAN room USING INDEX room_active/],
    [selectRoom("room-1"), /SEARCH room USING PRIMARY KEY/],
    [
      selectRooms({ ended: false, limit: 1, offset: 0 }),
      /SCAN room USING INDEX room_active/,
    ],
    [
      selectRooms({ ended: true, limit: 1, offset: 0 }),
      /SCAN room USING INDEX room_by_created/,
    ],
    [selectPenalties("room_ban", T0), /SEARCH penalty USING PRIMARY KEY/],
  ];
  for (const [statement, plan] of byPlan) {
    assert.match(await planOf(statement), plan, statement.sql);
  }
});

/** The first statement of a group, or of the first of several. */
function first(groups: SqlGroup | readonly SqlGroup[]): SqlStatement {
  const [statement] = groups.flat();
  assert.ok(statement !== undefined);
  return statement;
}

Deno.test("MIGRATIONS have an index for every read of the outbox", async () => {
  const due = selectDue({
    endpoint: "sync",
    now: T0,
    lanesMax: 9,
    eventsMax: 9,
    except: ["room-1"],
  });
  const query = { delivered: false, limit: 9, now: T0 };
  const replay = (changes: Partial<EventReplay>) => {
    return selectReplayable({ ...query, ...changes }, EVERYTHING);
  };
  const again = first(queueAgain([1, 2], { delivered: true, now: T0 }));
  const purge = purgeEvents({ before: T0, deadBefore: T0, now: T0, limit: 9 });
  const [totals, batches] = selectConsistency("room-1");
  const range = { from: 1, to: 2 };
  const page = { afterRoomId: "", limit: 9 };
  const byPlan: [SqlStatement, RegExp][] = [
    [due.lanes, /SEARCH callback_lane USING INDEX callback_lane_due/],
    [due.events, /callback_lane_due \(endpoint=\? AND due_at<\?\)/],
    [due.events, /SEARCH event USING INTEGER PRIMARY KEY \(rowid=\?\)/],
    [
      due.events,
      /SEARCH waiting USING COVERING INDEX event_pending \(endpoint=\? AND room_id=\?\)/,
    ],
    [selectRoomLanes("room-1"), /SEARCH callback_lane USING PRIMARY KEY/],
    [
      first(releaseLanes("sync", T0, 0)),
      /INDEX callback_lane_due \(endpoint=\?/,
    ],
    [selectStream(0, 9), /SEARCH event USING INTEGER PRIMARY KEY/],
    [
      selectDead({ afterNumber: 0, limit: 9 }),
      /SEARCH event USING INDEX event_dead/,
    ],
    [
      replay({}),
      /SEARCH event USING COVERING INDEX event_dead \(number>\?\)/,
    ],
    [
      replay({ roomId: "room-1" }),
      /SEARCH event USING INDEX event_by_room \(room_id=\? AND number>\?\)/,
    ],
    [replay({ id: "x" }), /SEARCH event USING INDEX \w+ \(id=\?\)/],
    [
      replay({ delivered: true, fromAt: T0 }),
      /SEARCH event USING INTEGER PRIMARY KEY \(rowid>\?\)/,
    ],
    [again, /SEARCH event USING INTEGER PRIMARY KEY \(rowid=\?\)/],
    [first(purge.done), /SEARCH event USING INDEX event_done/],
    [first(purge.forgotten), /SEARCH event USING COVERING INDEX event_died/],
    [first(purge.overdue), /SEARCH event USING COVERING INDEX event_overdue/],
    [selectHistories(), /SCAN event USING COVERING INDEX event_oldest/],
    [selectHistories(), /SCAN event USING COVERING INDEX event_dead/],
    [totals, /SEARCH log_entry USING PRIMARY KEY \(room_id=\? AND seq>\?\)/],
    [totals, /SEARCH session USING COVERING INDEX session_by_leave/],
    [batches, /SEARCH event USING INDEX event_unacknowledged/],
    [selectMarks("room-1"), /SEARCH session USING INDEX session_open/],
    [
      selectUnbatched("room-1", SIZE),
      /SEARCH log_entry USING PRIMARY KEY \(room_id=\? AND seq>\?\)/,
    ],
    [
      selectRoomsWithNews("chat", page),
      /SEARCH room USING INDEX room_active_by/,
    ],
    [selectRoomsWithNews("session", page), /COVERING INDEX session_by_leave/],
    [selectEndedRooms(9), /SCAN room USING INDEX room_unsettled/],
    [
      first(insertSnapshots(["RoomSync"], T0, EVERYTHING)),
      /SCAN room USING COVERING INDEX room_active_by_id/,
    ],
    [selectChatBetween("room-1", range), /log_entry USING PRIMARY KEY/],
    [
      selectStaysBetween("room-1", range),
      /session USING INDEX session_by_leave/,
    ],
    [selectNewestChat("room-1", 9), /COVERING INDEX log_chat/],
    [selectNewestStays("room-1", 9), /session USING INDEX session_by_join/],
    [
      first(closeSession({
        id: "a",
        roomId: "room-1",
        leftAt: T0,
        closeCode: 1000,
      })),
      /SEARCH ended USING COVERING INDEX session_by_leave/,
    ],
    [orphansLeft(T0, EVERYTHING), /SCAN session USING INDEX session_open/],
  ];
  for (const [statement, plan] of byPlan) {
    assert.match(await planOf(statement), plan, statement.sql);
  }
  const outcome = { endpoint: "sync", roomId: "room-1", at: T0 } as const;
  const failure = { kind: "dead", number: 2, attempts: 1, error: "" } as const;
  const settled = settleLane({ ...outcome, delivered: [1], failure }).flat();
  assert.equal(settled.length, 4);
  for (const statement of [due.lanes, due.events, ...settled]) {
    const plan = await planOf(statement);
    assert.doesNotMatch(plan, /SCAN (event|waiting|callback_lane)/);
  }
});

/** What version 1 of the program wrote. */
const VERSION_1 = [
  `INSERT INTO room (id, kind, epoch, name, auto_close, created_at, last_seq)
    VALUES ('room-1', 'managed', 'e', 'Tea house', 1, ${T0}, 2)`,
  `INSERT INTO room (id, kind, epoch, name, auto_close, created_at, status,
      ended_at, last_seq)
    VALUES ('room-2', 'managed', 'e', 'Old', 1, ${T0}, 'ended', ${T0 + 9}, 1)`,
  ...[1, 2].map((seq) =>
    `INSERT INTO log_entry (room_id, seq, id, at, kind, actor, payload, chat_at)
      VALUES ('room-1', ${seq}, 'm${seq}', ${T0}, 'message', 'ann',
        '{"nickname":"Ann","content":"Hi","isAdmin":false}', ${T0})`
  ),
  `INSERT INTO session (id, room_id, user_id, nickname, ip, joined_at, left_at,
      close_code)
    VALUES ('last', 'room-1', 'ann', 'Ann', '', ${T0}, ${T0 + 9}, 1000),
      ('first', 'room-1', 'ann', 'Ann', '', ${T0}, ${T0 + 1}, 1000),
      ('open', 'room-1', 'ann', 'Ann', '', ${T0}, NULL, NULL),
      ('second', 'room-1', 'ann', 'Ann', '', ${T0}, ${T0 + 1}, 1000),
      ('other', 'room-2', 'ann', 'Ann', '', ${T0}, ${T0 + 5}, 1000)`,
  "INSERT INTO meta (key, value) VALUES ('alive_at', 5)",
];

Deno.test("MIGRATIONS bring a database of version 1 with what it holds", async () => {
  await using connection = await newConnection();
  await migrate(connection, MIGRATIONS.slice(0, 1));
  await connection.transaction(VERSION_1.map((sql) => [{ sql }]));
  const versions = await migrate(connection, MIGRATIONS);
  assert.deepEqual(versions, { from: 1, to: MIGRATIONS.length });
  const outbox = new SqliteOutbox(connection, EVERYTHING);
  const stays = async (roomId: string) => {
    return (await outbox.staysBetween(roomId, 1, 9)).map(({ id }) => id);
  };
  assert.deepEqual(await stays("room-1"), ["first", "second", "last"]);
  assert.deepEqual(await stays("room-2"), ["other"]);
  assert.deepEqual(await outbox.stream(0, 9), [], "the past is not told");
  assert.deepEqual(await outbox.endedRooms(9), []);
  const [old] = await connection.rows({
    sql: "SELECT settled_at FROM room WHERE id = 'room-2'",
  });
  assert.equal(old?.settled_at, T0 + 9);
  const page = { afterRoomId: "", limit: 9 };
  assert.deepEqual(await outbox.roomsWithNews("chat", page), ["room-1"]);
  assert.deepEqual(await outbox.roomsWithNews("session", page), ["room-1"]);
  const run = { size: SIZE, at: T0 };
  assert.equal(await outbox.queueBatches("chat", "room-1", run), 1);
  assert.equal(await outbox.queueBatches("session", "room-1", run), 2);
  await connection.transaction(
    groupsOf([closed({ id: "open", leftAt: T0 + 99 })], EVERYTHING),
  );
  assert.deepEqual((await stays("room-1")).at(-1), "open");
  const { purgedThrough, epoch } = await outbox.streamBounds();
  assert.equal(purgedThrough, 0);
  assert.match(epoch, /^[0-9a-f]{16}$/);
});

/** What version 2 of the program wrote. */
const VERSION_2 = [
  ...VERSION_1,
  `UPDATE room SET settled_at = ended_at, chat_mark = 1, chat_last = 1,
      chat_batched = 1, chat_batches = 1
    WHERE id = 'room-2'`,
  `INSERT INTO log_entry (room_id, seq, id, at, kind, actor, payload,
      deleted_at)
    VALUES ('room-1', 3, 'm3', ${T0}, 'message', 'ann',
      '{"nickname":"Ann","content":"","isAdmin":false}', ${T0 + 1})`,
  `INSERT INTO event (id, room_id, type, at, data, endpoint, state, queued_at)
    VALUES ('waits', 'room-1', 'UserJoined', ${T0}, '{}', 'room-events',
        'pending', ${T0}),
      ('done', 'room-2', 'RoomClosed', ${T0}, '{}', 'room-events', NULL, ${T0})`,
];

Deno.test("MIGRATIONS bring a database of version 2 with what it holds", async () => {
  await using connection = await newConnection();
  await migrate(connection, MIGRATIONS.slice(0, 2));
  await connection.transaction(VERSION_2.map((sql) => [{ sql }]));
  const versions = await migrate(connection, MIGRATIONS);
  assert.deepEqual(versions, { from: 2, to: MIGRATIONS.length });
  const [room] = await connection.rows(selectRoom("room-1"));
  assert.equal(room && "chat" in storedRoom(room), false);
  const [counts] = await connection.rows(countRooms());
  assert.deepEqual(counts, { active: 1, waiting: 0, ended: 1 });
  const seqs = async (statement: SqlStatement) => {
    return (await connection.rows(statement)).map(({ seq }) => seq);
  };
  assert.deepEqual(await seqs(selectMessages("room-1", { limit: 9 })), [1, 2]);
  const some = { seqs: [1, 2, 3], limit: 9 };
  assert.deepEqual(await seqs(selectUnread("room-1", "bob", some)), [1, 2]);
  await connection.transaction(groupsOf([
    entry("read", 4, { seqs: [1] }, { actor: "bob" }),
    said(5),
  ], EVERYTHING));
  assert.deepEqual(await seqs(selectUnread("room-1", "bob", some)), [2]);
  const log = await connection.rows(selectLog("room-1", { limit: 9 }));
  const entries = log.map(entryOf);
  assert.deepEqual(entries.map(({ seq }) => seq), [1, 2, 3, 4, 5]);
  assert.deepEqual(entries[0]?.payload, {
    nickname: "Ann",
    content: "Hi",
    isAdmin: false,
    read: true,
  });
  const outbox = new SqliteOutbox(connection, EVERYTHING);
  const lanes = await outbox.lanesOf("room-1");
  assert.deepEqual(lanes, [{ endpoint: "room-events", attempts: 0 }]);
  const query = selectPurgeable({ endedBefore: T0 + 10, limit: 9 });
  assert.deepEqual(await connection.rows(query), [{ id: "room-2" }]);
  await purgeRoom(connection, "room-2");
  const rooms = await connection.rows({ sql: "SELECT id FROM room" });
  assert.deepEqual(rooms, [{ id: "room-1" }]);
});

Deno.test("MIGRATIONS offer the reference server's tables, in seconds", async () => {
  await using connection = await newMigrated();
  const soon = Date.UTC(2100, 0, 1);
  await connection.transaction(groupsOf([
    created({ adminUserIds: ["boss"] }),
    opened({ joinedAt: T0 + 1999 }),
    said(1, 'it\'s "fine"', { at: T0 + 2999 }),
    said(2, "taken back"),
    entry("delete", 3, { seq: 2 }),
    entry("system", 4, { message: "Hello" }),
    entry("kick", 5, { userId: "bob" }),
    entry("ban", 6, { userId: "cat", until: soon }),
    entry("ban", 7, { userId: "dan", until: T0 }),
    closed({ leftAt: T0 + 62_000 }),
    opened({ id: "session-2", userId: "bob", joinedAt: T0 + 5000 }),
  ]));
  const inSeconds = T0 / 1000;
  const all = (name: string) => {
    return connection.rows({ sql: `SELECT * FROM ${name}` });
  };
  assert.deepEqual(await all("rooms"), [{
    id: "room-1",
    name: "Tea house",
    created_at: inSeconds,
    room_id: "room-1",
  }]);
  assert.deepEqual(await all("room_admins"), [
    { room_id: "room-1", user_id: "boss" },
  ]);
  assert.deepEqual(await all("room_bans"), [
    { room_id: "room-1", user_id: "bob" },
    { room_id: "room-1", user_id: "cat" },
  ]);
  assert.deepEqual(await all("chat_history"), [{
    id: 1,
    room_id: "room-1",
    user_id: "ann",
    nickname: "Ann",
    content: 'it\'s "fine"',
    created_at: inSeconds + 2,
  }]);
  assert.deepEqual(await all("room_sessions"), [
    {
      id: 1,
      room_id: "room-1",
      user_id: "ann",
      nickname: "Ann",
      join_time: inSeconds + 1,
      leave_time: inSeconds + 62,
      duration_seconds: 61,
    },
    {
      id: 2,
      room_id: "room-1",
      user_id: "bob",
      nickname: "Ann",
      join_time: inSeconds + 5,
      leave_time: null,
      duration_seconds: null,
    },
  ]);
});
