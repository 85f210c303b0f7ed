// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { newChat } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import {
  assertRefused,
  assertTool,
  newTestTools,
} from "../../support/test_tools.ts";

/** What a user is shown as. */
function profile(userId: string, isOnline: boolean) {
  return {
    id: userId,
    username: userId,
    first_name: "",
    last_name: "",
    display_name: `${userId}的昵称`,
    avatar_url: null,
    bio: "",
    membership_type: "",
    theme_mode: "",
    tags: [],
    is_online: isOnline,
  };
}

const PEOPLE = ["online_users", "participants"];

for (const slash of ["", "/"]) {
  Deno.test(`GET online_users${slash} says who is there`, async () => {
    const { ask, presence, rooms } = newTestTools();
    rooms.open("r1", newChat(["u1", "u2"]));
    presence.set("u2", {
      isOnline: true,
      status: "busy",
      lastSeenAt: START_AT,
    });
    await assertTool(await ask(`/chat/r1/online_users${slash}`), 200, {
      success: true,
      online_users: [{
        username: "u1",
        last_seen: null,
        is_online: false,
        display_name: "u1的昵称",
        status: "offline",
      }, {
        username: "u2",
        last_seen: "2026-01-01T00:00:00.000Z",
        is_online: true,
        display_name: "u2的昵称",
        status: "busy",
      }],
      room_id: "r1",
    });
  });

  Deno.test(`GET participants${slash} shows profiles`, async () => {
    const { ask, presence, rooms } = newTestTools();
    rooms.open("r1", newChat(["u1", "u2"]));
    presence.set("u1", { isOnline: true });
    await assertTool(await ask(`/chat/r1/participants${slash}`), 200, {
      success: true,
      data: {
        room_id: "r1",
        participants: [profile("u1", true), profile("u2", false)],
        status: "active",
        created_at: "2026-01-01T00:00:00.000Z",
      },
    });
  });

  Deno.test(`POST online_status${slash} says what a user is up to`, async () => {
    const { ask, presence, rooms } = newTestTools();
    rooms.open("r1", newChat(["u1", "u2"]));
    const path = `/chat/online_status${slash}`;
    const body = { status: "busy", room_id: "r1" };
    await assertTool(await ask(path, { method: "POST", body }), 200, {
      success: true,
      message: "在线状态已更新",
    });
    assert.deepEqual(presence.words, ["see u1", "choose u1 busy in r1"]);
  });
}

Deno.test("GET participants says how a room is", async () => {
  const { ask, messages, rooms } = newTestTools();
  rooms.open("waiting", newChat(["u1"], { isWaiting: true }));
  messages.end("ended", newChat(["u1", "u2"]));
  for (const status of ["waiting", "ended"]) {
    const response = await ask(`/chat/${status}/participants/`);
    assert.equal((await response.json()).data.status, status);
  }
});

for (const path of PEOPLE) {
  Deno.test(`GET ${path} is for participants`, async () => {
    const { ask, messages, rooms } = newTestTools();
    rooms.open("r1", newChat(["u2", "u3"]));
    messages.end("old", newChat(["u2", "u3"]));
    for (const roomId of ["r1", "old"]) {
      await assertRefused(await ask(`/chat/${roomId}/${path}/`), 403, {
        code: "not_participant",
        error: "您没有权限访问此聊天室",
      });
    }
    await assertRefused(await ask(`/chat/none/${path}/`), 404, {
      code: "room_not_found",
      error: "聊天室不存在",
    });
  });

  Deno.test(`GET ${path} is for users, and only read`, async () => {
    const { ask } = newTestTools();
    const asked = `/chat/r1/${path}/`;
    assert.equal((await ask(asked, { user: null })).status, 401);
    assert.equal((await ask(asked, { method: "POST" })).status, 405);
  });
}

Deno.test("POST online_status takes a user to be online, also by a form", async () => {
  const { ask, presence } = newTestTools();
  const bodies = [{}, { body: {} }, { body: { status: null } }, {
    raw: new URLSearchParams({ status: "away" }),
  }];
  for (const body of bodies) {
    const response = await ask("/chat/online_status/", {
      method: "POST",
      ...body,
    });
    assert.equal(response.status, 200);
    await response.text();
  }
  assert.deepEqual(presence.words.filter((word) => /choose/.test(word)), [
    "choose u1 online",
    "choose u1 online",
    "choose u1 online",
    "choose u1 away",
  ]);
});

Deno.test("POST online_status passes over rooms that are not the user's", async () => {
  const { ask, presence, rooms } = newTestTools();
  rooms.open("others", newChat(["u2", "u3"]));
  for (const roomId of ["others", "none", ""]) {
    const body = { room_id: roomId };
    const response = await ask("/chat/online_status/", {
      method: "POST",
      body,
    });
    await assertTool(response, 200, {
      success: true,
      message: "在线状态已更新",
    });
    assert.equal(presence.words.at(-1), "choose u1 online");
  }
});

Deno.test("POST online_status refuses a status that nobody has", async () => {
  const { ask, presence } = newTestTools();
  const body = { status: "dancing" };
  const response = await ask("/chat/online_status/", { method: "POST", body });
  assert.equal(response.status, 400);
  assert.equal((await response.json()).code, "bad_request");
  assert.deepEqual(presence.words, []);
});

Deno.test("POST online_status is for users, and the only method", async () => {
  const { ask } = newTestTools();
  const path = "/chat/online_status/";
  assert.equal((await ask(path, { method: "POST", user: null })).status, 401);
  assert.equal((await ask(path)).status, 405);
});
