// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newStoredRoom } from "../support/fake_history.ts";
import {
  assertBadRequest,
  assertEmpty,
  assertJson,
  newTestHttp,
  notFoundBody,
} from "../support/test_http.ts";

const SYNC = "/management/sync";
const START_SECS = START_AT / 1000;

function newHttpWithHistory() {
  const http = newTestHttp();
  const { rooms, store } = http;
  rooms.open("r1", { currentUsers: 1, peakUsers: 3, totalJoins: 9 });
  store.stored.set("r1", newStoredRoom("r1"));
  store.chatRows = [0, 1, 2].map((index) => ({
    seq: index + 1,
    userId: "u1",
    nickname: "张三",
    content: `第${index}条`,
    at: START_AT + index * 1000 + 999,
  }));
  const stay = {
    id: "s1",
    userId: "u1",
    nickname: "张三",
    ip: "::1",
    joinedAt: START_AT + 900,
    leftAt: START_AT + 65_100,
    closeCode: 1000,
  };
  const open = { ...stay, id: "s2", leftAt: null, closeCode: null };
  store.sessionRows = [stay, open];
  return http;
}

function chatRecord(index: number) {
  return {
    user_id: "u1",
    nickname: "张三",
    content: `第${index}条`,
    created_at: START_SECS + index,
  };
}

const SESSION_RECORD = {
  user_id: "u1",
  nickname: "张三",
  join_time: START_SECS,
  leave_time: START_SECS + 65,
  duration_seconds: 65,
};

Deno.test("GET sync has every room with its history, counts flattened", async () => {
  const { ask, recorder } = newHttpWithHistory();
  await assertJson(await ask(SYNC), 200, [{
    room_id: "r1",
    admin_user_ids: ["admin1"],
    start_time: START_SECS,
    current_users: 1,
    peak_users: 3,
    total_joins: 9,
    chat_history: [2, 1, 0].map(chatRecord),
    session_history: [SESSION_RECORD],
  }]);
  assert.deepEqual(recorder.flushes, ["all"]);
});

Deno.test("GET sync is an empty array without rooms", async () => {
  const { ask } = newTestHttp();
  await assertJson(await ask(SYNC), 200, []);
});

Deno.test("GET sync answers 503 while the database fails", async () => {
  for (const part of ["store", "recorder"] as const) {
    const http = newHttpWithHistory();
    http[part].failure = new StoreError("busy", "locked");
    const response = await http.ask(SYNC);
    assert.equal(response.status, 503);
    assert.equal((await response.json()).code, "storage_unavailable");
  }
});

Deno.test("POST sync answers while the sync it asked for still runs", async () => {
  const { ask, sync, log } = newTestHttp();
  const running = Promise.withResolvers<void>();
  sync.run = running.promise;
  await assertEmpty(await ask(SYNC, { method: "POST" }), 202);
  assert.equal(sync.calls, 1);
  await assertEmpty(await ask(SYNC, { method: "POST" }), 202);
  assert.equal(sync.calls, 2);
  running.resolve();
  await running.promise;
  assert.deepEqual(log.texts, []);
});

Deno.test("POST sync logs a sync that fails", async () => {
  const { ask, sync, log } = newTestHttp();
  sync.run = Promise.reject(new StoreError("busy", "locked"));
  await assertEmpty(await ask(SYNC, { method: "POST" }), 202);
  assert.deepEqual(log.texts, ["warn A sync that was asked for failed"]);
  assert.equal(log.lines[0]?.fields["cause"], "locked");
});

Deno.test("GET sync/rooms tells the last activity, or else the creation", async () => {
  const { ask, rooms } = newTestHttp();
  rooms.open("r1", { sessions: 4, lastMessageAt: START_AT + 9_999 });
  rooms.open("r2");
  const shared = { room_name: "测试房间", admin_user_ids: ["admin1"] };
  await assertJson(await ask(`${SYNC}/rooms`), 200, [
    {
      room_id: "r1",
      ...shared,
      current_connections: 4,
      created_at: START_SECS,
      last_activity: START_SECS + 9,
    },
    {
      room_id: "r2",
      ...shared,
      current_connections: 0,
      created_at: START_SECS,
      last_activity: START_SECS,
    },
  ]);
});

