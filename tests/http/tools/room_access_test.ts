import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import {
  anyRoomOf,
  authorOf,
  isTokenAdmin,
  roomOf,
} from "../../../src/http/tools/room_access.ts";
import { requireUser } from "../../../src/http/tools/session_gate.ts";
import { toolError } from "../../../src/http/tools/tool_error.ts";
import { newChat } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { newStoredRoom } from "../../support/fake_history.ts";
import { newTestTools } from "../../support/test_tools.ts";

/** Asks for a room in both ways, as a user. */
function newDoors() {
  const tools = newTestTools();
  const { deps } = tools;
  const app = new Hono();
  app.onError((cause, c) => toolError(c, cause, deps.log));
  app.use(requireUser(deps));
  app.get("/live/:room_id", async (c) => c.text((await roomOf(c, deps)).id));
  app.get("/any/:room_id", async (c) => {
    const { isEnded } = await anyRoomOf(c, deps);
    return c.text(isEnded ? "ended" : "live");
  });
  async function ask(path: string, user = "u1"): Promise<string> {
    const response = await app.request(`${path}?token=${user}`);
    if (response.ok) return await response.text();
    const { code } = await response.json();
    return `${response.status} ${code}`;
  }
  return { ...tools, ask };
}

Deno.test("roomOf lets participants in, and nobody else", async () => {
  const { ask, rooms } = newDoors();
  rooms.open("r1", newChat(["u1", "u2"]));
  assert.equal(await ask("/live/r1"), "r1");
  assert.equal(await ask("/live/r1", "u2"), "r1");
  assert.equal(await ask("/live/r1", "u3"), "403 not_participant");
  assert.equal(await ask("/any/r1", "u3"), "403 not_participant");
});

Deno.test("roomOf lets everyone into an open room, and an operator's", async () => {
  const { ask, rooms } = newDoors();
  rooms.open("hall", newChat(["u1"], { access: "open" }));
  rooms.open("show", null);
  assert.equal(await ask("/live/hall", "u3"), "hall");
  assert.equal(await ask("/live/show", "u3"), "show");
});

Deno.test("roomOf lets in who a token makes an admin", async () => {
  const { ask, rooms, tokens } = newDoors();
  rooms.open("r1", newChat(["u1", "u2"]));
  tokens.claims.set("boss", { admin: true });
  tokens.claims.set("host", { admin: new Set(["r1"]) });
  tokens.claims.set("other", { admin: new Set(["r2"]) });
  assert.equal(await ask("/live/r1", "boss"), "r1");
  assert.equal(await ask("/live/r1", "host"), "r1");
  assert.equal(await ask("/live/r1", "other"), "403 not_participant");
});

Deno.test("roomOf refuses the banned", async () => {
  const { ask, rooms } = newDoors();
  const room = rooms.open("r1", newChat(["u1", "u2"]));
  room.banned = [{ userId: "u1", until: null, at: START_AT }];
  assert.equal(await ask("/live/r1"), "403 user_banned");
  assert.equal(await ask("/live/r1", "u2"), "r1");
});

Deno.test("roomOf and anyRoomOf want proof of an admin's id", async () => {
  const { app, messages, rooms, sessions } = newTestTools();
  const adminUserIds = ["u1"];
  rooms.open("r1", newChat(["u1", "u2"]), { adminUserIds });
  rooms.open("r2", newChat(["u2", "u3"]), { adminUserIds });
  const chat = newChat(["u2", "u3"]);
  const more = { kind: "chat", status: "ended", chat, adminUserIds } as const;
  messages.stored.set("old", newStoredRoom("old", more));
  const asked = ["r1/messages", "r2/messages", "old/participants"];
  const cookie = await sessions.seal({
    userId: "u1",
    nickname: "张三",
    isProven: false,
    rooms: null,
    admin: false,
    expiresAt: null,
  });
  for (const path of asked) {
    const response = await app.request(`/tools/api/chat/${path}/`, {
      headers: { Cookie: `parlor_session=${cookie}` },
    });
    assert.equal(response.status, 403);
    assert.equal((await response.json()).code, "admin_proof_required");
    const proven = await app.request(`/tools/api/chat/${path}/?token=u1`);
    assert.equal(proven.status, 200);
    await proven.text();
  }
});

