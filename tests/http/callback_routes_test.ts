import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { ENDPOINT_NAMES } from "../../src/wire/callback.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { endpointBody, letterBody } from "../../src/http/callback_body.ts";
import { newLetter, newStatus } from "../support/fake_callbacks.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  assertBadRequest,
  assertJson,
  newTestHttp,
} from "../support/test_http.ts";

const CALLBACKS = "/management/callbacks";
const START_SECS = START_AT / 1000;
const NO_ENDPOINT = {
  error: "No such callback endpoint",
  code: "endpoint_not_found",
};

Deno.test("GET callbacks shows every endpoint and counts ages to now", async () => {
  const { ask, callbacks, clock } = newTestHttp();
  const waiting = newStatus({ backlog: 3, oldestAt: START_AT });
  const bare = newStatus({ name: "sync", url: null });
  callbacks.all = [waiting, bare];
  await clock.advance(90_500);
  const now = START_AT + 90_500;
  const response = await ask(CALLBACKS);
  await assertJson(response, 200, {
    endpoints: [endpointBody(waiting, now), endpointBody(bare, now)],
  });
  assert.equal(endpointBody(waiting, now).oldest_age_seconds, 90);
});

Deno.test("POST pause, resume and enable answer the endpoint's new row", async () => {
  const { ask, callbacks } = newTestHttp();
  for (const name of ENDPOINT_NAMES) {
    const active = endpointBody(newStatus({ name }), START_AT);
    const pause = { state: "paused", reason: "by an operator" } as const;
    const paused = endpointBody(newStatus({ name, ...pause }), START_AT);
    const steps: [action: string, row: unknown][] = [
      ["pause", paused],
      ["resume", active],
      ["pause", paused],
      ["enable", active],
    ];
    for (const [action, row] of steps) {
      const path = `${CALLBACKS}/${name}/${action}`;
      await assertJson(await ask(path, { method: "POST" }), 200, row);
    }
  }
  assert.deepEqual(callbacks.all.map((one) => one.name), [...ENDPOINT_NAMES]);
});

Deno.test("POST resume sends an endpoint that is gone on to enable", async () => {
  const { ask, callbacks } = newTestHttp();
  callbacks.all = [newStatus({ state: "disabled", reason: "HTTP 410" })];
  const path = `${CALLBACKS}/room-events`;
  await assertJson(await ask(`${path}/resume`, { method: "POST" }), 409, {
    error: "This endpoint answered 410 and waits to be enabled",
    code: "endpoint_disabled",
  });
  const enabled = await ask(`${path}/enable`, { method: "POST" });
  assert.equal((await enabled.json()).state, "active");
});

Deno.test("POST enable, pause and resume answer 404 for an unknown endpoint", async () => {
  const { ask } = newTestHttp();
  const names = ["nope", "Room-Events", "room-events%20", "x".repeat(200)];
  for (const action of ["enable", "pause", "resume"]) {
    for (const name of names) {
      const path = `${CALLBACKS}/${name}/${action}`;
      await assertJson(await ask(path, { method: "POST" }), 404, NO_ENDPOINT);
    }
    const path = `${CALLBACKS}/${"x".repeat(201)}/${action}`;
    await assertBadRequest(
      await ask(path, { method: "POST" }),
      "Invalid endpoint: want at most 200 characters",
    );
  }
});

Deno.test("The routes of callbacks answer 503 while the database fails", async () => {
  const { ask, callbacks, letters } = newTestHttp();
  callbacks.failure = new StoreError("busy", "locked");
  letters.failure = callbacks.failure;
  const responses = [
    await ask(CALLBACKS),
    await ask(`${CALLBACKS}/sync/pause`, { method: "POST" }),
    await ask(`${CALLBACKS}/dead`),
    await ask(`${CALLBACKS}/replay`, { method: "POST", body: { from: 0 } }),
  ];
  for (const response of responses) {
    assert.equal(response.status, 503);
    assert.equal((await response.json()).code, "storage_unavailable");
  }
  assert.equal(callbacks.wakes, 0);
});

