// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  assertEmpty,
  assertJson,
  newTestHttp,
  TEST_API_KEY,
  type TestRequest,
} from "../support/test_http.ts";

const LIVE = "/api/live";

/** A POST of a body. */
function post(body: unknown, more: TestRequest = {}): TestRequest {
  return { method: "POST", body, ...more };
}

const NOT_FOUND = {
  success: false,
  exists: false,
  message: "No such live room here",
  code: "live_not_found",
};

const STATUS = {
  live_id: "123",
  source: "douyin",
  state: "live",
  active: true,
  wanted: true,
  reconnect_count: 0,
  last_message_time: (START_AT + 500) / 1000,
  retry_at: null,
  fault: null,
  fault_code: null,
  warning: null,
  quality: 97,
};

const STATS = {
  messages: 0,
  chats: 0,
  gifts: 0,
  likes: 0,
  members: 0,
  follows: 0,
  current_viewers: null,
  total_viewers: null,
  total_viewers_count: null,
};

const PER_MINUTE = Array.from({ length: 60 }, (_, index) => index);

Deno.test("POST start begins to listen, and says so if it did before", async () => {
  const { ask, live } = newTestHttp();
  await assertJson(await ask(`${LIVE}/start`, post({ live_id: "123" })), 200, {
    success: true,
    message: "成功开始监听直播间 123",
    live_id: "123",
    state: "live",
  });
  const again = post({ live_id: 123, source: "demo" });
  await assertJson(await ask(`${LIVE}/start`, again), 200, {
    success: true,
    message: "直播间 123 已在监听中",
    live_id: "123",
    state: "live",
  });
  assert.deepEqual(live.words, ["add 123 undefined", "add 123 demo"]);
});

Deno.test("POST start says why it failed, in the reference's words", async () => {
  const { ask, live, metrics } = newTestHttp();
  const cases: [cause: Error, status: number, code: string, reason: string][] =
    [
      [
        new ChatError("live_status_unknown"),
        500,
        "live_status_unknown",
        "无法获取直播间状态",
      ],
      [
        new ChatError("live_abnormal", { message: "直播间状态异常: 4" }),
        500,
        "live_abnormal",
        "直播间状态异常: 4",
      ],
      [
        new ChatError("live_source_unknown"),
        400,
        "live_source_unknown",
        "No such live source",
      ],
      [
        new StoreError("io", "/a/path"),
        503,
        "storage_unavailable",
        "Messages cannot be stored right now",
      ],
      [new Error("a bug at /a/path"), 500, "internal", "Internal error"],
    ];
  for (const [cause, status, code, reason] of cases) {
    live.refusal = cause;
    const response = await ask(`${LIVE}/start`, post({ live_id: "1" }));
    await assertJson(response, status, {
      success: false,
      message: `启动失败: ${reason}`,
      code,
    });
    live.refusal = new ChatError("busy", { retryAfterMs: 1500 });
  }
  const response = await ask(`${LIVE}/start`, post({ live_id: "1" }));
  assert.equal(response.headers.get("Retry-After"), "2");
  assert.equal((await response.json()).retry_after_ms, 1500);
  const { body } = await metrics.text();
  assert.match(body, /refusals_total\{code="live_status_unknown"\} 1/);
});

Deno.test("POST start and stop refuse what names no live room", async () => {
  const { ask, live } = newTestHttp();
  const missing = { success: false, message: "缺少直播间ID" };
  const bodies: [body: string, code: string][] = [
    ["{}", "live_id_missing"],
    ['{"live_id":null}', "live_id_missing"],
    ['{"live_id":""}', "live_id_missing"],
    ['{"live_id":" "}', "live_id_invalid"],
    ['{"live_id":"a/b"}', "live_id_invalid"],
    ['{"live_id":"直播"}', "live_id_invalid"],
    [`{"live_id":"${"1".repeat(51)}"}`, "live_id_invalid"],
    ['{"live_id":-1}', "live_id_invalid"],
    ['{"live_id":1.5}', "live_id_invalid"],
    [`{"live_id":${2 ** 53}}`, "live_id_invalid"],
    ['{"live_id":7382191112223334445}', "live_id_invalid"],
    ['{"live_id":["1"]}', "live_id_invalid"],
    ["{", "bad_json"],
    ["", "bad_json"],
    ["[]", "bad_request"],
  ];
  for (const path of [`${LIVE}/start`, `${LIVE}/stop`]) {
    for (const [text, code] of bodies) {
      const response = await ask(path, { method: "POST", text });
      const body = await response.json();
      assert.equal(response.status, 400, text);
      assert.equal(body.code, code, text);
      if (code === "live_id_missing") {
        assert.deepEqual(body, { ...missing, code });
      }
    }
  }
  for (const source of ["", 7, "s".repeat(101)]) {
    const response = await ask(
      `${LIVE}/start`,
      post({ live_id: "1", source }),
    );
    assert.equal((await response.json()).code, "bad_request");
  }
  assert.deepEqual(live.words, []);
});

