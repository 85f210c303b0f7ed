import assert from "node:assert/strict";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import type { Store } from "../../src/store/store.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { newTestHttp } from "../support/test_http.ts";

const START_SECS = START_AT / 1000;
const MESSAGES = 25;

function newEntry(
  seq: number,
  rest: Pick<LogEntry, "kind" | "payload" | "actor">,
): DurableRecord {
  const at = START_AT + seq * 1000;
  const entry = { roomId: "r1", seq, id: `id-${seq}`, at, ...rest };
  return { type: "entry", entry: entry as LogEntry };
}

/** A room that said 25 things, took the tenth back, and ended. */
function records(): DurableRecord[] {
  const room = {
    id: "r1",
    kind: "managed",
    name: "测试房间",
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    epoch: "e1",
    adminUserIds: ["admin1"],
    autoClose: false,
    createdAt: START_AT,
  } as const;
  const said = Array.from(
    { length: MESSAGES },
    (_, index) =>
      newEntry(index + 1, {
        kind: "message",
        actor: "u1",
        payload: {
          nickname: "张三",
          content: `m${index + 1}`,
          isAdmin: false,
        },
      }),
  );
  const session = {
    id: "11111111-1111-4111-8111-111111111111",
    roomId: "r1",
    userId: "u1",
    nickname: "张三",
    ip: "::1",
    joinedAt: START_AT,
    peakUsers: 1,
  };
  return [
    { type: "room_created", room },
    { type: "session_opened", session },
    ...said,
    newEntry(26, { kind: "delete", actor: null, payload: { seq: 10 } }),
    newEntry(27, { kind: "end", actor: null, payload: { reason: "closed" } }),
    {
      type: "session_closed",
      session: {
        id: session.id,
        roomId: "r1",
        leftAt: START_AT + 27_000,
        closeCode: 4504,
      },
    },
  ];
}

/** The app over a real database that holds the room. */
async function newHttpOverSqlite() {
  const store: Store = await openSqliteStore({
    url: "sqlite::memory:",
    log: new RecordingLog(),
    clock: new FakeClock(),
  });
  await store.apply(records());
  const { ask } = newTestHttp({ store });
  const get = async (path: string) => await (await ask(path)).json();
  return { get, [Symbol.asyncDispose]: () => store.close() };
}

Deno.test("chatPage pages through a real database, each message once", async () => {
  await using http = await newHttpOverSqlite();
  const contents: string[] = [];
  let page = 0;
  let hasNext = true;
  while (hasNext) {
    page += 1;
    const query = `page=${page}&limit=10`;
    const body = await http.get(`/management/sync/chat-history/r1?${query}`);
    for (const record of body.records) contents.push(record.content);
    assert.equal(body.pagination.total_records, MESSAGES - 1);
    assert.equal(body.pagination.total_pages, 3);
    hasNext = body.pagination.has_next;
  }
  assert.equal(page, 3);
  const expected = Array.from({ length: MESSAGES }, (_, at) => `m${25 - at}`);
  assert.deepEqual(contents, expected.filter((text) => text !== "m10"));
});

Deno.test("chatPage keeps to a range of seconds in a real database", async () => {
  await using http = await newHttpOverSqlite();
  const range = `from=${START_SECS + 3}&to=${START_SECS + 4}`;
  const body = await http.get(`/management/sync/chat-history/r1?${range}`);
  const times = body.records.map((one: { created_at: number }) =>
    one.created_at
  );
  assert.deepEqual(times, [START_SECS + 4, START_SECS + 3]);
  assert.equal(body.pagination.total_records, 2);
});

Deno.test("sessionPage and stayPage show a stay of a real database", async () => {
  await using http = await newHttpOverSqlite();
  const pulled = await http.get("/management/sync/session-history/r1");
  assert.deepEqual(pulled.records, [{
    user_id: "u1",
    nickname: "张三",
    join_time: START_SECS,
    leave_time: START_SECS + 27,
    duration_seconds: 27,
  }]);
  const shown = await http.get("/management/rooms/r1/sessions");
  assert.equal(shown.records[0].close_code, 4504);
  assert.equal(shown.pagination.total_records, 1);
});

Deno.test("A room of a real database is shown after its end, its log too", async () => {
  await using http = await newHttpOverSqlite();
  const room = await http.get("/management/rooms/r1");
  assert.deepEqual(
    [room.status, room.end_time, room.last_seq, room.total_joins],
    ["ended", START_SECS + 27, 27, 1],
  );
  const log = await http.get("/management/rooms/r1/messages?after_seq=24");
  const types = log.entries.map((entry: { type: string }) => entry.type);
  assert.deepEqual(types, ["Message", "MessageDeleted", "Error"]);
  const listed = await http.get("/management/rooms?ended=true");
  assert.deepEqual(
    listed.map((one: { status: string }) => one.status),
    ["ended"],
  );
});