Deno.test("GET callbacks/dead pages by number and ends with null", async () => {
  const { ask, letters } = newTestHttp();
  const all = [2, 5, 9].map((number) => newLetter(number));
  letters.all = all;
  const rows = all.map(letterBody);
  const pages: [query: string, body: unknown][] = [
    ["", { dead: rows, next: null }],
    ["?limit=3", { dead: rows, next: null }],
    ["?limit=2", { dead: rows.slice(0, 2), next: 5 }],
    ["?limit=2&after=5", { dead: rows.slice(2), next: null }],
    ["?after=9", { dead: [], next: null }],
  ];
  for (const [query, body] of pages) {
    await assertJson(await ask(`${CALLBACKS}/dead${query}`), 200, body);
  }
});

Deno.test("GET callbacks/dead asks for one endpoint's when told which", async () => {
  const { ask, letters } = newTestHttp();
  const other = newLetter(2, { endpoint: "chat-history" });
  letters.all = [newLetter(1), other];
  const response = await ask(`${CALLBACKS}/dead?endpoint=chat-history`);
  await assertJson(response, 200, { dead: [letterBody(other)], next: null });
});

Deno.test("GET callbacks/dead has pages of 100, at most of 1000", async () => {
  const { ask, letters } = newTestHttp();
  letters.all = Array.from(
    { length: 1001 },
    (_, index) => newLetter(index + 1),
  );
  const sizes: [query: string, size: number][] = [
    ["", 100],
    ["?limit=999", 999],
    ["?limit=1000", 1000],
    ["?limit=1001", 1000],
  ];
  for (const [query, size] of sizes) {
    const { dead, next } = await (await ask(`${CALLBACKS}/dead${query}`))
      .json();
    assert.deepEqual([dead.length, next], [size, size]);
  }
});

Deno.test("GET callbacks/dead refuses what it cannot read", async () => {
  const { ask, letters } = newTestHttp();
  const wrong: [query: string, field: string][] = [
    ["endpoint=nope", "endpoint"],
    ["endpoint=", "endpoint"],
    ["after=-1", "after"],
    ["after=e1-7", "after"],
    ["after=9007199254740992", "after"],
    ["limit=0", "limit"],
  ];
  for (const [query, field] of wrong) {
    const response = await ask(`${CALLBACKS}/dead?${query}`);
    await assertBadRequest(response, new RegExp(`^Invalid ${field}: `));
  }
  assert.deepEqual(letters.asked, []);
});

Deno.test("POST callbacks/replay passes on what is named and wakes the desk", async () => {
  const { ask, callbacks, letters } = newTestHttp();
  letters.found = 3;
  const rest = { delivered: false, limit: 10_000, now: START_AT };
  const [from, to] = [START_SECS, START_SECS + 1];
  const asked: [body: unknown, query: unknown][] = [
    [{ id: "joined_s1" }, { id: "joined_s1", ...rest }],
    [{ room_id: "r1" }, { roomId: "r1", ...rest }],
    [{ from }, { fromAt: START_AT, ...rest }],
    [{ to }, { toAt: START_AT + 1999, ...rest }],
    [{ from, after: 0 }, { fromAt: START_AT, afterNumber: 0, ...rest }],
    [
      { room_id: "r1", from, to, endpoint: "sync", after: 7, delivered: true },
      {
        roomId: "r1",
        fromAt: START_AT,
        toAt: START_AT + 1999,
        endpoint: "sync",
        afterNumber: 7,
        ...rest,
        delivered: true,
      },
    ],
  ];
  for (const [index, [body, query]] of asked.entries()) {
    const response = await replay(ask, body);
    await assertJson(response, 200, { replayed: 3, next: null });
    assert.deepEqual(letters.replays[index], query);
    assert.equal(callbacks.wakes, index + 1);
  }
});

Deno.test("POST callbacks/replay says at 10,000 events where to go on", async () => {
  const { ask, letters } = newTestHttp();
  const answers: [found: number, replayed: number, next: number | null][] = [
    [0, 0, null],
    [9_999, 9_999, null],
    [10_000, 10_000, 10_005],
    [10_001, 10_000, 10_005],
  ];
  for (const [found, replayed, next] of answers) {
    letters.found = found;
    const response = await replay(ask, { from: 0, after: 5 });
    await assertJson(response, 200, { replayed, next });
  }
});

Deno.test("POST callbacks/replay takes a range of one second, and ids of 200 characters", async () => {
  const { ask, letters } = newTestHttp();
  const id = "x".repeat(200);
  const max = 8_640_000_000_000;
  const bodies = [
    { from: START_SECS, to: START_SECS },
    { from: 0, to: max },
    { from: 0, after: Number.MAX_SAFE_INTEGER },
    { id, room_id: id },
  ];
  for (const body of bodies) {
    assert.equal((await replay(ask, body)).status, 200);
  }
  assert.equal(letters.replays.length, bodies.length);
});