Deno.test("POST start takes the longest ids, and a body of 1 MiB", async () => {
  const { ask, live } = newTestHttp();
  const longest = "Z_-9".padEnd(50, "0");
  for (const live_id of [longest, Number.MAX_SAFE_INTEGER, 0]) {
    const response = await ask(`${LIVE}/start`, post({ live_id }));
    assert.equal((await response.json()).live_id, String(live_id));
  }
  assert.equal(live.words.length, 3);
  const text = '{"live_id":"1"}'.padEnd(2 ** 20 + 1);
  const response = await ask(`${LIVE}/start`, { method: "POST", text });
  await assertJson(response, 413, {
    success: false,
    message: "Request body too large",
    code: "body_too_large",
  });
});

Deno.test("POST stop ends the listening, known or not", async () => {
  const { ask, live } = newTestHttp();
  live.link("123");
  for (const live_id of ["123", 123]) {
    await assertJson(await ask(`${LIVE}/stop`, post({ live_id })), 200, {
      success: true,
      message: "已停止监听直播间 123",
    });
  }
  live.refusal = new ChatError("storage_unavailable", { retryAfterMs: 5000 });
  const failed = await ask(`${LIVE}/stop`, post({ live_id: "123" }));
  await assertJson(failed, 503, {
    success: false,
    message: "停止失败: Messages cannot be stored right now",
    code: "storage_unavailable",
    retry_after_ms: 5000,
  });
});

Deno.test("GET status lists every link that is not stopped", async () => {
  const { ask, live } = newTestHttp();
  live.link("123");
  live.link("b", { state: "waiting", isActive: false, retryAt: START_AT });
  live.room("123").sessions = 3;
  const row = { stats: STATS, messages_per_minute: PER_MINUTE };
  await assertJson(await ask(`${LIVE}/status`, { key: null }), 200, {
    success: true,
    active_rooms: ["123", "b"],
    count: 2,
    connections: {
      "123": { ...STATUS, watchers: 3, ...row, added_at: START_AT },
      b: {
        ...STATUS,
        live_id: "b",
        state: "waiting",
        active: false,
        retry_at: START_AT,
        watchers: 0,
        ...row,
        added_at: START_AT,
      },
    },
  });
});

Deno.test("GET status of no links has none", async () => {
  const { ask } = newTestHttp();
  await assertJson(await ask(`${LIVE}/status`, { key: null }), 200, {
    success: true,
    active_rooms: [],
    count: 0,
    connections: {},
  });
});

Deno.test("GET live room shows all that is known of it", async () => {
  const { ask, live } = newTestHttp();
  live.link("123");
  live.room("123").sessions = 2;
  const { quality: _, ...status } = STATUS;
  const response = await ask(`${LIVE}/123`, { key: null });
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    ...status,
    exists: true,
    room_id: "room-of-123",
    epoch: "epoch-1",
    last_seq: 9,
    watchers: 2,
    added_at: START_AT,
    failing_since: null,
    stats: STATS,
    messages_per_minute: PER_MINUTE,
    quality: {
      score: 97,
      parts: {
        live_share: { value: 0.99, score: 98, weight: 50 },
        reconnects_per_hour: { value: 1, score: 98, weight: 20 },
        longest_silence_ms: { value: 30_000, score: 98, weight: 15 },
        lag_ms: { value: null, score: null, weight: 15 },
      },
    },
  });
});

Deno.test("GET live room shows a link without a room, and knows no other", async () => {
  const { ask, live } = newTestHttp();
  live.link("123");
  const body = await (await ask(`${LIVE}/123`)).json();
  assert.deepEqual([body.epoch, body.last_seq, body.watchers], [null, 0, 0]);
  for (const id of ["none", "a%2Fb", "1".repeat(51), "%E7%9B%B4"]) {
    await assertJson(await ask(`${LIVE}/${id}`, { key: null }), 404, NOT_FOUND);
  }
});

Deno.test("GET messages shows what viewers are told, and where to go on", async () => {
  const { ask, live } = newTestHttp();
  const room = live.room("123");
  const entry = { roomId: room.id, at: START_AT, actor: null };
  const text = '{"type":"chat","content":"你好","live_id":"123"}';
  room.entries = [
    {
      ...entry,
      seq: 4,
      id: "e4",
      kind: "live",
      payload: { type: "chat", text, count: 1 },
    },
    {
      ...entry,
      seq: 5,
      id: "e5",
      kind: "unban",
      payload: { userId: "u" },
    },
  ] as typeof room.entries;
  room.hasMore = true;
  const path = `${LIVE}/123/messages`;
  const response = await ask(`${path}?after_seq=3&limit=2`, { key: null });
  await assertJson(response, 200, {
    live_id: "123",
    room_id: "room-of-123",
    epoch: "epoch-1",
    messages: [{ seq: 4, id: "e4", at: START_AT, data: JSON.parse(text) }],
    last_seq: 5,
    has_more: true,
  });
  await (await ask(path)).text();
  await (await ask(`${path}?before_seq=9&limit=200`)).text();
  assert.deepEqual(room.ranges, [
    { limit: 2, afterSeq: 3 },
    { limit: 50 },
    { limit: 200, beforeSeq: 9 },
  ]);
});

