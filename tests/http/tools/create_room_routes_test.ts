// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { NUMBERED_MAX } from "../../../src/http/tools/create_room_routes.ts";
import { OPEN_ROOMS_PER_USER_MAX } from "../../../src/http/tools/public_rooms.ts";
import { PER_MINUTE_MAX } from "../../../src/http/tools/user_pace.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import { newChat, newPerson } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { newStoredRoom } from "../../support/fake_history.ts";
import {
  assertRefused,
  assertTool,
  newTestTools,
} from "../../support/test_tools.ts";

const PATH = "/chat/create-room/";

function made(roomId: string) {
  return { success: true, room_id: roomId, message: "聊天室创建成功" };
}

function joined(roomId: string) {
  return { success: true, room_id: roomId, message: "加入现有聊天室" };
}

function newMaker() {
  const tools = newTestTools();
  function make(name: unknown, user = "u1"): Promise<Response> {
    const body = { room_name: name };
    return tools.ask(PATH, { method: "POST", body, user });
  }
  return { ...tools, make };
}

Deno.test("POST create-room makes a room that is open to everyone", async () => {
  const { make, rooms } = newMaker();
  await assertTool(await make(" Tech Talk_2 "), 200, made("tech-talk-2"));
  assert.deepEqual(rooms.specs, [{
    id: "tech-talk-2",
    name: "Tech Talk_2",
    adminUserIds: [],
    slowModeSecs: 0,
    membersMax: null,
    pinned: null,
    autoClose: true,
    chat: {
      access: "open",
      participants: [newPerson("u1")],
      isWaiting: false,
    },
  }]);
});

Deno.test("POST create-room reads a form, with the slash and without", async () => {
  const { ask } = newTestTools();
  const encoded = await ask(PATH, {
    method: "POST",
    raw: new URLSearchParams({ room_name: "大厅" }),
  });
  await assertTool(encoded, 200, made("大厅"));
  const form = new FormData();
  form.set("room_name", "大厅");
  const response = await ask("/chat/create-room", {
    method: "POST",
    raw: form,
    user: "u2",
  });
  await assertTool(response, 200, joined("大厅"));
});

Deno.test("POST create-room joins the room of that name", async () => {
  const { make, rooms } = newMaker();
  rooms.open("hall", newChat(["u2"], { access: "open" }));
  await assertTool(await make("Hall"), 200, joined("hall"));
  assert.deepEqual(rooms.specs, []);
});

Deno.test("POST create-room puts a number behind the id of an ended room", async () => {
  const { make, messages } = newMaker();
  messages.end("hall", newChat(["u1"], { access: "open" }));
  messages.end("hall-2", newChat(["u1"], { access: "open" }));
  await assertTool(await make("hall"), 200, made("hall-3"));
  await assertTool(await make("hall", "u2"), 200, joined("hall-3"));
});

Deno.test("POST create-room passes over rooms that are closed to the user", async () => {
  const { make, rooms } = newMaker();
  rooms.open("hall", newChat(["u2", "u3"]));
  const barred = rooms.open("hall-2", newChat(["u2"], { access: "open" }));
  barred.banned = [{ userId: "u1", until: null, at: START_AT }];
  await assertTool(await make("hall"), 200, made("hall-3"));
});

Deno.test("POST create-room makes a public room as it is everywhere", async () => {
  const { make, rooms } = newMaker();
  rooms.publicIds.add("general");
  await assertTool(await make("General"), 200, made("general"));
  assert.equal(rooms.get("general")?.facts().pinned, "");
  assert.deepEqual(rooms.specs, []);
});

Deno.test("POST create-room wants a name", async () => {
  const { ask, make } = newMaker();
  const refusal = { code: "bad_request", error: "房间名称不能为空" };
  for (const name of ["", "  ", null, undefined]) {
    await assertRefused(await make(name), 400, refusal);
  }
  await assertRefused(await ask(PATH, { method: "POST" }), 400, refusal);
  const broken = await ask(PATH, { method: "POST", raw: "{" });
  await assertRefused(broken, 400, {
    code: "bad_json",
    error: "无效的JSON格式",
  });
});

Deno.test("POST create-room wants a name that makes an id", async () => {
  const { make } = newMaker();
  await assertTool(await make("x".repeat(119)), 200, made("x".repeat(119)));
  for (const name of ["x".repeat(120), "x".repeat(201), "..", 7]) {
    const response = await make(name);
    assert.equal(response.status, 400);
    assert.match((await response.json()).error, /^Invalid room_name: /);
  }
});

/** A maker whose first rooms of the name `hall` have all ended. */
function newLateMaker() {
  const maker = newMaker();
  for (let number = 1; number <= NUMBERED_MAX; number++) {
    const roomId = number === 1 ? "hall" : `hall-${number}`;
    maker.messages.end(roomId, newChat(["u1"], { access: "open" }));
  }
  return maker;
}

