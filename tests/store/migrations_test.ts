import assert from "node:assert/strict";
import {
  selectChat,
  selectLog,
  selectMessage,
  selectNamed,
} from "../../src/store/log_table.ts";
import { selectPenalties } from "../../src/store/penalty_table.ts";
import { groupsOf } from "../../src/store/record_groups.ts";
import {
  selectActiveRooms,
  selectRoom,
  selectRooms,
} from "../../src/store/room_table.ts";
import {
  closeOrphanSessions,
  selectSessions,
} from "../../src/store/session_table.ts";
import type { SqlStatement } from "../../src/store/sqlite_protocol.ts";
import {
  closed,
  created,
  entry,
  newMigrated,
  opened,
  said,
  T0,
} from "./fixture.ts";

/** How SQLite would find the rows of each table, in its own words. */
async function planOf(statement: SqlStatement): Promise<string> {
  await using connection = await newMigrated();
  const { sql, params = [] } = statement;
  const rows = await connection.rows({
    sql: `EXPLAIN QUERY PLAN ${sql}`,
    params,
  });
  return rows.map((row) => row.detail).join("\n");
}

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
