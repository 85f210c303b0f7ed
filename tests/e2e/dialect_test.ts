// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import { newTestApp } from "../support/test_app.ts";
import type { Frame } from "../support/ws_client.ts";

/** A frame without its random id, after a look at it. */
function withoutId({ id, ...rest }: Frame): Omit<Frame, "id"> {
  assert.match(String(id), /^[0-9a-f-]{36}$/);
  return rest;
}

Deno.test("WelcomeInfo comes first and has what a resume needs", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann", { nickname: "Ann 安" });
  const { session_id, epoch, ...rest } = ann.welcome;
  assert.deepEqual(rest, {
    type: "WelcomeInfo",
    payload: { user_id: "ann", nickname: "Ann 安", is_muted: false },
    last_seq: 0,
    recovered: false,
  });
  assert.match(String(session_id), /^[0-9a-f-]{36}$/);
  assert.match(String(epoch), /^[0-9a-f-]{36}$/);
});

Deno.test("SendMessage becomes a Message to all, the sender too", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann", { nickname: "Ann" });
  const bob = await app.joinRoom(roomId, "bob");
  ann.sendChat("你好 👋");
  const heard = await bob.expectFrame("Message");
  assert.deepEqual(heard, await ann.expectFrame("Message"));
  assert.deepEqual(withoutId(heard), {
    type: "Message",
    payload: {
      from: "ann",
      nickname: "Ann",
      content: "你好 👋",
      is_admin: false,
    },
    seq: 1,
    at: START_AT,
  });
  await app.expectSilence(ann, bob);
});

Deno.test("SendMessage with an id is acknowledged to its sender alone", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const bob = await app.joinRoom(roomId, "bob");
  ann.sendChat("one", "m-1");
  const message = await bob.expectFrame("Message");
  assert.equal(message.client_msg_id, "m-1");
  assert.deepEqual(await ann.expectFrame("Ack"), {
    type: "Ack",
    payload: {
      client_msg_id: "m-1",
      id: message.id,
      seq: 1,
      durability: "memory",
    },
  });
  await ann.expectFrame("Message");
  await app.expectSilence(ann, bob);
});

Deno.test("SendMessage with an id of before is acknowledged again and told once", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  ann.sendChat("one", "m-1");
  const first = await ann.expectFrame("Ack");
  await ann.expectFrame("Message");
  ann.sendChat("one", "m-1");
  assert.deepEqual(await ann.expectFrame("Ack"), first);
  await app.expectSilence(ann);
});

Deno.test("Ping is answered with a Pong of the same timestamp", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const cases = [
    ['{"type":"Ping"}', '{"type":"Pong"}'],
    ['{"type":"Ping","payload":{}}', '{"type":"Pong"}'],
    [
      '{"type":"Ping","payload":{"timestamp":null}}',
      '{"type":"Pong","payload":{"timestamp":null}}',
    ],
    [
      '{"type":"Ping","payload":{"timestamp":1767225600123}}',
      '{"type":"Pong","payload":{"timestamp":1767225600123}}',
    ],
  ] as const;
  for (const [ping, pong] of cases) {
    ann.sendText(ping);
    await ann.expectFrame("Pong");
    assert.equal(ann.texts.at(-1), pong);
  }
});

Deno.test("CustomEvent of an admin goes to all unchanged", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  const payload = {
    event_type: "poll",
    payload: { a: [1, null, "二"], b: {} },
  };
  admin.send("CustomEvent", payload);
  const heard = await ann.expectFrame("CustomEvent");
  assert.deepEqual(withoutId(heard), {
    type: "CustomEvent",
    payload,
    seq: 1,
    at: START_AT,
    from: "admin",
  });
  assert.deepEqual(await admin.expectFrame("CustomEvent"), heard);
});

