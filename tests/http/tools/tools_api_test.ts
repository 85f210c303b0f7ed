// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { userOf } from "../../../src/http/tools/session_gate.ts";
import { toolsApi } from "../../../src/http/tools/tools_api.ts";
import { newStoredRoom } from "../../support/fake_history.ts";
import { assertRefused, newTestTools } from "../../support/test_tools.ts";

Deno.test("toolsApi asks for a login before it looks anything up", async () => {
  const { ask, recorder } = newTestTools();
  for (const path of ["/chat/active_rooms/", "/chat/none/messages/", "/none"]) {
    await assertRefused(await ask(path, { user: null }), 401, {
      code: "login_required",
      error: "请先登录",
      redirect_url: "/users/login/",
    });
  }
  assert.deepEqual(recorder.flushes, []);
});

Deno.test("toolsApi answers in JSON what it does not know", async () => {
  const { ask } = newTestTools();
  for (const path of ["/none", "/chat/", "/chat/r1/none/"]) {
    await assertRefused(await ask(path), 404, {
      code: "not_found",
      error: "Not found",
    });
  }
});

Deno.test("toolsApi refuses a change that another site asks for", async () => {
  const { app, links, sessions } = newTestTools();
  const cookie = await sessions.seal({
    userId: "u1",
    nickname: "张三",
    isProven: false,
    rooms: null,
    admin: false,
    expiresAt: null,
  });
  const response = await app.request("/tools/api/heart_link/create/", {
    method: "POST",
    headers: {
      Cookie: `parlor_session=${cookie}`,
      Origin: "https://evil.test",
    },
  });
  await assertRefused(response, 403, {
    code: "cross_site_refused",
    error: "This request came from another site",
  });
  assert.deepEqual(links.words, []);
});

Deno.test("toolsApi keeps other groups of routes behind its gate", async () => {
  const { deps } = newTestTools();
  const group = new Hono().get("/more", (c) => c.text(userOf(c).userId));
  const app = new Hono().route("/tools/api", toolsApi(deps, group));
  const known = await app.request("/tools/api/more?token=u1");
  assert.equal(await known.text(), "u1");
  const nobody = await app.request("/tools/api/more");
  assert.equal(nobody.status, 401);
  await nobody.text();
});

Deno.test("toolsApi lets nothing be kept, refusals neither", async () => {
  const { ask } = newTestTools();
  for (const user of ["u1", null]) {
    const response = await ask("/heart_link/status", { user });
    assert.equal(
      response.headers.get("Cache-Control"),
      "no-cache, no-store, must-revalidate",
    );
    await response.text();
  }
});

Deno.test("toolsApi answers of a device room what it does of none", async () => {
  const { ask, messages, presence, rooms, tokens } = newTestTools();
  const room = rooms.open("DEVICES1", null, { kind: "device", sessions: 1 });
  const sessions = [{ id: "s1", ip: "192.0.2.1", joinedAt: 0 }];
  const pump = { nickname: "pump", isAdmin: false, isMuted: false, sessions };
  room.people = [{ userId: "u1", ...pump }];
  const ended = { kind: "device", status: "ended", endedAt: 1 } as const;
  messages.stored.set("DEVICES0", newStoredRoom("DEVICES0", ended));
  tokens.claims.set("boss", { admin: true });
  tokens.claims.set("u2", { rooms: new Set(["DEVICES1", "DEVICES0"]) });
  const asked: [method: string, path: string, body?: object][] = [
    ["GET", "/chat/ID/messages"],
    ["POST", "/chat/ID/send", { content: "hello" }],
    ["POST", "/chat/ID/delete-message/1"],
    ["POST", "/chat/ID/mark-read", { message_ids: [1] }],
    ["GET", "/chat/ID/online_users"],
    ["GET", "/chat/ID/participants"],
    ["POST", "/heart_link/cleanup", { room_id: "ID" }],
  ];
  for (const user of ["u1", "u2", "boss"]) {
    for (const id of ["DEVICES1", "DEVICES0"]) {
      for (const [method, path, body] of asked) {
        const text = body && JSON.stringify(body).replace("ID", id);
        const raw = text === undefined ? {} : { raw: text };
        const where = path.replace("ID", id);
        const response = await ask(where, { method, user, ...raw });
        await assertRefused(response, 404, {
          code: "room_not_found",
          error: "聊天室不存在",
        });
      }
    }
    for (const path of ["/chat/active-rooms", "/chat/active_rooms"]) {
      const text = await (await ask(path, { user })).text();
      assert(!text.includes("DEVICES"), text);
    }
    const body = { status: "online", room_id: "DEVICES1" };
    await (await ask("/chat/online_status", { method: "POST", user, body }))
      .text();
  }
  assert.deepEqual(room.commands, []);
  assert.deepEqual(room.posts, []);
  assert(presence.words.every((word) => !word.includes(" in ")));
});