Deno.test("POST create-room numbers so many rooms of a name", async () => {
  const { make, messages } = newLateMaker();
  messages.stored.delete(`hall-${NUMBERED_MAX}`);
  await assertTool(await make("hall"), 200, made(`hall-${NUMBERED_MAX}`));
});

Deno.test("POST create-room takes a random number then, and finds it again", async () => {
  const { make, rooms } = newLateMaker();
  rooms.open("hall-deadbeef", newChat(["u2", "u3"]));
  const { room_id: roomId, message } = await (await make("hall")).json();
  assert.match(roomId, /^hall-[0-9a-f]{8}$/);
  assert.notEqual(roomId, "hall-deadbeef");
  assert.equal(message, "聊天室创建成功");
  await assertTool(await make("hall", "u2"), 200, joined(roomId));
});

Deno.test("POST create-room makes no random id for a token of certain rooms", async () => {
  const { make, tokens } = newLateMaker();
  const ids = Array.from({ length: NUMBERED_MAX }, (_, one) => `hall-${one}`);
  const rooms = new Set(["hall", ...ids, `hall-${NUMBERED_MAX}`]);
  tokens.claims.set("u1", { rooms });
  const response = await make("hall");
  assert.equal((await response.json()).code, "room_refused");
});

Deno.test("POST create-room joins the room that was made meanwhile", async () => {
  const { make, messages, rooms } = newMaker();
  const room = messages.room.bind(messages);
  messages.room = async (roomId) => {
    const found = await room(roomId);
    queueMicrotask(() =>
      queueMicrotask(() =>
        rooms.get(roomId) ??
          rooms.open(roomId, newChat(["u2"], { access: "open" }))
      )
    );
    return found;
  };
  await assertTool(await make("hall"), 200, joined("hall"));
  assert.deepEqual(rooms.specs, []);
});

Deno.test("POST create-room makes so many open rooms for a user", async () => {
  const { make, rooms } = newMaker();
  const open = { access: "open" } as const;
  for (let number = 1; number < OPEN_ROOMS_PER_USER_MAX; number++) {
    rooms.open(`r${number}`, newChat(["u1"], open));
  }
  rooms.open("private", newChat(["u1", "u2"]));
  rooms.open("lasting", newChat(["u1"], open), { pinned: "" });
  rooms.open("another's", newChat(["u2", "u1"], open));
  await assertTool(await make("last"), 200, made("last"));
  const response = await make("over");
  assert.equal(response.status, 409);
  const { code, error } = await response.json();
  assert.equal(code, "limit_reached");
  assert.match(error, /20/);
  await assertTool(await make("last"), 200, joined("last"));
  await assertTool(await make("over", "u2"), 200, made("over"));
});

Deno.test("POST create-room is for so many names a minute", async () => {
  const { clock, make, rooms } = newMaker();
  rooms.open("hall", newChat(["u2"], { access: "open" }));
  for (let count = 0; count < PER_MINUTE_MAX; count++) {
    assert.equal((await make("hall")).status, 200);
  }
  const response = await make("hall");
  assert.equal(response.status, 429);
  const { code, retry_after_ms } = await response.json();
  assert.deepEqual([code, retry_after_ms], ["rate_limited", 3000]);
  assert.equal((await make("hall", "u2")).status, 200);
  await clock.advance(3000);
  assert.equal((await make("hall")).status, 200);
});

Deno.test("POST create-room says when the server is full", async () => {
  const { make, rooms } = newMaker();
  rooms.refusal = new ChatError("too_many_rooms");
  const response = await make("hall");
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "too_many_rooms");
});

Deno.test("POST create-room makes no room beyond the user's token", async () => {
  const { make, rooms, tokens } = newMaker();
  tokens.claims.set("u1", { rooms: new Set(["hall"]) });
  await assertTool(await make("hall"), 200, made("hall"));
  const response = await make("lobby");
  assert.equal(response.status, 403);
  assert.equal((await response.json()).code, "room_refused");
  assert.equal(rooms.specs.length, 1);
});

Deno.test("POST create-room is the only method", async () => {
  const { ask } = newTestTools();
  await assertRefused(await ask(PATH), 405, {
    code: "method_not_allowed",
    error: "无效的请求方法",
  });
});

Deno.test("POST create-room passes over ids that devices took", async () => {
  const { ask, messages, rooms } = newTestTools();
  rooms.open("lobby", null, { kind: "device" });
  const ended = { kind: "device", status: "ended", endedAt: 1 } as const;
  messages.stored.set("lobby-2", newStoredRoom("lobby-2", ended));
  const response = await ask("/chat/create-room", {
    method: "POST",
    body: { room_name: "Lobby" },
  });
  const { message, room_id: roomId } = await response.json();
  assert.deepEqual([roomId, message], ["lobby-3", "聊天室创建成功"]);
});