Deno.test("KickUser puts a user out and tells the others", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  admin.send("KickUser", { user_id: "ann" });
  assert.deepEqual(withoutId(await admin.expectFrame("System")), {
    type: "System",
    payload: { message: "用户 ann 已被踢出房间" },
    seq: 1,
    at: START_AT,
    kicked_user_id: "ann",
  });
  await ann.expectClosed(4502);
  assert.deepEqual(ann.received.slice(1), [{ type: "YouAreKicked" }]);
});

Deno.test("BanUser and UnbanUser are told to all", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  admin.send("BanUser", { user_id: "bob" });
  assert.deepEqual(withoutId(await admin.expectFrame("UserBanned")), {
    type: "UserBanned",
    payload: { user_id: "bob", until: null },
    seq: 1,
    at: START_AT,
  });
  admin.send("BanUser", { user_id: "bob", duration_secs: 60 });
  const timed = await admin.expectFrame("UserBanned");
  assert.equal(timed.payload?.["until"], START_AT + 60_000);
  admin.send("UnbanUser", { user_id: "bob" });
  assert.deepEqual(withoutId(await admin.expectFrame("UserUnbanned")), {
    type: "UserUnbanned",
    payload: { user_id: "bob" },
    seq: 3,
    at: START_AT,
  });
});

Deno.test("MuteUser is told to all, and YouAreMuted answers what is said then", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  admin.send("MuteUser", { user_id: "ann" });
  assert.deepEqual(withoutId(await ann.expectFrame("UserMuted")), {
    type: "UserMuted",
    payload: { user_id: "ann" },
    seq: 1,
    at: START_AT,
    until: null,
  });
  ann.sendChat("but");
  assert.deepEqual(await ann.expectFrame("YouAreMuted"), {
    type: "YouAreMuted",
    until: null,
  });
  admin.send("UnmuteUser", { user_id: "ann" });
  assert.deepEqual(withoutId(await ann.expectFrame("UserUnmuted")), {
    type: "UserUnmuted",
    payload: { user_id: "ann" },
    seq: 2,
    at: START_AT,
  });
  ann.sendChat("thanks");
  assert.equal((await admin.expectFrame("Message")).seq, 3);
});

Deno.test("DeleteMessage is told to all, and history shows the message empty", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  ann.sendChat("oops");
  const said = await ann.expectFrame("Message");
  admin.send("DeleteMessage", { seq: said.seq });
  const deleted = await ann.expectFrame("MessageDeleted");
  assert.deepEqual(withoutId(deleted), {
    type: "MessageDeleted",
    payload: { seq: 1 },
    seq: 2,
    at: START_AT,
    by: "admin",
  });
  ann.send("History");
  const history = await ann.expectFrame("History");
  assert.deepEqual(history.payload, {
    entries: [
      { ...said, payload: { ...said.payload, content: "" }, deleted: true },
      deleted,
    ],
    has_more: false,
  });
});

Deno.test("System, RoomUpdated and AdminsChanged tell what the operator did", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const room = `/management/rooms/${roomId}`;
  await app.api(`POST ${room}/messages`, { body: { content: "Hello all" } });
  assert.deepEqual(withoutId(await ann.expectFrame("System")), {
    type: "System",
    payload: { message: "Hello all" },
    seq: 1,
    at: START_AT,
  });
  await app.api(`PATCH ${room}`, { body: { slow_mode_secs: 5 } });
  assert.deepEqual(withoutId(await ann.expectFrame("RoomUpdated")), {
    type: "RoomUpdated",
    payload: { slow_mode_secs: 5 },
    seq: 2,
    at: START_AT,
  });
  await app.api(`PUT ${room}/admins`, { body: { admin_user_ids: ["bob"] } });
  assert.deepEqual(withoutId(await ann.expectFrame("AdminsChanged")), {
    type: "AdminsChanged",
    payload: { admin_user_ids: ["bob"] },
    seq: 3,
    at: START_AT,
  });
  const event = { event_type: "gift", payload: 7 };
  await app.api(`POST ${room}/events`, { body: event });
  assert.deepEqual(withoutId(await ann.expectFrame("CustomEvent")), {
    type: "CustomEvent",
    payload: event,
    seq: 4,
    at: START_AT,
    from: null,
  });
});

