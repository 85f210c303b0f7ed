// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  ChatUser,
  liveRooms,
  logInAll,
  newPair,
  refusalOf,
} from "../support/chat_user.ts";
import { askApi, KEY_HEADERS, newTestApp } from "../support/test_app.ts";

const PENDING_MS = 600_000;
const MATCHED_MS = 3_600_000;

Deno.test("Heart link asks for a login, and for nothing but POST to press", async () => {
  await using app = await newTestApp();
  for (const path of ["create", "status", "cancel", "cleanup"]) {
    const method = path === "status" ? "GET" : "POST";
    const line = `${method} /tools/api/heart_link/${path}/`;
    const { status, body } = await askApi(app.url, line, { headers: {} });
    assert.equal(status, 401, path);
    assert.deepEqual(body, {
      success: false,
      error: "请先登录",
      code: "login_required",
      redirect_url: "/users/login/",
    });
  }
  const ann = await ChatUser.logIn(app.url, "ann");
  assert.equal((await ann.api("GET heart_link/create/")).status, 405);
  assert.equal((await ann.api("POST heart_link/status/")).status, 405);
});

Deno.test("Heart link lets the first wait and matches the second, who both read it", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  const bob = await ChatUser.logIn(app.url, "bob");
  assert.equal(await ann.linkStatus(), "not_found");
  const { request_id, ...first } = await ann.press();
  assert.deepEqual(first, {
    success: true,
    matched: false,
    message: "正在等待匹配...",
  });
  assert.deepEqual(await ann.ask("GET heart_link/status/"), {
    success: true,
    status: "pending",
    message: "正在等待匹配...",
    request_id,
    created_at: "2026-01-01T00:00:00.000Z",
    expires_at: "2026-01-01T00:10:00.000Z",
    expires_in_ms: PENDING_MS,
  });
  const { heart_link_status } = await ann.ask("GET chat/active_rooms/");
  assert.deepEqual(heart_link_status, {
    status: "pending",
    created_at: "2026-01-01T00:00:00.000Z",
    expires_at: "2026-01-01T00:10:00.000Z",
  });
  const [waitingId] = await liveRooms(app.url);
  const second = await bob.press();
  assert.deepEqual(second, {
    success: true,
    matched: true,
    request_id: second.request_id,
    room_id: waitingId,
    matched_user: "ann",
    chat_url: `/tools/heart_link/chat/${waitingId}/`,
    auto_redirect: true,
    matched_user_name: "ANN",
  });
  assert.deepEqual(await ann.ask("GET heart_link/status/"), {
    success: true,
    status: "matched",
    room_id: waitingId,
    matched_user: "bob",
    matched_user_name: "BOB",
    request_id,
    matched_at: "2026-01-01T00:00:00.000Z",
  });
  const after = await ann.ask("GET chat/active_rooms/");
  assert.equal(after.heart_link_status, null);
  assert.deepEqual(await liveRooms(app.url), [waitingId]);
});

Deno.test("Heart link refuses a second press, and never matches one with oneself", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  await ann.press();
  assert.deepEqual(refusalOf(await ann.api("POST heart_link/create/")), [
    400,
    "您已有一个正在等待匹配的心动链接请求，请稍后再试或先取消当前请求",
  ]);
  assert.equal(await ann.linkStatus(), "pending");
  assert.equal((await liveRooms(app.url)).length, 1);
});

Deno.test("Heart link matches whoever waits longest", async () => {
  await using app = await newTestApp();
  const [ann, bob, cat, dan] = await logInAll(
    app.url,
    "ann",
    "bob",
    "cat",
    "dan",
  );
  assert(ann && bob && cat && dan);
  await ann.press();
  await ann.ask("POST heart_link/cancel/");
  await app.clock.advance(1000);
  await bob.press();
  await app.clock.advance(1000);
  // Now the youngest of those who wait, though she pressed first of all.
  const matched = await ann.press();
  assert.equal(matched.matched_user, "bob");
  await cat.press();
  assert.equal((await dan.press()).matched_user, "cat");
});

Deno.test("Heart link brings a user back to the active room they have", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  for (const [user, partner] of [[ann, "bob"], [bob, "ann"]] as const) {
    assert.deepEqual(await user.press(), {
      success: true,
      reconnect: true,
      room_id: roomId,
      matched_user: partner,
      message: "您已有一个活跃的聊天室，正在为您重连...",
      matched_user_name: partner.toUpperCase(),
    });
  }
  await ann.ask("POST heart_link/cleanup/", { room_id: roomId });
  assert.equal((await ann.press()).matched, false);
});

Deno.test("Heart link is cancelled once, and its waiting room ends with it", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  assert.deepEqual(refusalOf(await ann.api("POST heart_link/cancel/")), [
    404,
    "没有找到待处理的请求",
  ]);
  await ann.press();
  const { message } = await ann.ask("POST heart_link/cancel/");
  assert.equal(message, "已取消 1 个匹配请求");
  assert.equal(await ann.linkStatus(), "cancelled");
  assert.equal((await ann.api("POST heart_link/cancel/")).status, 404);
  await app.idle();
  assert.deepEqual(await liveRooms(app.url), []);
  const bob = await ChatUser.logIn(app.url, "bob");
  assert.equal((await bob.press()).matched, false);
});