Deno.test("GET messages goes on from the log's end when there are none", async () => {
  const { ask, live } = newTestHttp();
  live.room("123");
  const response = await ask(`${LIVE}/123/messages?after_seq=9`);
  const body = await response.json();
  assert.deepEqual(
    [body.messages, body.last_seq, body.has_more],
    [[], 9, false],
  );
});

Deno.test("GET messages refuses ranges that are none, and rooms that are none", async () => {
  const { ask, live } = newTestHttp();
  const room = live.room("123");
  const queries = [
    "limit=0",
    "limit=201",
    "after_seq=-1",
    "after_seq=x",
    "before_seq=0",
    "after_seq=1&before_seq=2",
  ];
  for (const query of queries) {
    const response = await ask(`${LIVE}/123/messages?${query}`);
    const body = await response.json();
    assert.equal(response.status, 400, query);
    assert.deepEqual([body.success, body.code], [false, "bad_request"]);
  }
  assert.deepEqual(room.ranges, []);
  await assertJson(await ask(`${LIVE}/none/messages`), 404, NOT_FOUND);
  room.failure = new StoreError("io", "/a/path");
  const response = await ask(`${LIVE}/123/messages`);
  await assertJson(response, 503, {
    success: false,
    message: "Messages cannot be stored right now",
    code: "storage_unavailable",
  });
});

Deno.test("POST retry has a link tried at once, unless it is live", async () => {
  const { ask, live } = newTestHttp();
  live.link("123", { state: "waiting", isActive: false });
  live.link("456");
  await assertJson(await ask(`${LIVE}/123/retry`, post(undefined)), 200, {
    success: true,
    state: "checking",
    message: "正在重新连接直播间 123",
  });
  const response = await ask(`${LIVE}/456/retry`, post(undefined));
  assert.equal((await response.json()).message, "直播间 456 已在监听中");
  const none = await ask(`${LIVE}/none/retry`, post(undefined));
  await assertJson(none, 404, NOT_FOUND);
  live.refusal = new ChatError("live_links_full");
  const failed = await ask(`${LIVE}/123/retry`, post(undefined));
  await assertJson(failed, 500, {
    success: false,
    message: "重试失败: The server keeps as many live links as it may",
    code: "live_links_full",
  });
});

Deno.test("Live routes answer OPTIONS to all, and let no other site read", async () => {
  const { ask } = newTestHttp();
  const allowed: [path: string, methods: string][] = [
    ["start", "POST, OPTIONS"],
    ["stop", "POST, OPTIONS"],
    ["status", "GET, HEAD, OPTIONS"],
    ["123", "GET, HEAD, OPTIONS"],
    ["123/messages", "GET, HEAD, OPTIONS"],
    ["123/retry", "POST, OPTIONS"],
  ];
  for (const [path, methods] of allowed) {
    const response = await ask(`${LIVE}/${path}`, {
      method: "OPTIONS",
      key: null,
      headers: { Origin: "https://other.example" },
    });
    await assertEmpty(response, 204);
    assert.equal(response.headers.get("Allow"), methods, path);
    assert.equal(response.headers.get("Access-Control-Allow-Origin"), null);
  }
});

Deno.test("Live routes answer a wrong method with 405, and no route with 404", async () => {
  const { ask } = newTestHttp();
  const wrong: [method: string, path: string][] = [
    ["GET", "start"],
    ["PUT", "stop"],
    ["POST", "status"],
    ["DELETE", "123"],
    ["POST", "123/messages"],
    ["GET", "123/retry"],
  ];
  for (const [method, path] of wrong) {
    const response = await ask(`${LIVE}/${path}`, { method });
    await assertJson(response, 405, {
      success: false,
      message: "Method not allowed",
      code: "method_not_allowed",
    });
    assert.match(response.headers.get("Allow") ?? "", /OPTIONS/, path);
  }
  for (const path of ["", "/", "/123/nothing", "/a/b/c"]) {
    const response = await ask(`${LIVE}${path}`, { key: TEST_API_KEY });
    await assertJson(response, 404, {
      success: false,
      message: "Not found",
      code: "not_found",
    });
  }
});

Deno.test("Live routes ask for the key only where something changes", async () => {
  const { ask, live } = newTestHttp();
  live.link("123");
  live.room("123");
  for (const path of ["start", "stop", "123/retry"]) {
    const request = post({ live_id: "123" }, { key: null });
    const response = await ask(`${LIVE}/${path}`, request);
    await assertJson(response, 401, {
      success: false,
      message: "未提供认证令牌",
      code: "unauthorized",
    });
  }
  assert.deepEqual(live.words, []);
  for (const path of ["status", "123", "123/messages"]) {
    const response = await ask(`${LIVE}/${path}`, { key: null });
    assert.equal(response.status, 200, path);
    await response.text();
  }
});
