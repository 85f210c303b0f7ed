import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import { RawSocket } from "../support/raw_socket.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";
import { roomUrl, WsClient } from "../support/ws_client.ts";

/** The stays of a room as `user code`, oldest first. */
async function stays(app: TestApp, roomId: string): Promise<string[]> {
  const { body } = await app.api(`GET /management/rooms/${roomId}/sessions`);
  const rows: { user_id: string; close_code: number | null }[] = body.records;
  return rows.map((row) => `${row.user_id} ${row.close_code}`).reverse();
}

Deno.test("A newer login of a user replaces the older one, closed with 4500", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const older = await app.joinRoom(roomId, "ann");
  const bob = await app.joinRoom(roomId, "bob");
  await app.clock.advance(1000);
  bob.takeAll();
  const newer = await app.joinRoom(roomId, "ann");
  assert.deepEqual(await older.expectFrame("YouAreKicked"), {
    type: "YouAreKicked",
  });
  assert.equal((await older.expectClosed(4500)).reason, "session_replaced");
  newer.sendChat("still here");
  await bob.expectChat("still here");
  // The user never left: nobody is told that they did.
  await app.clock.advance(1000);
  const told = bob.takeAll().map(({ type }) => type);
  assert(!told.includes("UserLeft"), told.join());
  assert.deepEqual(await stays(app, roomId), [
    "ann 4500",
    "bob null",
    "ann null",
  ]);
});

Deno.test("SESSIONS_PER_USER_MAX lets a user in twice, and replaces the oldest", async () => {
  await using app = await newTestApp({ SESSIONS_PER_USER_MAX: "2" });
  const roomId = await app.createRoom();
  const one = await app.joinRoom(roomId, "ann");
  const two = await app.joinRoom(roomId, "ann");
  two.sendChat("to both");
  await one.expectChat("to both");
  const three = await app.joinRoom(roomId, "ann");
  await one.expectClosed(4500);
  three.sendChat("to both again");
  await two.expectChat("to both again");
});

Deno.test("A kicked user is closed with 4502 and stays out", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  ann.sendChat("my last words");
  await admin.expectChat("my last words");
  admin.send("KickUser", { user_id: "ann" });
  const { reason } = await ann.expectClosed(4502);
  assert.equal(reason, "user_kicked");
  const url = roomUrl(app.url, roomId, { user_id: "ann", nickname: "A" });
  await assert.rejects(WsClient.open(url));
  assert.deepEqual(await stays(app, roomId), ["admin null", "ann 4502"]);
});

Deno.test("A banned user is closed with 4503, by an admin or over HTTP", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  const bob = await app.joinRoom(roomId, "bob");
  admin.send("BanUser", { user_id: "ann", duration_secs: 60 });
  await ann.expectFrame("YouAreKicked");
  assert.equal((await ann.expectClosed(4503)).reason, "user_banned");
  await app.api(`POST /management/rooms/${roomId}/bans`, {
    body: { user_id: "bob" },
  });
  await bob.expectFrame("YouAreKicked");
  await bob.expectClosed(4503);
});

Deno.test("A room that ends closes its sessions with 4504, and their rows", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const bob = await app.joinRoom(roomId, "bob");
  await app.api(`DELETE /management/rooms/${roomId}`);
  assert.equal((await ann.expectClosed(4504)).reason, "room_ended");
  await bob.expectClosed(4504);
  assert.deepEqual(await stays(app, roomId), ["ann 4504", "bob 4504"]);
});

Deno.test("A full room says so and closes with 4014", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom({ max_members: 1 });
  const ann = await app.joinRoom(roomId, "ann");
  const url = roomUrl(app.url, roomId, { user_id: "bob", nickname: "B" });
  await using bob = await WsClient.open(url);
  await bob.expectError("room_full");
  await bob.expectClosed(4014);
  await ann.close();
  await app.expectConnections(0);
  await app.joinRoom(roomId, "bob");
});

Deno.test("A session is closed with 4401 when its token expires", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const token = await app.mintToken("ann", { expires_in_secs: 60 });
  const ann = await app.joinRoom(roomId, "ann", { query: { token } });
  await app.clock.advance(59_999);
  await ann.caughtUp();
  await app.clock.advance(1);
  assert.deepEqual(await ann.expectError("token_expired"), {
    type: "Error",
    payload: { message: "Token expired: connect again with a new one" },
    code: "token_expired",
  });
  assert.equal((await ann.expectClosed(4401)).reason, "token_expired");
});