Deno.test("GET sync/chat-history is a page of the seed's shape, newest first", async () => {
  const { ask, recorder } = newHttpWithHistory();
  const path = `${SYNC}/chat-history/r1`;
  await assertJson(await ask(path), 200, {
    room_id: "r1",
    records: [2, 1, 0].map(chatRecord),
    pagination: {
      current_page: 1,
      total_pages: 1,
      total_records: 3,
      page_size: 1000,
      has_next: false,
      has_prev: false,
    },
  });
  await assertJson(await ask(`${path}?page=2&limit=2`), 200, {
    room_id: "r1",
    records: [chatRecord(0)],
    pagination: {
      current_page: 2,
      total_pages: 2,
      total_records: 3,
      page_size: 2,
      has_next: false,
      has_prev: true,
    },
  });
  assert.deepEqual(recorder.flushes, ["r1", "r1"]);
});

Deno.test("GET sync/chat-history includes both seconds of its range", async () => {
  const { ask } = newHttpWithHistory();
  const second = START_SECS + 1;
  const query = `from=${second}&to=${second}`;
  const response = await ask(`${SYNC}/chat-history/r1?${query}`);
  assert.deepEqual((await response.json()).records, [chatRecord(1)]);
});

Deno.test("GET sync/chat-history past the last page has no records", async () => {
  const { ask } = newHttpWithHistory();
  const response = await ask(`${SYNC}/chat-history/r1?page=9`);
  assert.equal(response.status, 200);
  const body = await response.json();
  assert.deepEqual(body.records, []);
  assert.equal(body.pagination.total_records, 3);
});

Deno.test("GET sync/session-history has the stays that ended", async () => {
  const { ask } = newHttpWithHistory();
  await assertJson(await ask(`${SYNC}/session-history/r1`), 200, {
    room_id: "r1",
    records: [SESSION_RECORD],
    pagination: {
      current_page: 1,
      total_pages: 1,
      total_records: 1,
      page_size: 500,
      has_next: false,
      has_prev: false,
    },
  });
});

Deno.test("The history pages lower a limit to their caps", async () => {
  const { ask } = newHttpWithHistory();
  const caps = [["chat-history", 10_000], ["session-history", 5000]];
  for (const [name, cap] of caps) {
    const response = await ask(`${SYNC}/${name}/r1?limit=999999`);
    assert.equal((await response.json()).pagination.page_size, cap);
  }
});

Deno.test("The history pages go on after the room has ended", async () => {
  const { ask, rooms, store, recorder } = newHttpWithHistory();
  const ended = { status: "ended", endedAt: START_AT } as const;
  store.stored.set("r9", newStoredRoom("r9", ended));
  assert.equal(rooms.get("r9"), undefined);
  const histories: [name: string, records: unknown][] = [
    ["chat-history", [2, 1, 0].map(chatRecord)],
    ["session-history", [SESSION_RECORD]],
  ];
  for (const [name, records] of histories) {
    const response = await ask(`${SYNC}/${name}/r9`);
    assert.equal(response.status, 200);
    assert.deepEqual((await response.json()).records, records);
  }
  assert.deepEqual(recorder.flushes, ["r9", "r9"]);
});

Deno.test("The history pages refuse page 0, bad values and unknown rooms", async () => {
  const { ask } = newHttpWithHistory();
  for (const name of ["chat-history", "session-history"]) {
    for (const field of ["page", "limit"]) {
      for (const value of ["0", "-1", "x"]) {
        await assertBadRequest(
          await ask(`${SYNC}/${name}/r1?${field}=${value}`),
          new RegExp(`^Invalid ${field}: want an integer in 1\\.\\.`),
        );
      }
    }
    for (const field of ["from", "to"]) {
      await assertBadRequest(
        await ask(`${SYNC}/${name}/r1?${field}=yesterday`),
        new RegExp(`^Invalid ${field}: want an integer in 0\\.\\.`),
      );
    }
    const response = await ask(`${SYNC}/${name}/nope`);
    await assertJson(response, 404, notFoundBody("nope"));
  }
});
