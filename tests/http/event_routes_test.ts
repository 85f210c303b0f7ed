// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { ChatError } from "../../src/wire/errors.ts";
import {
  assertBadRequest,
  assertJson,
  newTestHttp,
} from "../support/test_http.ts";

const EVENTS = "/management/sync/events";

const JOINED = {
  id: "joined_s1",
  cursor: "e1-7",
  event_type: "UserJoined",
  room_id: "r1",
  user_id: "u1",
};

Deno.test("GET sync/events answers a page as it is", async () => {
  const { ask, events } = newTestHttp();
  events.answered = { events: [JOINED], next: "e1-7", hasMore: true };
  await assertJson(await ask(EVENTS), 200, {
    events: [JOINED],
    next: "e1-7",
    has_more: true,
  });
  assert.deepEqual(events.asked, [{ limit: 100 }]);
});

Deno.test("GET sync/events passes on the cursor and lowers the limit to 1000", async () => {
  const { ask, events } = newTestHttp();
  for (const limit of [1, 999, 1000, 1001, 999_999]) {
    await (await ask(`${EVENTS}?after=e1-7&limit=${limit}`)).text();
  }
  assert.deepEqual(
    events.asked,
    [1, 999, 1000, 1000, 1000].map((limit) => ({ after: "e1-7", limit })),
  );
});

Deno.test("GET sync/events reads after everything pending was written", async () => {
  const { ask, events, recorder } = newTestHttp();
  const flushedBefore: number[] = [];
  events.page = () => {
    flushedBefore.push(recorder.flushes.length);
    return Promise.resolve(events.answered);
  };
  await (await ask(EVENTS)).text();
  assert.deepEqual(flushedBefore, [1]);
  assert.deepEqual(recorder.flushes, ["all"]);
});

Deno.test("GET sync/events answers 503 while the database fails", async () => {
  for (const part of ["events", "recorder"] as const) {
    const http = newTestHttp();
    http[part].failure = new StoreError("busy", "locked");
    const response = await http.ask(EVENTS);
    assert.equal(response.status, 503);
    assert.equal((await response.json()).code, "storage_unavailable");
  }
});

Deno.test("GET sync/events answers 410 where a cursor leads nowhere", async () => {
  const { ask, events } = newTestHttp();
  events.failure = new ChatError("cursor_expired");
  await assertJson(await ask(`${EVENTS}?after=e0-1`), 410, {
    error: "What follows this cursor is not kept here: begin without one",
    code: "cursor_expired",
  });
});

Deno.test("GET sync/events takes a cursor of 200 characters and no more", async () => {
  const { ask, events, recorder } = newTestHttp();
  const path = (chars: number) => `${EVENTS}?after=${"x".repeat(chars)}`;
  assert.equal((await ask(path(200))).status, 200);
  await assertBadRequest(
    await ask(path(201)),
    "Invalid after: want at most 200 characters",
  );
  await assertBadRequest(await ask(path(0)), /^Invalid after: /);
  for (const limit of ["0", "-1", "x", "1.5", ""]) {
    const response = await ask(`${EVENTS}?limit=${limit}`);
    await assertBadRequest(
      response,
      /^Invalid limit: want an integer in 1\.\./,
    );
  }
  assert.equal(events.asked.length, 1);
  assert.deepEqual(recorder.flushes, ["all"]);
});
