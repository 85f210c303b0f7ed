// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { userProfile } from "../../src/wire/chat_profile.ts";
import type { ChatClient, Json } from "../support/chat_client.ts";
import { ChatUser, matchUp, newPair } from "../support/chat_user.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const ANN = userProfile({ userId: "ann", nickname: "ANN" }, true);
const BOB = userProfile({ userId: "bob", nickname: "BOB" }, true);

/** Two who were matched and are both in their room, with nothing untaken. */
async function together(app: TestApp) {
  const pair = await newPair(app.url);
  const ann = await pair.ann.enter(pair.roomId);
  await ann.expectFrame("user_joined");
  const bob = await pair.bob.enter(pair.roomId);
  await bob.expectFrame("user_joined");
  await ann.expectFrame("user_joined");
  return {
    ...pair,
    annIn: ann,
    bobIn: bob,
    [Symbol.asyncDispose]: async () => {
      await ann.close();
      await bob.close();
    },
  };
}

/** Fails if one of the clients was sent a frame that no one expected. */
async function expectSilence(
  app: TestApp,
  ...clients: ChatClient[]
): Promise<void> {
  for (const client of clients) await client.caughtUp();
  await app.idle();
  for (const client of clients) await client.expectSilence();
}

/** What stands beside a frame's own fields in the log. */
function stripped({ id, seq, at, ...frame }: Json): Json {
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert(Number.isSafeInteger(seq));
  assert.equal(at, START_AT);
  return frame;
}

/** The id of the only room that there is, as the operator sees it. */
async function onlyRoom(app: TestApp): Promise<string> {
  const { body } = await app.api("GET /management/rooms");
  assert.equal(body.length, 1, JSON.stringify(body));
  return body[0].room_id;
}

Deno.test("A chat room greets who enters, then tells everyone, them included", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  const { session_id, epoch, ...welcome } = annIn.welcome;
  assert.match(session_id, /^[0-9a-f-]{36}$/);
  assert.match(epoch, /^[0-9a-f-]{36}$/);
  assert.deepEqual(welcome, {
    type: "connection_established",
    message: "Connected to chat room",
    room_id: roomId,
    user: "ann",
    user_profile: ANN,
    heartbeat_interval: 30,
    last_seq: 1,
    recovered: false,
    is_muted: false,
  });
  const joined = { type: "user_joined", username: "ann", user_profile: ANN };
  assert.deepEqual(await annIn.expectFrame("user_joined"), joined);
  await using bobIn = await bob.enter(roomId);
  const other = { type: "user_joined", username: "bob", user_profile: BOB };
  assert.deepEqual(await annIn.expectFrame("user_joined"), other);
  assert.deepEqual(await bobIn.expectFrame("user_joined"), other);
  assert.deepEqual(bobIn.types, ["connection_established", "user_joined"]);
  await expectSilence(app, annIn, bobIn);
});

Deno.test("A chat room tells who is left that a user left", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  await room.bobIn.close();
  assert.deepEqual(await room.annIn.expectFrame("user_left"), {
    type: "user_left",
    username: "bob",
    user_profile: { ...BOB, is_online: false },
  });
  await expectSilence(app, room.annIn);
});

Deno.test("A second tab is let in quietly, and only the last one's end is a leave", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn, bobIn } = room;
  await using tab = await room.bob.enter(room.roomId);
  assert.equal((await tab.expectFrame("user_joined")).username, "bob");
  await expectSilence(app, annIn, bobIn, tab);
  tab.say("from the other tab");
  for (const client of [bobIn, tab]) {
    const { message } = await client.expectFrame("chat_message");
    assert.equal(message.is_own, true);
  }
  const heard = await annIn.expectFrame("chat_message");
  assert.equal(heard.message.is_own, false);
  await bobIn.close();
  await app.expectConnections(2);
  await expectSilence(app, annIn, tab);
  await tab.close();
  assert.equal((await annIn.expectFrame("user_left")).username, "bob");
});

Deno.test("One tab more than a user may have takes the place of the oldest", async () => {
  await using app = await newTestApp({ CHAT_SESSIONS_PER_USER_MAX: "2" });
  await using room = await together(app);
  await using second = await room.bob.enter(room.roomId);
  await second.expectFrame("user_joined");
  await expectSilence(app, room.bobIn);
  await using third = await room.bob.enter(room.roomId);
  await room.bobIn.expectFrame("you_are_kicked");
  await room.bobIn.expectClosed(4500);
  await third.expectFrame("user_joined");
  // Nobody saw the user gone.
  await expectSilence(app, room.annIn, second, third);
});