Deno.test("POST callbacks/replay refuses what it cannot read, and replays nothing", async () => {
  const { ask, callbacks, letters } = newTestHttp();
  const unnamed =
    /^Invalid request: want at least one of id, room_id, from, to$/;
  const wrong: [body: unknown, error: RegExp][] = [
    [{}, unnamed],
    [{ endpoint: "sync", delivered: true }, unnamed],
    [{ after: 5 }, unnamed],
    [{ room_id: "r1", form: 1 }, /Unrecognized key: "form"/],
    [{ from: 0, roomid: "r1" }, /Unrecognized key: "roomid"/],
    [{ from: 2, to: 1 }, /^Invalid from: want a second that is not after to$/],
    [{ from: -1 }, /^Invalid from: /],
    [{ from: 1.5 }, /^Invalid from: /],
    [{ from: "0" }, /^Invalid from: /],
    [{ to: 8_640_000_000_001 }, /^Invalid to: /],
    [{ id: "" }, /^Invalid id: /],
    [{ id: null, from: 0 }, /^Invalid id: /],
    [{ id: "x".repeat(201) }, /^Invalid id: want at most 200 characters$/],
    [{ room_id: "x".repeat(201) }, /^Invalid room_id: /],
    [{ room_id: 1 }, /^Invalid room_id: /],
    [{ from: 0, endpoint: "nope" }, /^Invalid endpoint: /],
    [{ from: 0, after: -1 }, /^Invalid after: /],
    [{ from: 0, after: 0.5 }, /^Invalid after: /],
    [{ from: 0, after: "5" }, /^Invalid after: /],
    [{ from: 0, after: null }, /^Invalid after: /],
    [{ from: 0, after: Number.MAX_SAFE_INTEGER + 1 }, /^Invalid after: /],
    [{ from: 0, delivered: "yes" }, /^Invalid delivered: /],
    [[], /^Invalid request: /],
    [null, /^Invalid request: /],
  ];
  for (const [body, error] of wrong) {
    await assertBadRequest(await replay(ask, body), error);
  }
  const empty = await ask(`${CALLBACKS}/replay`, { method: "POST" });
  assert.equal((await empty.json()).code, "bad_json");
  assert.deepEqual(letters.replays, []);
  assert.equal(callbacks.wakes, 0);
});

Deno.test("POST callbacks/test shows what came back, also a failure", async () => {
  const { ask, samples } = newTestHttp();
  const url = "http://127.0.0.1:3001/api/room-events?key=1";
  const results = [
    samples.result,
    {
      ok: false,
      status: null,
      error: "timed out",
      milliseconds: 30_000,
      response: "",
    },
  ];
  for (const result of results) {
    samples.result = result;
    await assertJson(await test(ask, { url }), 200, result);
  }
  assert.deepEqual(samples.urls, [url, url]);
});

Deno.test("POST callbacks/test answers 403 for a host that is not allowed", async () => {
  const { ask, samples } = newTestHttp();
  samples.failure = new ChatError("host_refused");
  await assertJson(await test(ask, { url: "http://elsewhere.test/" }), 403, {
    error: "Callbacks may not go to this host",
    code: "host_refused",
  });
});

Deno.test("POST callbacks/test refuses what is no URL of the web, and sends nothing", async () => {
  const { ask, samples } = newTestHttp();
  const long = "http://backend.test/".padEnd(2049, "x");
  const wrong = ["", "backend.test", "ftp://backend.test/", long, 1, null];
  for (const url of [...wrong, undefined]) {
    await assertBadRequest(await test(ask, { url }), /^Invalid url: want /);
  }
  await assertBadRequest(
    await test(ask, { url: "http://backend.test/", uri: "x" }),
    /Unrecognized key: "uri"/,
  );
  assert.deepEqual(samples.urls, []);
});

type Ask = ReturnType<typeof newTestHttp>["ask"];

async function replay(ask: Ask, body: unknown): Promise<Response> {
  return await ask(`${CALLBACKS}/replay`, { method: "POST", body });
}

async function test(ask: Ask, body: unknown): Promise<Response> {
  return await ask(`${CALLBACKS}/test`, { method: "POST", body });
}