Deno.test("RefreshToken before the end lets a session stay until the new end", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const first = await app.mintToken("ann", { expires_in_secs: 60 });
  const ann = await app.joinRoom(roomId, "ann", { query: { token: first } });
  await app.clock.advance(59_000);
  const second = await app.mintToken("ann", { expires_in_secs: 100 });
  ann.send("RefreshToken", { token: second });
  const { payload } = await ann.expectFrame("TokenRefreshed");
  assert.deepEqual(payload, { expires_at: START_AT + 159_000 });
  await app.clock.advance(99_999);
  await ann.caughtUp();
  await app.clock.advance(1);
  await ann.expectClosed(4401);
});

Deno.test("RefreshToken that is refused leaves the session and its end", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const token = await app.mintToken("ann", { expires_in_secs: 60 });
  const ann = await app.joinRoom(roomId, "ann", { query: { token } });
  const elsewhere = { rooms: [await app.createRoom()] };
  const refused = [
    ["rubbish", "token_invalid"],
    [await app.mintToken("bob"), "token_invalid"],
    [await app.mintToken("ann", elsewhere), "room_refused"],
  ] as const;
  for (const [other, code] of refused) {
    ann.send("RefreshToken", { token: other });
    await ann.expectError(code);
  }
  await app.clock.advance(60_000);
  await ann.expectClosed(4401);
});

Deno.test("A stopping server closes with 4001 in rounds, each with a delay to wait", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const users = Array.from({ length: 20 }, (_, index) => `u${index}`);
  const clients: WsClient[] = [];
  for (const user of users) clients.push(await app.joinRoom(roomId, user));
  const stopping = app.app.stop();
  const closings = [];
  for (let round = 0; round < 10; round++) {
    // A round takes a tenth of three tenths of the ten seconds.
    if (round > 0) await app.clock.advance(300);
    for (const client of clients.splice(0, 2)) {
      closings.push(await client.expectClosed(4001));
    }
    await app.expectConnections(clients.length);
  }
  await stopping;
  const delays = closings.map(({ reason }) => {
    const [, ms] = /^shutting_down; retry_after_ms=(\d+)$/.exec(reason) ?? [];
    return Number(ms);
  });
  assert(delays.every((ms) => ms >= 0 && ms < 5000), delays.join());
  assert(new Set(delays).size > 1, delays.join());
});

Deno.test("A stay that a client ends has the client's close code", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const url = (user: string) =>
    roomUrl(app.url, roomId, { user_id: user, nickname: user });
  for (const code of [1000, 3456, 4999]) {
    const client = await app.joinRoom(roomId, `u${code}`);
    await client.close(code);
    await app.expectConnections(0);
  }
  {
    // A connection that breaks without a word.
    using _broken = await RawSocket.upgrade(url("broken"));
    await app.expectConnections(1);
  }
  await app.expectConnections(0);
  for (const code of [5000, 999, 65_535]) {
    // Codes that no one may send.
    using socket = await RawSocket.upgrade(url(`bad${code}`));
    await socket.sayGoodbye(code);
    await app.expectConnections(0);
  }
  await app.idle();
  assert.deepEqual(await stays(app, roomId), [
    "u1000 1000",
    "u3456 3456",
    "u4999 4999",
    "broken 1006",
    "bad5000 1006",
    "bad999 1006",
    "bad65535 1006",
  ]);
});

Deno.test("A room reaped for being empty is gone for those who come", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom({ auto_close: true });
  const spared = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  await app.clock.advance(600_000);
  await app.runJob("reap");
  await ann.caughtUp();
  await ann.close();
  await app.expectConnections(0);
  await app.clock.advance(599_000);
  await app.runJob("reap");
  assert.equal((await app.api(`GET /management/rooms`)).body.length, 2);
  await app.clock.advance(1000);
  await app.runJob("reap");
  const { body } = await app.api("GET /management/rooms");
  assert.deepEqual(body.map((row: { room_id: string }) => row.room_id), [
    spared,
  ]);
});
