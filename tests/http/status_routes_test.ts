import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  assertBadRequest,
  assertJson,
  newTestHttp,
  notFoundBody,
} from "../support/test_http.ts";

const PENDING = {
  messages: 2,
  records: 5,
  bytes: 700,
  oldestAt: START_AT,
  failing: null,
};

Deno.test("GET status tells how the server is doing", async () => {
  const { ask, clock, metrics, rooms, recorder } = newTestHttp();
  rooms.open("r1");
  recorder.pending = PENDING;
  metrics.messagesAccepted.inc(4);
  metrics.refusals.inc({ code: "busy" });
  metrics.refusals.inc({ code: "rate_limited" }, 2);
  await clock.advance(61_500);
  await assertJson(await ask("/management/status"), 200, {
    version: "0.1.0",
    started_at: START_AT,
    uptime_secs: 61,
    durability: "journal",
    draining: false,
    ready: true,
    reasons: [],
    rooms: 1,
    connections: 3,
    pending: {
      messages: 2,
      records: 5,
      bytes: 700,
      oldest_at: START_AT,
      failing: null,
    },
    counters: {
      frames_in: 0,
      messages_accepted: 4,
      deliveries: 0,
      frames_out: 0,
      deliveries_dropped: 0,
      joins: 0,
      refusals: 3,
    },
    room_list: [],
  });
});

Deno.test("GET status lists as many of the fullest rooms as asked", async () => {
  const { ask, rooms } = newTestHttp();
  rooms.open("few", { currentUsers: 1 });
  rooms.open("many", {
    currentUsers: 9,
    sessions: 10,
    peakUsers: 11,
    totalJoins: 12,
    lastSeq: 13,
    lastMessageAt: START_AT,
  });
  rooms.open("none");
  const list = async (query: string) => {
    const response = await ask(`/management/status?${query}`);
    return (await response.json()).room_list;
  };
  assert.deepEqual(await list("rooms=1"), [{
    room_id: "many",
    room_name: "测试房间",
    current_users: 9,
    session_count: 10,
    peak_users: 11,
    total_joins: 12,
    last_seq: 13,
    last_message_at: START_AT,
  }]);
  assert.equal((await list("rooms=1000")).length, 3);
  for (const count of ["-1", "1001", "x"]) {
    const response = await ask(`/management/status?rooms=${count}`);
    await assertBadRequest(response, /^Invalid rooms: /);
  }
});

Deno.test("GET status answers while the server is not ready, and says why", async () => {
  const { ask, server, store } = newTestHttp();
  server.draining = true;
  store.failure = new StoreError("io", "gone");
  const response = await ask("/management/status");
  assert.equal(response.status, 200);
  const { ready, reasons, draining } = await response.json();
  assert.deepEqual(
    [ready, reasons, draining],
    [false, ["draining", "store_failing"], true],
  );
});

Deno.test("GET pending tells what waits and since when it fails", async () => {
  const { ask, recorder } = newTestHttp();
  recorder.pending = {
    ...PENDING,
    failing: { sinceAt: START_AT + 5, attempts: 3, error: "disk is full" },
  };
  await assertJson(await ask("/management/pending"), 200, {
    messages: 2,
    records: 5,
    bytes: 700,
    oldest_at: START_AT,
    failing: { since_at: START_AT + 5, attempts: 3, error: "disk is full" },
  });
});

Deno.test("POST flush writes all, or one room's, and tells how many", async () => {
  const { ask, recorder, rooms } = newTestHttp();
  rooms.open("r1");
  recorder.pending = PENDING;
  const path = "/management/flush";
  await assertJson(await ask(path, { method: "POST" }), 200, { flushed: 5 });
  const one = await ask(path, { method: "POST", body: { room_id: "r1" } });
  await assertJson(one, 200, { flushed: 0 });
  const empty = await ask(path, { method: "POST", body: {} });
  await assertJson(empty, 200, { flushed: 0 });
  assert.deepEqual(recorder.flushes, ["all", "r1", "all"]);
});

Deno.test("POST flush refuses an unknown room and what it cannot read", async () => {
  const { ask, recorder } = newTestHttp();
  const flush = (request: { body?: unknown; text?: string }) =>
    ask("/management/flush", { method: "POST", ...request });
  const unknown = await flush({ body: { room_id: "r9" } });
  await assertJson(unknown, 404, notFoundBody("r9"));
  await assertBadRequest(
    await flush({ body: { room_id: 5 } }),
    /^Invalid room_id: /,
  );
  const body = { error: "Invalid JSON", code: "bad_json" };
  await assertJson(await flush({ text: "{" }), 400, body);
  assert.deepEqual(recorder.flushes, []);
});

Deno.test("POST flush answers 503 while the database fails", async () => {
  const { ask, recorder } = newTestHttp();
  recorder.failure = new StoreError("full", "no space");
  const response = await ask("/management/flush", { method: "POST" });
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "storage_unavailable");
});
