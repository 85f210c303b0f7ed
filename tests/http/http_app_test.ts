import assert from "node:assert/strict";
import {
  assertEmpty,
  assertJson,
  newTestHttp,
  TEST_API_KEY,
} from "../support/test_http.ts";

const UNAUTHORIZED = {
  error: "Unauthorized: Invalid API Key",
  code: "unauthorized",
};

/** Every route that wants the key. */
const GUARDED = [
  "POST /management/rooms",
  "GET /management/rooms",
  "GET /management/rooms/r1",
  "PATCH /management/rooms/r1",
  "DELETE /management/rooms/r1",
  "PUT /management/rooms/r1/admins",
  "GET /management/rooms/r1/bans",
  "POST /management/rooms/r1/bans",
  "DELETE /management/rooms/r1/bans/u1",
  "GET /management/rooms/r1/mutes",
  "POST /management/rooms/r1/mutes",
  "DELETE /management/rooms/r1/mutes/u1",
  "GET /management/rooms/r1/messages",
  "POST /management/rooms/r1/messages",
  "POST /management/rooms/r1/system-message",
  "DELETE /management/rooms/r1/messages/1",
  "POST /management/rooms/r1/events",
  "GET /management/rooms/r1/sessions",
  "GET /management/rooms/r1/devices",
  "GET /management/devices",
  "GET /management/devices/d1",
  "POST /management/devices/d1/disconnect",
  "GET /management/sync",
  "POST /management/sync",
  "GET /management/sync/rooms",
  "GET /management/sync/events",
  "GET /management/sync/chat-history/r1",
  "GET /management/sync/session-history/r1",
  "GET /management/callbacks",
  "POST /management/callbacks/e1/enable",
  "POST /management/callbacks/e1/pause",
  "POST /management/callbacks/e1/resume",
  "GET /management/callbacks/dead",
  "POST /management/callbacks/replay",
  "POST /management/callbacks/test",
  "POST /management/flush",
  "GET /management/pending",
  "GET /management/status",
  "POST /management/tokens",
  "GET /management/backup",
  "POST /management/cleanup",
  "GET /metrics",
];

function methodAndPath(route: string): [method: string, path: string] {
  const [method = "", path = ""] = route.split(" ");
  return [method, path];
}

Deno.test("newHttpApp wants the key on every guarded route", async () => {
  const { ask } = newTestHttp();
  for (const route of GUARDED) {
    const [method, path] = methodAndPath(route);
    for (const key of [null, "", "wrong", `${TEST_API_KEY} `.repeat(2)]) {
      await assertJson(await ask(path, { method, key }), 401, UNAUTHORIZED);
    }
  }
});

Deno.test("newHttpApp has every guarded route", () => {
  const { app } = newTestHttp();
  const has = new Set(app.routes.map((one) => `${one.method} ${one.path}`));
  for (const route of GUARDED) {
    const pattern = route.replace("/r1", "/:room_id")
      .replace("/u1", "/:user_id")
      .replace("/d1", "/:device_id")
      .replace("/e1", "/:endpoint")
      .replace("messages/1", "messages/:seq");
    assert(has.has(pattern), pattern);
  }
});

Deno.test("newHttpApp asks for the key before it says what exists", async () => {
  const { ask } = newTestHttp();
  const response = await ask("/management/nothing", { key: null });
  await assertJson(response, 401, UNAUTHORIZED);
});

Deno.test("newHttpApp lets a browser's preflight through without the key", async () => {
  const { ask } = newTestHttp();
  for (const path of ["rooms/r1/bans", "callbacks/replay"]) {
    const response = await ask(`/management/${path}`, {
      method: "OPTIONS",
      key: null,
      headers: {
        "Origin": "https://panel.test",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-api-key,content-type",
      },
    });
    await assertEmpty(response, 204);
    const { headers } = response;
    assert.equal(headers.get("Access-Control-Allow-Origin"), "*");
    assert.equal(headers.get("Access-Control-Allow-Methods"), "*");
    assert.equal(headers.get("Access-Control-Allow-Headers"), "*");
  }
});

Deno.test("newHttpApp lets a page of any origin read answers and refusals", async () => {
  const { ask } = newTestHttp();
  for (const key of [TEST_API_KEY, null]) {
    const response = await ask("/management/rooms", { key });
    await response.text();
    assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*");
  }
});

Deno.test("newHttpApp answers an unknown route with 404", async () => {
  const { ask } = newTestHttp();
  const body = { error: "Not found", code: "not_found" };
  await assertJson(await ask("/nothing"), 404, body);
  await assertJson(await ask("/management/rooms/"), 404, body);
  await assertJson(await ask("/management/sync/nothing"), 404, body);
});

