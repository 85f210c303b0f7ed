// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import { newStoredRoom } from "../support/fake_history.ts";
import {
  assertBadRequest,
  assertJson,
  newTestHttp,
  notFoundBody,
} from "../support/test_http.ts";

const SESSIONS = "/management/rooms/r1/sessions";

Deno.test("GET sessions shows stays that go on and how others ended", async () => {
  const { ask, store, recorder } = newTestHttp();
  store.stored.set("r1", newStoredRoom("r1"));
  const closed = {
    id: "s1",
    userId: "u1",
    nickname: "张三",
    ip: "10.0.0.1",
    joinedAt: START_AT,
    leftAt: START_AT + 1500,
    closeCode: 4503,
  };
  const open = {
    ...closed,
    id: "s2",
    joinedAt: START_AT + 1,
    leftAt: null,
    closeCode: null,
  };
  store.sessionRows = [closed, open];
  const person = { user_id: "u1", nickname: "张三", ip: "10.0.0.1" };
  await assertJson(await ask(SESSIONS), 200, {
    room_id: "r1",
    records: [
      {
        session_id: "s2",
        ...person,
        joined_at: START_AT + 1,
        left_at: null,
        duration_seconds: null,
        close_code: null,
      },
      {
        session_id: "s1",
        ...person,
        joined_at: START_AT,
        left_at: START_AT + 1500,
        duration_seconds: 1,
        close_code: 4503,
      },
    ],
    pagination: {
      current_page: 1,
      total_pages: 1,
      total_records: 2,
      page_size: 500,
      has_next: false,
      has_prev: false,
    },
  });
  assert.deepEqual(recorder.flushes, ["r1"]);
});

Deno.test("GET sessions refuses page 0 and an unknown room", async () => {
  const { ask } = newTestHttp();
  await assertBadRequest(await ask(`${SESSIONS}?page=0`), /^Invalid page: /);
  await assertJson(await ask(SESSIONS), 404, notFoundBody("r1"));
});
