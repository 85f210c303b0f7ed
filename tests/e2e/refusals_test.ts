// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { refusedUpgrade, type UpgradeAnswer } from "../support/raw_socket.ts";
import { KEY_HEADERS, newTestApp, TEST_KEY } from "../support/test_app.ts";
import { roomUrl } from "../support/ws_client.ts";

const ANN = { user_id: "ann", nickname: "Ann" };
const NOBODY = "00000000-0000-4000-8000-000000000000";

/** Asserts the status and the exact JSON of a refused upgrade. */
function assertRefused(
  { status, headers, body }: UpgradeAnswer,
  wanted: { status: number; code: string; error: string },
): void {
  const { status: wantedStatus, code, error } = wanted;
  assert.deepEqual(body, { error, code });
  assert.equal(status, wantedStatus);
  assert.equal(headers.get("content-type"), "application/json");
}

Deno.test("Upgrade is refused with 503 when the server is full", async () => {
  await using app = await newTestApp({ MAX_CONNECTIONS: "2" });
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  await app.joinRoom(roomId, "bob");
  // Fullness is said before anything is asked of the request.
  const refused = await refusedUpgrade(`${app.url}/ws/rooms/${NOBODY}`);
  assertRefused(refused, {
    status: 503,
    code: "too_many_connections",
    error: "服务器连接数已达上限",
  });
  assert.equal(refused.headers.get("retry-after"), "1");
  await ann.close();
  await app.expectConnections(1);
  await app.joinRoom(roomId, "cat");
});

Deno.test("Upgrade is refused with 503 while the server stops", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  await app.joinRoom(roomId, "bob");
  const stopping = app.app.stop();
  // One round has closed ann; the next waits for the clock.
  await ann.expectClosed(4001);
  assertRefused(await refusedUpgrade(roomUrl(app.url, roomId, ANN)), {
    status: 503,
    code: "shutting_down",
    error: "The server is stopping",
  });
  await app.clock.advance(300);
  await stopping;
});

Deno.test("Upgrade is refused with 404 when there is no such room", async () => {
  await using app = await newTestApp();
  const ended = await app.createRoom();
  await app.api(`DELETE /management/rooms/${ended}`);
  for (const roomId of [NOBODY, ended, "大厅/1", "%zz", ""]) {
    const url = `${app.url}/ws/rooms/${
      roomId === "%zz" ? roomId : encodeURIComponent(roomId)
    }`;
    // No names are given: the room is looked for first.
    assertRefused(await refusedUpgrade(url), {
      status: 404,
      code: "room_not_found",
      error: `Room ${roomId} not found`,
    });
  }
});

Deno.test("Upgrade is refused with 400 when a name is missing or too long", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const cases = [
    [{}, "user_id is missing"],
    [{ nickname: "Ann" }, "user_id is missing"],
    [{ user_id: "", nickname: "Ann" }, "user_id is missing"],
    [{ user_id: "ann" }, "nickname is missing"],
    [{ user_id: "ann", nickname: "" }, "nickname is missing"],
    [
      { user_id: "x".repeat(129), nickname: "Ann" },
      "user_id has more than 128 characters",
    ],
    [
      { user_id: "ann", nickname: "安".repeat(65) },
      "nickname has more than 64 characters",
    ],
    [{ ...ANN, since: "-1", epoch: "e" }, "since is not a number"],
    [{ ...ANN, since: "1e3", epoch: "e" }, "since is not a number"],
    [{ ...ANN, since: "9".repeat(17), epoch: "e" }, "since is not a number"],
  ] as const;
  for (const [query, error] of cases) {
    const url = roomUrl(app.url, roomId, { ...query });
    assertRefused(await refusedUpgrade(url), {
      status: 400,
      code: "bad_request",
      error,
    });
  }
  await app.joinRoom(roomId, "x".repeat(128), { nickname: "👋".repeat(64) });
});