Deno.test("newHttpApp answers a wrong method with 405 and the right ones", async () => {
  const { ask } = newTestHttp();
  const body = { error: "Method not allowed", code: "method_not_allowed" };
  const response = await ask("/management/rooms/r1/messages", {
    method: "PUT",
  });
  await assertJson(response, 405, body);
  const allowed = response.headers.get("Allow")?.split(", ").sort();
  assert.deepEqual(allowed, ["GET", "HEAD", "POST"]);
  await assertJson(await ask("/health/live", { method: "POST" }), 405, body);
});

Deno.test("newHttpApp tells a callback's actions from its lists", async () => {
  const { ask, callbacks, letters, samples } = newTestHttp();
  const wrong: [method: string, path: string, allowed: string[]][] = [
    ["POST", "", ["GET", "HEAD"]],
    ["POST", "/dead", ["GET", "HEAD"]],
    ["GET", "/replay", ["POST"]],
    ["GET", "/test", ["POST"]],
    ["GET", "/room-events/pause", ["POST"]],
    ["DELETE", "/room-events/enable", ["POST"]],
  ];
  for (const [method, path, allowed] of wrong) {
    const response = await ask(`/management/callbacks${path}`, { method });
    await response.text();
    assert.equal(response.status, 405, path);
    const said = response.headers.get("Allow")?.split(", ").sort();
    assert.deepEqual(said, allowed, path);
  }
  const unknown = "/management/callbacks/room-events/delete";
  assert.equal((await ask(unknown, { method: "POST" })).status, 404);
  assert.equal((await ask("/management/callbacks/room-events")).status, 404);
  assert.deepEqual(letters.replays, []);
  assert.deepEqual(samples.urls, []);
  assert(callbacks.all.every((one) => one.state === "active"));
});

Deno.test("newHttpApp answers HEAD as GET without the body", async () => {
  const { ask } = newTestHttp();
  const lists = ["rooms", "callbacks", "callbacks/dead", "sync/events"];
  for (const list of lists) {
    const path = `/management/${list}`;
    await assertEmpty(await ask(path, { method: "HEAD" }), 200);
  }
  await assertEmpty(await ask("/nothing", { method: "HEAD" }), 404);
});

Deno.test("newHttpApp takes a body of 1 MiB and refuses one byte more", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  const fitting = '{"admin_user_ids":[]}'.padEnd(2 ** 20);
  const path = "/management/rooms/r1/admins";
  await assertEmpty(await ask(path, { method: "PUT", text: fitting }), 200);
  assert.equal(room.commands.length, 1);
  const response = await ask(path, { method: "PUT", text: `${fitting} ` });
  await assertJson(response, 413, {
    error: "Request body too large",
    code: "body_too_large",
  });
  assert.equal(room.commands.length, 1);
});

Deno.test("newHttpApp believes a Content-Length that is too large", async () => {
  const { ask } = newTestHttp();
  const response = await ask("/management/rooms", {
    method: "POST",
    text: "{}",
    headers: { "Content-Length": String(2 ** 20 + 1) },
  });
  assert.equal(response.status, 413);
  assert.equal((await response.json()).code, "body_too_large");
});

Deno.test("newHttpApp counts requests by status and refusals by code", async () => {
  const { ask, metrics } = newTestHttp();
  await (await ask("/health/live")).text();
  await (await ask("/management/rooms", { key: null })).text();
  await (await ask("/nothing")).text();
  await (await ask("/health/live", { method: "PUT" })).text();
  const { body } = await metrics.text();
  for (const status of [200, 401, 404, 405]) {
    assert(body.includes(`http_requests_total{status="${status}"} 1`), body);
  }
  for (const code of ["unauthorized", "not_found", "method_not_allowed"]) {
    assert(body.includes(`refusals_total{code="${code}"} 1`), body);
  }
});

Deno.test("newHttpApp shows metrics to the key in either header", async () => {
  const { ask } = newTestHttp();
  const bearer = { Authorization: `Bearer ${TEST_API_KEY}` };
  for (const request of [{}, { key: null, headers: bearer }]) {
    const response = await ask("/metrics", request);
    assert.equal(response.status, 200);
    assert.match(response.headers.get("Content-Type") ?? "", /^text\/plain/);
    assert.match(await response.text(), /^# HELP parlor_http_requests_total /m);
  }
});

Deno.test("newHttpApp has a page for each live room that is known", async () => {
  const { ask, live } = newTestHttp();
  live.link("123");
  for (const [id, status] of [["123", 200], ["none", 404]] as const) {
    const response = await ask(`/live/${id}`, { key: null });
    await response.text();
    assert.equal(response.status, status, id);
  }
});