Deno.test("A message is its author's own to the author alone", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn, bobIn } = room;
  annIn.sendJson({ content: "  hello 👋  " });
  const own = await annIn.expectFrame("chat_message");
  const heard = await bobIn.expectFrame("chat_message");
  const message = {
    id: 2,
    sender: "ann",
    content: "hello 👋",
    message_type: "text",
    file_url: "",
    created_at: "2026-01-01T00:00:00.000Z",
    is_own: false,
    is_read: false,
    sender_id: "ann",
    sender_avatar: null,
    sender_name: "ANN",
    file_name: "",
    sender_type: "user",
  };
  assert.deepEqual(stripped(heard), { type: "chat_message", message });
  assert.deepEqual(own, { ...heard, message: { ...message, is_own: true } });
  await expectSilence(app, annIn, bobIn);
});

Deno.test("A message keeps its type, its file and its kind of sender, and gives them back", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn, bobIn } = room;
  const fields = {
    message_type: "file",
    file_url: "/tools/uploads/x/y.bin",
    file_name: "计划.txt",
    sender_type: "bot",
  };
  annIn.send("message", { content: "", client_msg_id: "f-1", ...fields });
  const heard = await bobIn.expectFrame("chat_message");
  assert.equal(heard.client_msg_id, "f-1");
  const page = await room.bob.ask(`GET chat/${room.roomId}/messages/`);
  for (const { content, ...message } of [heard.message, page.messages[0]]) {
    assert.equal(content, "");
    for (const [name, value] of Object.entries(fields)) {
      assert.equal(message[name], value, name);
    }
  }
  assert.deepEqual(page.messages, [heard.message]);
});

Deno.test("An empty message is passed over, or refused to who waits for a receipt", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn, bobIn } = room;
  annIn.say("   ");
  annIn.sendJson({});
  annIn.send("read_status", { message_ids: [] });
  await expectSilence(app, annIn, bobIn);
  annIn.say(" ", "e-1");
  const refusal = await annIn.expectError("message_empty");
  assert.equal(refusal.client_msg_id, "e-1");
  assert.equal(refusal.message, "消息内容不能为空");
  await expectSilence(app, annIn, bobIn);
});

Deno.test("Typing is told to all in the room, the typist included", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  for (const [sent, told] of [[true, true], [undefined, false]]) {
    room.annIn.send("typing", sent === undefined ? {} : { is_typing: sent });
    for (const client of [room.annIn, room.bobIn]) {
      assert.deepEqual(await client.expectFrame("user_typing"), {
        type: "user_typing",
        username: "ann",
        is_typing: told,
        display_name: "ANN",
      });
    }
  }
});

Deno.test("Read marks count once, for messages of others, and reach both sides", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn, bobIn } = room;
  const first = await annIn.sayAndAck("one", "m-1");
  const second = await annIn.sayAndAck("two", "m-2");
  const own = await bobIn.sayAndAck("mine", "m-3");
  const ids = [first.message_id, second.message_id];
  // Of the own one, of one that never was, of one named twice: nothing.
  const message_ids = [...ids, `${ids[0]}`, own.message_id, 999];
  bobIn.send("read_status", { message_ids });
  for (const client of [annIn, bobIn]) {
    const mark = await client.expectFrame("read_status_update");
    assert.deepEqual(stripped(mark), {
      type: "read_status_update",
      message_ids: ids,
      username: "bob",
    });
    client.takeAll();
  }
  bobIn.send("read_status", { message_ids });
  await expectSilence(app, annIn, bobIn);
  const { messages } = await room.ann.ask(`GET chat/${room.roomId}/messages/`);
  const isRead = messages.map((one: Json) => [one.content, one.is_read]);
  assert.deepEqual(isRead, [["one", true], ["two", true], ["mine", false]]);
});

Deno.test("Calls and posts elsewhere are told to the others, not to the sender", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn, bobIn, roomId } = room;
  annIn.send("video_call_invite");
  assert.deepEqual(await bobIn.expectFrame("video_call_invite"), {
    type: "video_call_invite",
    username: "ann",
    room_id: roomId,
    message: "邀请您进行视频通话",
  });
  annIn.send("video_call_invite", { room_id: "video-1", message: "来" });
  const invite = await bobIn.expectFrame("video_call_invite");
  assert.deepEqual([invite.room_id, invite.message], ["video-1", "来"]);
  for (const status of ["joined", "declined", "left", "expired"]) {
    const call = { status, message_id: 7, video_room_id: "video-1" };
    bobIn.send("video_call_status", call);
    assert.deepEqual(await annIn.expectFrame("video_call_status"), {
      type: "video_call_status",
      ...call,
      username: "bob",
    });
  }
  bobIn.send("new_message", { message_id: 12 });
  assert.deepEqual(await annIn.expectFrame("new_message"), {
    type: "new_message",
    message_id: 12,
    username: "bob",
  });
  await expectSilence(app, annIn, bobIn);
});