Deno.test("Upgrade is refused with 426 when it is none", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const response = await fetch(
    `${app.url}/ws/rooms/${roomId}?${new URLSearchParams(ANN)}`,
  );
  assert.deepEqual(await response.json(), {
    error: "Expected a WebSocket upgrade",
    code: "upgrade_required",
  });
  assert.equal(response.status, 426);
  assert.equal(response.headers.get("upgrade"), "websocket");
});

Deno.test("Upgrade is refused with 426 when the handshake is broken", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const url = roomUrl(app.url, roomId, ANN);
  for (
    const headers of [
      { "Connection": "keep-alive" },
      { "Connection": null },
      { "Sec-WebSocket-Key": null },
    ]
  ) {
    const refused = await refusedUpgrade(url, headers);
    assertRefused(refused, {
      status: 426,
      code: "upgrade_required",
      error: "Expected a WebSocket upgrade",
    });
  }
  await app.expectConnections(0);
  assert.deepEqual(app.log.texts.filter((text) => text.startsWith("e")), []);
});

Deno.test("Upgrade is refused with 401 when a token is wrong", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const token = await app.mintToken("ann", { expires_in_secs: 60 });
  const url = (query: Record<string, string>) =>
    roomUrl(app.url, roomId, { ...ANN, ...query });
  assertRefused(await refusedUpgrade(url({ token: `${token}x` })), {
    status: 401,
    code: "token_invalid",
    error: "Invalid token",
  });
  assertRefused(await refusedUpgrade(url({ token, user_id: "bob" })), {
    status: 401,
    code: "token_invalid",
    error: "The token is another user's",
  });
  assertRefused(
    await refusedUpgrade(url({}), { "X-Api-Key": `${TEST_KEY}x` }),
    {
      status: 401,
      code: "unauthorized",
      error: "Unauthorized: Invalid API Key",
    },
  );
  await app.clock.advance(60_000);
  assertRefused(
    await refusedUpgrade(url({}), { "Authorization": `Bearer ${token}` }),
    {
      status: 401,
      code: "token_expired",
      error: "Token expired: connect again with a new one",
    },
  );
});

Deno.test("Upgrade is refused with 401 without a token where one is needed", async () => {
  const secret = "s".repeat(32);
  await using app = await newTestApp({ AUTH_SECRET: secret });
  const roomId = await app.createRoom();
  const url = roomUrl(app.url, roomId, ANN);
  assertRefused(await refusedUpgrade(url), {
    status: 401,
    code: "token_invalid",
    error: "A token is needed",
  });
  await app.joinRoom(roomId, "bob", { headers: KEY_HEADERS });
  const query = { token: await app.mintToken("ann", { name: "Ann A." }) };
  const ann = await app.joinRoom(roomId, "ann", { query });
  assert.equal(ann.welcome.payload?.["nickname"], "Ann A.");
});

Deno.test("Upgrade is refused with 503 while the issuer's keys cannot be had", async () => {
  await using app = await newTestApp({
    // Nothing listens there.
    AUTH_JWKS_URL: "http://127.0.0.1:1/keys",
  });
  const roomId = await app.createRoom();
  const [head, claims] = [{ alg: "RS256", kid: "k" }, { sub: "ann" }]
    .map((part) => btoa(JSON.stringify(part)).replace(/=+$/, ""));
  const token = `${head}.${claims}.c2ln`;
  const refused = await refusedUpgrade(roomUrl(app.url, roomId, { token }));
  assertRefused(refused, {
    status: 503,
    code: "identity_unavailable",
    error: "Tokens cannot be checked right now",
  });
  assert.equal(refused.headers.get("retry-after"), "1");
});

Deno.test("Upgrade is refused with 403 when the token opens other rooms", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const rooms = [await app.createRoom()];
  const token = await app.mintToken("ann", { rooms });
  const url = roomUrl(app.url, roomId, { ...ANN, token });
  assertRefused(await refusedUpgrade(url), {
    status: 403,
    code: "room_refused",
    error: "This token does not open this room",
  });
});

