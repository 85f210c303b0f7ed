import assert from "node:assert/strict";
import {
  DeviceClient,
  type DeviceQuery,
  deviceUrl,
  expectQuiet,
  sensor,
  type SentIdentity,
} from "../support/device_client.ts";
import { refusedUpgrade } from "../support/raw_socket.ts";
import { KEY_HEADERS, newTestApp, type TestApp } from "../support/test_app.ts";
import type { OpenOptions } from "../support/ws_client.ts";

const TOKENS = { DEVICE_AUTH: "token" };

/** Everything that a device can bring. */
interface Brought extends OpenOptions {
  readonly identity: SentIdentity;
  readonly query?: DeviceQuery;
}

/** Connects and says who it is. */
async function knock(
  app: TestApp,
  { identity, query = {}, ...open }: Brought,
): Promise<DeviceClient> {
  const client = await DeviceClient.open(deviceUrl(app.url, query), open);
  client.identify(identity);
  return client;
}

/** Connects, and is refused with an error frame and a close. */
async function assertRefused(
  app: TestApp,
  brought: Brought,
  { message, code, close }: { message: string; code: string; close: number },
): Promise<void> {
  await using client = await knock(app, brought);
  assert.deepEqual(await client.expectFrame("error"), {
    type: "error",
    message,
    code,
  });
  await client.expectClosed(close);
}

const INVALID = { code: "token_invalid", close: 4506 };

Deno.test("With DEVICE_AUTH=token a token for its id lets a device in, by query, header or identity", async () => {
  await using app = await newTestApp(TOKENS);
  await using host = await knock(app, {
    identity: sensor("host"),
    query: { token: await app.mintToken("host") },
  });
  await host.expectRoom();
  const token = await app.mintToken("guest");
  const identity = sensor("guest", host.roomId);
  const ways: Brought[] = [
    { identity, query: { token } },
    { identity, headers: { Authorization: `Bearer ${token}` } },
    { identity: { ...identity, token } },
    // What the device itself says counts before what its address says.
    {
      identity: { ...identity, token },
      query: { token: await app.mintToken("host") },
    },
  ];
  for (const way of ways) {
    await using guest = await knock(app, way);
    assert.equal((await guest.expectRoom()).room_id, host.roomId);
    guest.sendText("{}");
    await host.expectText("{}");
  }
  await expectQuiet(host);
});

Deno.test("With DEVICE_AUTH=token no token, another's and a broken one are refused, and nobody hears of it", async () => {
  await using app = await newTestApp(TOKENS);
  const hostToken = await app.mintToken("host");
  await using host = await knock(app, {
    identity: sensor("host"),
    query: { token: hostToken },
  });
  await host.expectRoom();
  const identity = sensor("guest", host.roomId);
  const needed = { ...INVALID, message: "A token is needed" };
  const other = { ...INVALID, message: "The token is another device's" };
  const broken = { ...INVALID, message: "Invalid token" };
  await assertRefused(app, { identity }, needed);
  await assertRefused(app, { identity: { ...identity, token: 17 } }, needed);
  await assertRefused(app, { identity, query: { token: hostToken } }, other);
  await assertRefused(
    app,
    { identity: { ...identity, token: hostToken } },
    other,
  );
  for (const token of ["x", "a.b.c", `${hostToken}x`, "x".repeat(9000)]) {
    await assertRefused(app, { identity: { ...identity, token } }, broken);
  }
  // An identity that is none is refused before its token is looked at.
  await assertRefused(app, { identity: { identity: "x", device_id: "" } }, {
    message: "Missing device_id field",
    code: "device_id_missing",
    close: 1000,
  });
  await expectQuiet(host);
});

Deno.test("A token that has run out is refused, and one that runs out ends the connection", async () => {
  await using app = await newTestApp(TOKENS);
  const token = await app.mintToken("1", { expires_in_secs: 60 });
  const brought = { identity: sensor("1"), query: { token } };
  const expired = {
    message: "Token expired: connect again with a new one",
    code: "token_expired",
    close: 4401,
  };
  await using one = await knock(app, brought);
  await one.expectRoom();
  await app.clock.advance(59_999);
  await expectQuiet(one);
  await app.clock.advance(1);
  const { message, code } = expired;
  assert.deepEqual(await one.expectFrame("error"), {
    type: "error",
    message,
    code,
  });
  await one.expectClosed(4401);
  await app.expectConnections(0);
  await assertRefused(app, brought, expired);
  await using again = await knock(app, {
    identity: sensor("1"),
    query: { token: await app.mintToken("1") },
  });
  const room = await again.expectRoom();
  assert.deepEqual([room.room_id, room.status], [one.roomId, "reconnected"]);
});

Deno.test("A token for some rooms opens those, and no other is made with it", async () => {
  await using app = await newTestApp({
    ...TOKENS,
    DEVICE_CREATE_NAMED_ROOMS: "true",
  });
  const token = await app.mintToken("1", { rooms: ["hall"] });
  const refused = {
    message: "This token does not open this room",
    code: "room_refused",
    close: 4507,
  };
  const query = { token };
  for (const identity of [sensor("1", "kitchen"), sensor("1")]) {
    await assertRefused(app, { identity, query }, refused);
  }
  assert.deepEqual((await app.api("GET /management/rooms")).body, []);
  await using one = await knock(app, { identity: sensor("1", "hall"), query });
  assert.equal((await one.expectRoom()).room_id, "hall");
  // Home is a room that it opens.
  await using again = await knock(app, { identity: sensor("1"), query });
  assert.equal((await again.expectRoom()).room_id, "hall");
  // So is the room that follows one that it opens.
  await app.api("DELETE /management/rooms/hall");
  await one.expectClosed(4003);
  await again.expectClosed(4003);
  for (const identity of [sensor("1"), sensor("1", "hall"), sensor("1")]) {
    await using back = await knock(app, { identity, query });
    const { message } = await back.expectRoom();
    assert.notEqual(back.roomId, "hall");
    assert.equal(message.startsWith(`${back.status}: joined room`), true);
  }
});

Deno.test("The operator's key proves any device id, and a wrong one is refused before the upgrade", async () => {
  await using app = await newTestApp(TOKENS);
  await using one = await knock(app, {
    identity: sensor("1"),
    headers: KEY_HEADERS,
  });
  assert.equal((await one.expectRoom()).status, "created_new");
  const { status, body } = await refusedUpgrade(deviceUrl(app.url), {
    "X-Api-Key": "wrong",
  });
  assert.equal(status, 401);
  assert.deepEqual(body, {
    error: "Unauthorized: Invalid API Key",
    code: "unauthorized",
  });
});

Deno.test("Without DEVICE_AUTH an id is taken as given, but a token that is brought must be its own", async () => {
  await using app = await newTestApp();
  await using one = await knock(app, { identity: sensor("1") });
  await one.expectRoom();
  const token = await app.mintToken("2");
  await using two = await knock(app, {
    identity: { ...sensor("2", one.roomId), token },
  });
  await two.expectRoom();
  await assertRefused(app, { identity: { ...sensor("1"), token } }, {
    ...INVALID,
    message: "The token is another device's",
  });
  await expectQuiet(one, two);
});

Deno.test("A token is for a device whose id has 255 characters, too", async () => {
  await using app = await newTestApp(TOKENS);
  const deviceId = "é".repeat(255);
  const token = await app.mintToken(deviceId);
  await using one = await knock(app, {
    identity: { ...sensor(deviceId), token },
  });
  await one.expectRoom();
});