Deno.test("A connection answers signs of life, and gives its own every 30 s", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn } = room;
  const timestamp = START_AT / 1000;
  annIn.send("heartbeat");
  annIn.send("heartbeat_ack");
  for (const _ of ["heartbeat", "heartbeat_ack"]) {
    const ack = await annIn.expectFrame("heartbeat_ack");
    assert.deepEqual(ack, { type: "heartbeat_ack", timestamp });
  }
  annIn.send("ping", { timestamp: 5 });
  const pong = await annIn.expectFrame("pong");
  assert.deepEqual(pong, { type: "pong", timestamp: 5 });
  annIn.send("ping");
  assert.deepEqual(await annIn.expectFrame("pong"), { type: "pong" });
  for (const half of [1, 2]) {
    await app.clock.advance(30_000);
    const beat = await annIn.expectFrame("heartbeat");
    assert(beat.timestamp > timestamp, `${half}`);
  }
  await expectSilence(app, annIn);
});

Deno.test("What is posted, deleted and marked over HTTP is heard on the socket", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn, bobIn, ann, bob, roomId } = room;
  const api = `chat/${roomId}`;
  const sent = await ann.ask(`POST ${api}/send/`, { content: "by HTTP" });
  const own = await annIn.expectFrame("chat_message");
  const heard = await bobIn.expectFrame("chat_message");
  assert.deepEqual(own.message, sent.message);
  assert.deepEqual(heard.message, { ...sent.message, is_own: false });
  const marked = await bob.ask(`POST ${api}/mark-read/`);
  assert.equal(marked.marked_count, 1);
  const mark = await annIn.expectFrame("read_status_update");
  assert.deepEqual(mark.message_ids, [sent.message.id]);
  await ann.ask(`POST ${api}/delete-message/${sent.message.id}/`);
  const deleted = await bobIn.expectFrame("message_deleted");
  assert.deepEqual(stripped(deleted), {
    type: "message_deleted",
    message_id: sent.message.id,
    by: "ann",
  });
});

Deno.test("Who waits in the room sees it open, and who is in it sees it end", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  const bob = await ChatUser.logIn(app.url, "bob");
  await using line = await ann.attend();
  await ann.press();
  const roomId = await onlyRoom(app);
  await using annIn = await ann.enter(roomId);
  await annIn.expectFrame("user_joined");
  const { room_id } = await bob.press();
  assert.equal(room_id, roomId);
  const opened = await annIn.expectFrame("room_opened");
  assert.deepEqual(stripped(opened), {
    type: "room_opened",
    participants: [ANN, BOB].map((one) => ({ ...one, is_online: false })),
  });
  const matched = await line.expectLink("matched");
  assert.equal(matched.room_id, roomId);
  await bob.ask("POST heart_link/cleanup/", { room_id: roomId });
  const ended = await annIn.expectFrame("room_ended");
  assert.deepEqual(stripped(ended), {
    type: "room_ended",
    reason: "closed",
    message: "聊天室已结束",
  });
  await annIn.expectClosed(4504);
  const expired = await line.expectLink("expired");
  assert.equal(expired.matched_user, "bob");
});

Deno.test("An operator's word and penalties have frames of the chat dialect", async () => {
  await using app = await newTestApp();
  await using room = await together(app);
  const { annIn, bobIn, roomId } = room;
  const path = `/management/rooms/${roomId}`;
  const spoken = await app.api(`POST ${path}/messages`, {
    body: { content: "be kind" },
  });
  assert.equal(spoken.status, 200, JSON.stringify(spoken.body));
  const system = await annIn.expectFrame("system");
  assert.deepEqual(stripped(system), { type: "system", message: "be kind" });
  await app.api(`POST ${path}/mutes`, { body: { user_id: "bob" } });
  assert.equal((await annIn.expectFrame("user_muted")).username, "bob");
  bobIn.say("let me", "m-1");
  const refusal = await bobIn.expectError("user_muted");
  assert.equal(refusal.client_msg_id, "m-1");
  bobIn.send("typing", { is_typing: true });
  bobIn.send("video_call_invite");
  await bobIn.expectError("user_muted");
  await app.api(`POST ${path}/bans`, { body: { user_id: "bob" } });
  await bobIn.expectFrame("you_are_kicked");
  await bobIn.expectClosed(4503);
  assert.equal((await annIn.expectFrame("user_banned")).username, "bob");
  assert.equal((await annIn.expectFrame("user_left")).username, "bob");
  await expectSilence(app, annIn);
});

Deno.test("Two who were matched by number talk in a room of their own", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  const bob = await ChatUser.logIn(app.url, "bob");
  const cat = await ChatUser.logIn(app.url, "cat");
  const dan = await ChatUser.logIn(app.url, "dan");
  await ann.ask("POST number-match/", { number: "4711" });
  const matched = await bob.ask("POST number-match/", { number: "4711" });
  assert.match(matched.room_id, /^match-/);
  const other = await matchUp(cat, dan);
  await using annIn = await ann.enter(matched.room_id);
  await using bobIn = await bob.enter(matched.room_id);
  await using catIn = await cat.enter(other);
  annIn.say("our number");
  await bobIn.expectChat("our number");
  await catIn.expectFrame("user_joined");
  await expectSilence(app, catIn);
});