Deno.test("Upgrade is refused with 403 when an admin's id has no proof", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom({ admins: ["ann"] });
  const url = roomUrl(app.url, roomId, ANN);
  assertRefused(await refusedUpgrade(url), {
    status: 403,
    code: "admin_proof_required",
    error: "An admin's user id needs a token or the API key",
  });
  await app.joinAsAdmin(roomId, "ann");
  const query = { token: await app.mintToken("ann") };
  const ann = await app.joinRoom(roomId, "ann", { query });
  ann.send("MuteUser", { user_id: "bob" });
  await ann.expectFrame("UserMuted");
});

Deno.test("Upgrade takes an admin's id as given when TRUST_USER_IDS says so", async () => {
  await using app = await newTestApp({ TRUST_USER_IDS: "true" });
  const roomId = await app.createRoom({ admins: ["ann"] });
  const ann = await app.joinRoom(roomId, "ann");
  ann.send("MuteUser", { user_id: "bob" });
  await ann.expectFrame("UserMuted");
});

Deno.test("Upgrade is refused with 403 when the user is banned", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const bans = `/management/rooms/${roomId}/bans`;
  await app.api(`POST ${bans}`, { body: { user_id: "ann" } });
  const url = roomUrl(app.url, roomId, ANN);
  assertRefused(await refusedUpgrade(url), {
    status: 403,
    code: "user_banned",
    error: "你已被踢出该房间，无法再次加入",
  });
  await app.api(`DELETE ${bans}/ann`);
  await app.joinRoom(roomId, "ann");
});

Deno.test("Upgrade is refused with 403 from a page of another origin", async () => {
  await using app = await newTestApp({
    ALLOWED_ORIGINS: "https://chat.example.com",
  });
  const roomId = await app.createRoom();
  const url = roomUrl(app.url, roomId, ANN);
  const evil = { "Origin": "https://evil.example.com" };
  assertRefused(await refusedUpgrade(url, evil), {
    status: 403,
    code: "origin_refused",
    error: "Origin not allowed",
  });
  const good = { "Origin": "https://CHAT.example.com" };
  await app.joinRoom(roomId, "ann", { headers: good });
  await app.joinRoom(roomId, "bob");
});

Deno.test("Upgrade is refused with 429 past the bound of one address", async () => {
  await using app = await newTestApp({ CONNECTIONS_PER_IP_MAX: "1" });
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const url = roomUrl(app.url, roomId, ANN);
  const refused = await refusedUpgrade(url);
  assertRefused(refused, {
    status: 429,
    code: "too_many_from_ip",
    error: "Too many connections from this address",
  });
  assert.equal(refused.headers.get("retry-after"), "1");
  await ann.close();
  await app.expectConnections(0);
  await app.joinRoom(roomId, "ann");
});

Deno.test("Upgrade counts by the address that the proxy saw, if it is trusted", async () => {
  await using app = await newTestApp({
    CONNECTIONS_PER_IP_MAX: "1",
    TRUST_PROXY: "true",
  });
  const roomId = await app.createRoom();
  const from = (list: string) => ({ headers: { "X-Forwarded-For": list } });
  await app.joinRoom(roomId, "ann", from("10.9.9.9, 10.0.0.1"));
  await app.joinRoom(roomId, "bob", from("10.0.0.1, 10.0.0.2"));
  const { headers } = from("10.0.0.3, 10.0.0.2");
  const url = roomUrl(app.url, roomId, { user_id: "cat", nickname: "Cat" });
  assert.equal((await refusedUpgrade(url, headers)).status, 429);
  const { body } = await app.api(`GET /management/rooms/${roomId}`);
  const ips = body.members.flatMap((
    member: { sessions: { ip: string }[] },
  ) => member.sessions.map(({ ip }) => ip));
  assert.deepEqual(ips, ["10.0.0.1", "10.0.0.2"]);
});

Deno.test("Refused upgrades are counted by code", async () => {
  await using app = await newTestApp();
  for (let count = 0; count < 3; count++) {
    await refusedUpgrade(roomUrl(app.url, NOBODY, ANN));
  }
  const { body } = await app.api("GET /metrics");
  assert.match(body, /parlor_refusals_total\{code="room_not_found"\} 3/);
});
