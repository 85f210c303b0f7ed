// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { ChatError } from "../../../src/wire/errors.ts";
import { newChat } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { TEST_API_KEY } from "../../support/test_http.ts";
import {
  assertRefused,
  assertTool,
  newTestTools,
} from "../../support/test_tools.ts";

const PATH = "/heart_link/cleanup/";
const ENDED = { success: true, message: "聊天室已结束", room_id: "r1" };
const NOT_YOURS = {
  code: "not_participant",
  error: "您没有权限结束此聊天室",
};

function newCleanup() {
  const tools = newTestTools();
  const room = tools.rooms.open("r1", newChat(["u1", "u2"]));
  function cleanUp(body?: unknown, more: object = {}): Promise<Response> {
    return tools.ask(PATH, { method: "POST", body, ...more });
  }
  return { ...tools, room, cleanUp };
}

function cleaned(expired: number, ended: number) {
  return {
    success: true,
    message: `清理完成！已清理 ${expired} 个过期请求，结束 ${ended} 个聊天室`,
    expired_requests: expired,
    ended_rooms: ended,
  };
}

Deno.test("POST cleanup ends a participant's room", async () => {
  const { cleanUp, room } = newCleanup();
  await assertTool(await cleanUp({ room_id: "r1" }), 200, ENDED);
  assert.deepEqual(room.commands, [{ type: "end", reason: "closed" }]);
});

Deno.test("POST cleanup reads a form, with the slash and without", async () => {
  const { ask, room } = newCleanup();
  for (const path of [PATH, "/heart_link/cleanup"]) {
    const raw = new URLSearchParams({ room_id: "r1", force_end: "true" });
    await assertTool(await ask(path, { method: "POST", raw }), 200, ENDED);
  }
  assert.equal(room.commands.length, 2);
});

Deno.test("POST cleanup leaves the room to the reaper when not forced", async () => {
  const { ask, cleanUp, room } = newCleanup();
  const raw = new URLSearchParams({ room_id: "r1", force_end: "false" });
  const responses = [
    await cleanUp({ room_id: "r1", force_end: false }),
    await ask(PATH, { method: "POST", raw }),
  ];
  for (const response of responses) {
    await assertTool(response, 200, {
      ...ENDED,
      message: "聊天室将在无人后自动结束",
    });
  }
  assert.deepEqual(room.commands, []);
});

Deno.test("POST cleanup says the same of a room that has ended", async () => {
  const { cleanUp, messages, room } = newCleanup();
  room.refusal = new ChatError("room_ended");
  await assertTool(await cleanUp({ room_id: "r1" }), 200, ENDED);
  messages.end("old", newChat(["u1", "u2"]));
  await assertTool(await cleanUp({ room_id: "old" }), 200, {
    ...ENDED,
    room_id: "old",
  });
});

Deno.test("POST cleanup ends no room of others", async () => {
  const { cleanUp, messages, room, rooms } = newCleanup();
  messages.end("old", newChat(["u2", "u3"]));
  const others = rooms.open("others", newChat(["u2", "u3"]));
  const open = rooms.open("open", newChat(["u2"], { access: "open" }));
  const managed = rooms.open("managed", null);
  const pinned = rooms.open("general", newChat(["u1"], { access: "open" }), {
    pinned: "",
  });
  for (const roomId of ["old", "others", "open", "managed", "general"]) {
    const response = await cleanUp({ room_id: roomId });
    await assertRefused(response, 403, NOT_YOURS);
  }
  for (const one of [others, open, managed, pinned, room]) {
    assert.deepEqual(one.commands, []);
  }
  await assertRefused(await cleanUp({ room_id: "none" }), 404, {
    code: "room_not_found",
    error: "聊天室不存在",
  });
});