Deno.test("UserJoined and UserLeft tell of one, RoomStats of more, once a second", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  await app.clock.advance(1000);
  await app.expectSilence(ann);
  const bob = await app.joinRoom(roomId, "bob", { nickname: "Bob" });
  await app.clock.advance(999);
  await app.expectSilence(ann);
  await app.clock.advance(1);
  assert.deepEqual(await ann.expectFrame("UserJoined"), {
    type: "UserJoined",
    payload: { user_id: "bob", nickname: "Bob" },
  });
  await bob.close();
  await app.expectConnections(1);
  await app.clock.advance(1000);
  assert.deepEqual(await ann.expectFrame("UserLeft"), {
    type: "UserLeft",
    payload: { user_id: "bob", nickname: "Bob" },
  });
  await app.joinRoom(roomId, "cat");
  await app.joinRoom(roomId, "dan");
  await app.clock.advance(1000);
  assert.deepEqual(await ann.expectFrame("RoomStats"), {
    type: "RoomStats",
    payload: { current_users: 3, peak_users: 3 },
  });
  await app.expectSilence(ann);
});

Deno.test("Error names what only an admin may do", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const commands = [
    ["KickUser", { user_id: "bob" }],
    ["BanUser", { user_id: "bob" }],
    ["UnbanUser", { user_id: "bob" }],
    ["MuteUser", { user_id: "bob" }],
    ["UnmuteUser", { user_id: "bob" }],
    ["CustomEvent", { event_type: "x", payload: 1 }],
  ] as const;
  for (const [type, payload] of commands) {
    ann.send(type, payload);
    assert.deepEqual(await ann.expectFrame("Error"), {
      type: "Error",
      payload: { message: "Only an admin of this room may do that" },
      code: "not_admin",
    });
  }
  ann.sendChat("mine");
  await ann.expectFrame("Message");
  ann.send("DeleteMessage", { seq: 1 });
  await ann.expectError("not_admin");
  await app.expectSilence(ann);
});

Deno.test("Error says how long to wait when a user talks too fast", async () => {
  await using app = await newTestApp({ USER_MESSAGE_INTERVAL_SECS: "3" });
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  ann.sendChat("one");
  await ann.expectFrame("Message");
  await app.clock.advance(1);
  ann.sendChat("two", "m-2");
  assert.deepEqual(await ann.expectFrame("Error"), {
    type: "Error",
    payload: { message: "发送过于频繁，请3秒后再试" },
    code: "rate_limited",
    retry_after_ms: 2999,
    client_msg_id: "m-2",
  });
  await app.clock.advance(2999);
  ann.sendChat("two", "m-2");
  await ann.expectAck("m-2");
  for (const content of ["a", "b"]) {
    admin.sendChat(content);
    const { payload } = await admin.expectChat(content);
    assert.equal(payload?.["is_admin"], true);
  }
});

Deno.test("RefreshToken is answered with TokenRefreshed", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const query = { token: await app.mintToken("ann", { expires_in_secs: 60 }) };
  const ann = await app.joinRoom(roomId, "ann", { query });
  const token = await app.mintToken("ann", { expires_in_secs: 120 });
  ann.send("RefreshToken", { token });
  assert.deepEqual(await ann.expectFrame("TokenRefreshed"), {
    type: "TokenRefreshed",
    payload: { expires_at: START_AT + 120_000 },
  });
});

Deno.test("A room that is closed says so and ends every connection", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  await app.api(`DELETE /management/rooms/${roomId}`);
  assert.deepEqual(withoutId(await ann.expectFrame("Error")), {
    type: "Error",
    payload: { message: "房间已关闭" },
    seq: 1,
    at: START_AT,
    code: "room_ended",
  });
  await ann.expectClosed(4504);
});