Deno.test("roomOf tells an ended room from one that never was", async () => {
  const { ask, messages, recorder } = newDoors();
  messages.end("old", newChat(["u1", "u2"]));
  assert.equal(await ask("/live/old"), "410 room_ended");
  assert.equal(await ask("/live/old", "u3"), "410 room_ended");
  assert.equal(await ask("/live/none"), "404 room_not_found");
  assert.deepEqual(recorder.flushes, ["old", "old", "none"]);
});

Deno.test("roomOf looks no impossible id up", async () => {
  const { ask, recorder } = newDoors();
  assert.equal(await ask(`/live/${"x".repeat(128)}`), "404 room_not_found");
  assert.equal(await ask(`/live/${"x".repeat(129)}`), "404 room_not_found");
  assert.deepEqual(recorder.flushes, ["x".repeat(128)]);
});

Deno.test("roomOf makes a public room for its first visitor, also after its end", async () => {
  const { ask, rooms, messages } = newDoors();
  rooms.publicIds.add("general").add("test-room-1");
  messages.end("test-room-1", newChat(["u1"], { access: "open" }));
  assert.equal(await ask("/live/general"), "general");
  assert.equal(
    rooms.get("general")?.facts().chat?.participants[0]?.nickname,
    "u1的昵称",
  );
  assert.equal(await ask("/live/general", "u2"), "general");
  assert.equal(await ask("/live/test-room-1"), "test-room-1");
});

Deno.test("roomOf refuses what a token does not open, there or not", async () => {
  const { ask, rooms, tokens } = newDoors();
  rooms.open("r1", newChat(["u1", "u2"]));
  rooms.open("r2", newChat(["u1", "u3"]));
  tokens.claims.set("u1", { rooms: new Set(["r1"]) });
  assert.equal(await ask("/live/r1"), "r1");
  for (const roomId of ["r2", "none"]) {
    assert.equal(await ask(`/live/${roomId}`), "403 room_refused");
    assert.equal(await ask(`/any/${roomId}`), "403 room_refused");
  }
});

Deno.test("anyRoomOf finds an ended room for those who had a part in it", async () => {
  const { ask, messages, rooms } = newDoors();
  messages.end("old", newChat(["u1", "u2"]));
  rooms.open("r1", newChat(["u1", "u2"]));
  assert.equal(await ask("/any/old"), "ended");
  assert.equal(await ask("/any/r1"), "live");
  assert.equal(await ask("/any/old", "u3"), "403 not_participant");
  assert.equal(await ask("/any/none"), "404 room_not_found");
});

Deno.test("anyRoomOf refuses the banned, also when the room has ended", async () => {
  const { ask, messages, rooms } = newDoors();
  messages.end("old", newChat(["u1", "u2"]));
  messages.bans.add("old u1");
  const room = rooms.open("r1", newChat(["u1", "u2"]));
  room.banned = [{ userId: "u1", until: null, at: START_AT }];
  assert.equal(await ask("/any/old"), "403 user_banned");
  assert.equal(await ask("/any/r1"), "403 user_banned");
  assert.equal(await ask("/any/old", "u2"), "ended");
});

Deno.test("authorOf says what vouches for a user", () => {
  const session = {
    userId: "u1",
    nickname: "张三",
    isProven: true,
    rooms: null,
    admin: new Set(["r1"]),
    expiresAt: null,
  };
  assert.deepEqual(authorOf(session, "r1"), {
    userId: "u1",
    nickname: "张三",
    isProven: true,
    isTokenAdmin: true,
  });
  assert.equal(isTokenAdmin(session, "r2"), false);
});

Deno.test("roomOf and anyRoomOf know no device room, live or ended", async () => {
  const { ask, messages, rooms, tokens } = newDoors();
  tokens.claims.set("boss", { admin: true });
  const live = rooms.open("LIVE0001", null, { kind: "device" });
  live.banned = [{ userId: "u3", until: null, at: START_AT }];
  const ended = { kind: "device", status: "ended", endedAt: START_AT } as const;
  messages.stored.set("ENDED001", newStoredRoom("ENDED001", ended));
  for (const user of ["u1", "u3", "boss"]) {
    for (const roomId of ["LIVE0001", "ENDED001", "NONE0001"]) {
      for (const door of ["live", "any"]) {
        const answer = await ask(`/${door}/${roomId}`, user);
        assert.equal(answer, "404 room_not_found", `${user} ${door} ${roomId}`);
      }
    }
  }
  // A name that devices had is still that of a public room.
  rooms.publicIds.add("general");
  messages.stored.set("general", newStoredRoom("general", ended));
  assert.equal(await ask("/live/general"), "general");
});