Deno.test("POST cleanup ends any room for an operator or its admin", async () => {
  const { cleanUp, rooms, tokens } = newCleanup();
  const others = rooms.open("others", newChat(["u2", "u3"]));
  tokens.claims.set("boss", { admin: true });
  tokens.claims.set("host", { admin: new Set(["others"]) });
  const body = { room_id: "others" };
  const asked = [
    await cleanUp(body, { headers: { "X-Api-Key": TEST_API_KEY } }),
    await cleanUp(body, { user: "boss" }),
    await cleanUp(body, { user: "host" }),
  ];
  for (const response of asked) {
    await assertTool(response, 200, { ...ENDED, room_id: "others" });
  }
  assert.equal(others.commands.length, 3);
});

Deno.test("POST cleanup says why a room cannot be ended", async () => {
  const { cleanUp, room } = newCleanup();
  room.refusal = new ChatError("storage_unavailable");
  const response = await cleanUp({ room_id: "r1" });
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "storage_unavailable");
});

Deno.test("POST cleanup of everything is the operator's", async () => {
  const { cleanUp, links, reaped, tokens } = newCleanup();
  links.swept = { expired: 3, endedRooms: 1 };
  tokens.claims.set("boss", { admin: true });
  const headers = { "X-Api-Key": TEST_API_KEY };
  const responses = [
    await cleanUp(undefined, { headers }),
    await cleanUp({}, { user: "boss" }),
  ];
  // One of two idle rooms could not be ended; another is one of devices.
  for (const response of responses) {
    await assertTool(response, 200, cleaned(3, 2));
  }
  const run = { force: false, dryRun: false };
  assert.deepEqual(reaped, [run, run]);
});

Deno.test("POST cleanup of everything is a user's own request else", async () => {
  const { cleanUp, links, reaped, tokens } = newCleanup();
  tokens.claims.set("host", { admin: new Set(["r1"]) });
  const headers = { "X-Api-Key": "a-wrong-key" };
  await assertTool(await cleanUp(), 200, cleaned(0, 0));
  await assertTool(await cleanUp({}, { headers }), 200, cleaned(0, 0));
  links.view = { status: "expired", requestId: "link-1", number: null };
  await assertTool(await cleanUp({}, { user: "host" }), 200, cleaned(1, 0));
  assert.deepEqual(links.words, ["status u1", "status u1", "status host"]);
  assert.deepEqual(reaped, []);
});

Deno.test("POST cleanup refuses fields that are none", async () => {
  const { cleanUp } = newCleanup();
  for (const body of [{ room_id: 7 }, { room_id: "r1", force_end: "maybe" }]) {
    const response = await cleanUp(body);
    assert.equal(response.status, 400);
    assert.equal((await response.json()).code, "bad_request");
  }
});

Deno.test("POST cleanup is for users, and the only method", async () => {
  const { ask, cleanUp } = newCleanup();
  const headers = { "X-Api-Key": TEST_API_KEY };
  assert.equal((await cleanUp({}, { user: null, headers })).status, 401);
  assert.equal((await ask(PATH)).status, 405);
});

Deno.test("POST cleanup ends no open room for whoever made it", async () => {
  const { cleanUp, rooms, tokens } = newCleanup();
  const open = rooms.open("hall", newChat(["u1"], { access: "open" }));
  const body = { room_id: "hall" };
  await assertRefused(await cleanUp(body), 403, NOT_YOURS);
  assert.deepEqual(open.commands, []);
  tokens.claims.set("host", { admin: new Set(["hall"]) });
  assert.equal((await cleanUp(body, { user: "host" })).status, 200);
  assert.equal(open.commands.length, 1);
});

Deno.test("POST cleanup ends no room for the banned", async () => {
  const { cleanUp, room } = newCleanup();
  room.banned = [{ userId: "u1", until: null, at: START_AT }];
  const response = await cleanUp({ room_id: "r1" });
  assert.equal(response.status, 403);
  assert.equal((await response.json()).code, "user_banned");
  assert.deepEqual(room.commands, []);
  assert.equal((await cleanUp({ room_id: "r1" }, { user: "u2" })).status, 200);
});