Deno.test("Heart link warns from 8 minutes on, and expires at 10:00 by the clock", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  await ann.press();
  await using line = await ann.attend();
  await line.expectLink("pending");
  await app.clock.advance(479_999);
  const early = await ann.ask("GET heart_link/status/");
  assert.equal(early.warning, undefined);
  await app.clock.advance(1);
  const late = await ann.ask("GET heart_link/status/");
  assert.equal(
    late.warning,
    "您的匹配请求将在 2 分钟后过期，请保持在线状态",
  );
  await app.clock.advance(119_999);
  assert.equal(await ann.linkStatus(), "pending");
  line.takeAll();
  // The seed's bound is "older than 10 minutes".
  await app.clock.advance(2);
  const told = await line.expectLink("expired");
  assert.equal(told.matched_user, null);
  assert.equal(await ann.linkStatus(), "expired");
  await app.idle();
  assert.deepEqual(await liveRooms(app.url), []);
  const bob = await ChatUser.logIn(app.url, "bob");
  assert.equal((await bob.press()).matched, false);
});

Deno.test("A match expires 60 minutes after it was made, by the clock", async () => {
  await using app = await newTestApp();
  const { ann, bob } = await newPair(app.url);
  await using line = await bob.attend();
  assert.equal((await line.expectLink("matched")).matched_user, "ann");
  await app.clock.advance(MATCHED_MS - 1);
  assert.equal(await ann.linkStatus(), "matched");
  await app.clock.advance(2);
  await line.expectLink("expired");
  for (const user of [ann, bob]) {
    assert.equal(await user.linkStatus(), "expired");
  }
});

Deno.test("A match expires when its room ends, for both", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using line = await ann.attend();
  await line.expectLink("matched");
  const end = { room_id: roomId };
  const kept = { ...end, force_end: false };
  await bob.ask("POST heart_link/cleanup/", kept);
  assert.deepEqual(await liveRooms(app.url), [roomId]);
  const answer = await bob.ask("POST heart_link/cleanup/", end);
  assert.deepEqual(answer, {
    success: true,
    message: "聊天室已结束",
    room_id: roomId,
  });
  await line.expectLink("expired");
  for (const user of [ann, bob]) {
    assert.equal(await user.linkStatus(), "expired");
  }
  // Asking for what is done already is no failure.
  await ann.ask("POST heart_link/cleanup/", end);
  const nowhere = { body: { room_id: "nowhere" } };
  assert.deepEqual(
    refusalOf(await ann.api("POST heart_link/cleanup/", nowhere)),
    [404, "聊天室不存在"],
  );
});

Deno.test("Only the operator cleans up for everyone", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  await app.clock.advance(PENDING_MS);
  const own = await ann.ask("POST heart_link/cleanup/", {});
  assert.deepEqual([own.expired_requests, own.ended_rooms], [0, 0]);
  assert.deepEqual(await liveRooms(app.url), [roomId]);
  const all = await ann.api("POST heart_link/cleanup/", {
    body: {},
    headers: KEY_HEADERS,
  });
  assert.deepEqual([all.status, all.body.ended_rooms], [200, 1]);
  assert.deepEqual(await liveRooms(app.url), []);
});

Deno.test("/ws/presence tells both of a match at once, on every connection", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  const bob = await ChatUser.logIn(app.url, "bob");
  const cat = await ChatUser.logIn(app.url, "cat");
  await using first = await ann.attend();
  await using bobLine = await bob.attend();
  await using catLine = await cat.attend();
  const { request_id } = await ann.press();
  // Who connects later is told how things are now.
  await using second = await ann.attend();
  const pending = await second.expectLink("pending");
  assert.deepEqual(pending, {
    type: "heart_link",
    status: "pending",
    request_id,
    number: null,
    room_id: pending.room_id,
    matched_user: null,
    matched_user_name: null,
    chat_url: null,
  });
  const { room_id, request_id: theirs } = await bob.press();
  for (const line of [first, second]) {
    assert.deepEqual(await line.expectLink("matched"), {
      type: "heart_link",
      status: "matched",
      request_id,
      number: null,
      room_id,
      matched_user: "bob",
      matched_user_name: "BOB",
      chat_url: `/tools/chat/enhanced/${room_id}/`,
    });
  }
  const told = await bobLine.expectLink("matched");
  assert.deepEqual([told.request_id, told.matched_user], [theirs, "ann"]);
  await using later = await ann.attend();
  assert.equal((await later.expectLink("matched")).room_id, room_id);
  await app.clock.advance(1000);
  await catLine.caughtUp();
  const links = catLine.types.filter((type) => type === "heart_link");
  assert.deepEqual(links, []);
});

Deno.test("Who waits in the room until the request expires sees the room end", async () => {
  await using app = await newTestApp();
  const ann = await ChatUser.logIn(app.url, "ann");
  await ann.press();
  const [roomId = ""] = await liveRooms(app.url);
  await using annIn = await ann.enter(roomId);
  await annIn.expectFrame("user_joined");
  await app.clock.advance(PENDING_MS + 1);
  const ended = await annIn.expectFrame("room_ended");
  assert.equal(ended.reason, "unmatched");
  await annIn.expectClosed(4504);
  assert.equal(await ann.linkStatus(), "expired");
});
