// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import { refusedUpgrade } from "../support/raw_socket.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp } from "../support/test_app.ts";
import { roomUrl } from "../support/ws_client.ts";

const ANN = { user_id: "ann", nickname: "Ann" };

Deno.test("A timed mute ends by itself", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  admin.send("MuteUser", { user_id: "ann", duration_secs: 60 });
  const muted = await ann.expectFrame("UserMuted");
  assert.equal(muted["until"], START_AT + 60_000);
  await app.clock.advance(59_999);
  ann.sendChat("too early");
  const refused = await ann.expectFrame("YouAreMuted");
  assert.equal(refused["until"], START_AT + 60_000);
  await app.clock.advance(1);
  const { payload, at } = await ann.expectFrame("UserUnmuted");
  assert.deepEqual({ payload, at }, {
    payload: { user_id: "ann" },
    at: START_AT + 60_000,
  });
  ann.sendChat("in time");
  await admin.expectChat("in time");
});

Deno.test("A timed ban ends by itself", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  admin.send("BanUser", { user_id: "ann", duration_secs: 60 });
  await ann.expectClosed(4503);
  await app.clock.advance(59_999);
  const { status } = await refusedUpgrade(roomUrl(app.url, roomId, ANN));
  assert.equal(status, 403);
  await app.clock.advance(1);
  const { payload } = await admin.expectFrame("UserUnbanned");
  assert.deepEqual(payload, { user_id: "ann" });
  await app.joinRoom(roomId, "ann");
});

Deno.test("Bans and mutes survive a restart, and end when they would have", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let roomId: string;
  let clock;
  {
    await using app = await newTestApp(settings);
    ({ clock } = app);
    roomId = await app.createRoom();
    const admin = await app.joinAsAdmin(roomId);
    admin.send("MuteUser", { user_id: "ann", duration_secs: 60 });
    admin.send("BanUser", { user_id: "bob", duration_secs: 60 });
    admin.send("KickUser", { user_id: "cat" });
    admin.send("MuteUser", { user_id: "dan" });
    await admin.expectFrames("UserMuted", 2);
    await clock.advance(30_000);
  }
  await using app = await newTestApp(settings, { clock });
  const ann = await app.joinRoom(roomId, "ann");
  assert.equal(ann.welcome.payload?.["is_muted"], true);
  for (const user_id of ["bob", "cat"]) {
    const url = roomUrl(app.url, roomId, { user_id, nickname: "x" });
    assert.equal((await refusedUpgrade(url)).status, 403, user_id);
  }
  await clock.advance(30_000);
  await ann.expectFrame("UserUnmuted");
  ann.sendChat("at last");
  await ann.expectChat("at last");
  await app.joinRoom(roomId, "bob");
  const dan = await app.joinRoom(roomId, "dan");
  assert.equal(dan.welcome.payload?.["is_muted"], true);
  const cat = roomUrl(app.url, roomId, { user_id: "cat", nickname: "x" });
  assert.equal((await refusedUpgrade(cat)).status, 403);
});

Deno.test("A mute that ran out while no server ran is over at the start", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let roomId: string;
  let clock;
  {
    await using app = await newTestApp(settings);
    ({ clock } = app);
    roomId = await app.createRoom();
    const mute = { user_id: "ann", duration_secs: 60 };
    await app.api(`POST /management/rooms/${roomId}/mutes`, { body: mute });
  }
  await clock.advance(60_000);
  await using app = await newTestApp(settings, { clock });
  const ann = await app.joinRoom(roomId, "ann");
  assert.equal(ann.welcome.payload?.["is_muted"], false);
  ann.sendChat("free");
  await ann.expectChat("free");
});

Deno.test("Admin status follows PUT admins at once, in open sessions too", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const token = await app.mintToken("ann");
  const ann = await app.joinRoom(roomId, "ann", { query: { token } });
  const bob = await app.joinRoom(roomId, "bob");
  ann.send("MuteUser", { user_id: "x" });
  await ann.expectError("not_admin");
  await app.api(`PUT /management/rooms/${roomId}/admins`, {
    body: { admin_user_ids: ["ann", "bob"] },
  });
  ann.send("MuteUser", { user_id: "x" });
  await ann.expectFrame("UserMuted");
  ann.sendChat("as an admin");
  const said = await ann.expectFrame("Message");
  assert.equal(said.payload?.["is_admin"], true);
  admin.send("MuteUser", { user_id: "y" });
  await admin.expectError("not_admin");
  // Whom nothing vouches for stays without, also as one of the admins.
  bob.send("MuteUser", { user_id: "y" });
  await bob.expectError("admin_proof_required");
});

Deno.test("A token makes an admin of the rooms that it names", async () => {
  await using app = await newTestApp();
  const [here, there] = [await app.createRoom(), await app.createRoom()];
  const query = { token: await app.mintToken("ann", { admin: [here] }) };
  const admin = await app.joinRoom(here, "ann", { query });
  admin.send("UnmuteUser", { user_id: "x" });
  admin.send("MuteUser", { user_id: "x" });
  await admin.expectFrame("UserMuted");
  const guest = await app.joinRoom(there, "ann", { query });
  guest.send("MuteUser", { user_id: "x" });
  await guest.expectError("not_admin");
});

Deno.test("A refreshed token without the claim makes no admin any more", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const query = { token: await app.mintToken("ann", { admin: true }) };
  const ann = await app.joinRoom(roomId, "ann", { query });
  ann.send("MuteUser", { user_id: "x" });
  await ann.expectFrame("UserMuted");
  ann.send("RefreshToken", { token: await app.mintToken("ann") });
  await ann.expectFrame("TokenRefreshed");
  ann.send("MuteUser", { user_id: "y" });
  await ann.expectError("not_admin");
});

Deno.test("Slow mode holds from the moment that it is set", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  for (const content of ["a", "b"]) {
    ann.sendChat(content);
    await ann.expectChat(content);
  }
  await app.api(`PATCH /management/rooms/${roomId}`, {
    body: { slow_mode_secs: 30 },
  });
  await ann.expectFrame("RoomUpdated");
  await app.clock.advance(30_000);
  ann.sendChat("c");
  await ann.expectChat("c");
  await app.clock.advance(29_000);
  ann.sendChat("d");
  const refused = await ann.expectError("rate_limited");
  assert.equal(refused.retry_after_ms, 1000);
});
