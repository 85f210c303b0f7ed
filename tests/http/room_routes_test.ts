// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newStoredRoom } from "../support/fake_history.ts";
import {
  assertBadRequest,
  assertEmpty,
  assertJson,
  newTestHttp,
  notFoundBody,
} from "../support/test_http.ts";

const ROOMS = "/management/rooms";
const START_SECS = START_AT / 1000;

Deno.test("POST rooms creates a room and says where it is", async () => {
  const { ask, rooms } = newTestHttp();
  const response = await ask(ROOMS, {
    method: "POST",
    body: { room_name: "测试房间", admin_user_ids: ["admin1", "admin2"] },
  });
  await assertJson(response, 200, {
    room_id: "room-1",
    websocket_url: "/ws/rooms/room-1",
  });
  assert.deepEqual(rooms.specs, [{
    name: "测试房间",
    adminUserIds: ["admin1", "admin2"],
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    autoClose: false,
  }]);
});

Deno.test("POST rooms takes settings too and ignores what it does not know", async () => {
  const { ask, rooms } = newTestHttp();
  const response = await ask(ROOMS, {
    method: "POST",
    body: {
      room_name: "r",
      admin_user_ids: [],
      slow_mode_secs: 86_400,
      max_members: 500,
      pinned: "hello",
      auto_close: true,
      colour: "red",
    },
  });
  assert.equal(response.status, 200);
  await response.text();
  assert.deepEqual(rooms.specs, [{
    name: "r",
    adminUserIds: [],
    slowModeSecs: 86_400,
    membersMax: 500,
    pinned: "hello",
    autoClose: true,
  }]);
});

Deno.test("POST rooms takes an admin who is named twice once", async () => {
  const { ask, rooms } = newTestHttp();
  const body = { room_name: "r", admin_user_ids: ["a", "b", "a"] };
  await (await ask(ROOMS, { method: "POST", body })).text();
  assert.deepEqual(rooms.specs[0]?.adminUserIds, ["a", "b"]);
});

Deno.test("POST rooms takes a name of 200 characters and 1000 admins, and no more", async () => {
  const { ask } = newTestHttp();
  const create = async (name: string, adminCount: number) => {
    const admins = Array.from(
      { length: adminCount },
      (_, index) => `u${index}`,
    );
    const body = { room_name: name, admin_user_ids: admins };
    return await ask(ROOMS, { method: "POST", body });
  };
  const fits = await create("间".repeat(200), 1000);
  await fits.text();
  assert.equal(fits.status, 200);
  await assertBadRequest(
    await create("间".repeat(201), 0),
    "Invalid room_name: want at most 200 characters",
  );
  await assertBadRequest(await create("r", 1001), /^Invalid admin_user_ids: /);
});

Deno.test("POST rooms names each wrong field", async () => {
  const { ask } = newTestHttp();
  const wrong: [body: unknown, error: RegExp][] = [
    [{ admin_user_ids: [] }, /^Invalid room_name: /],
    [{ room_name: "", admin_user_ids: [] }, /^Invalid room_name: /],
    [{ room_name: 5, admin_user_ids: [] }, /^Invalid room_name: .*string/],
    [{ room_name: "r" }, /^Invalid admin_user_ids: /],
    [{ room_name: "r", admin_user_ids: "a" }, /^Invalid admin_user_ids: /],
    [{ room_name: "r", admin_user_ids: [1] }, /^Invalid admin_user_ids\.0: /],
    [{ room_name: "r", admin_user_ids: [""] }, /^Invalid admin_user_ids\.0: /],
    [
      { room_name: "r", admin_user_ids: ["thirteenchars"] },
      /^Invalid admin_user_ids\.0: want at most 12 characters$/,
    ],
    [
      { room_name: "r", admin_user_ids: [], max_members: 501 },
      /^Invalid max_members: /,
    ],
    [
      { room_name: "r", admin_user_ids: [], slow_mode_secs: -1 },
      /^Invalid slow_mode_secs: /,
    ],
    [[], /^Invalid request: /],
    [null, /^Invalid request: /],
    [{}, /^Invalid room_name: .*; Invalid admin_user_ids: /],
  ];
  for (const [body, error] of wrong) {
    await assertBadRequest(await ask(ROOMS, { method: "POST", body }), error);
  }
});

Deno.test("POST rooms refuses what is not JSON", async () => {
  const { ask } = newTestHttp();
  for (const text of ["", "{", '{"room_name":', "\u0000", "NaN"]) {
    const response = await ask(ROOMS, { method: "POST", text });
    const body = { error: "Invalid JSON", code: "bad_json" };
    await assertJson(response, 400, body);
  }
});

Deno.test("POST rooms passes on that there is no place", async () => {
  const { ask, rooms } = newTestHttp();
  rooms.refusal = new ChatError("too_many_rooms");
  const response = await ask(ROOMS, {
    method: "POST",
    body: { room_name: "r", admin_user_ids: [] },
  });
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "too_many_rooms");
});

Deno.test("GET rooms lists live rooms in the seed's shape", async () => {
  const { ask, rooms } = newTestHttp();
  await assertJson(await ask(ROOMS), 200, []);
  rooms.open("r1", {
    createdAt: START_AT + 1999,
    currentUsers: 2,
    peakUsers: 5,
    totalJoins: 9,
  });
  await assertJson(await ask(ROOMS), 200, [{
    room_id: "r1",
    room_name: "测试房间",
    admin_user_ids: ["admin1"],
    start_time: START_SECS + 1,
    current_users: 2,
    peak_users: 5,
    total_joins: 9,
  }]);
});

Deno.test("GET rooms?ended=true lists ended rooms too, live ones as they are now", async () => {
  const { ask, rooms, store, recorder } = newTestHttp();
  rooms.open("r1", { currentUsers: 2, peakUsers: 5, totalJoins: 9 });
  store.stored.set("r1", newStoredRoom("r1"));
  const ended = { status: "ended", endedAt: START_AT + 5500 } as const;
  store.stored.set("r2", newStoredRoom("r2", ended));
  const shared = {
    room_name: "测试房间",
    admin_user_ids: ["admin1"],
    start_time: START_SECS,
  };
  await assertJson(await ask(`${ROOMS}?ended=true`), 200, [
    {
      room_id: "r1",
      ...shared,
      current_users: 2,
      peak_users: 5,
      total_joins: 9,
      status: "active",
      end_time: null,
    },
    {
      room_id: "r2",
      ...shared,
      current_users: 0,
      peak_users: 3,
      total_joins: 9,
      status: "ended",
      end_time: START_SECS + 5,
    },
  ]);
  assert.deepEqual(recorder.flushes, ["all"]);
  const second = await ask(`${ROOMS}?ended=true&limit=1&offset=1`);
  const rows = await second.json();
  assert.deepEqual(rows.map((row: { room_id: string }) => row.room_id), ["r2"]);
});

Deno.test("GET rooms refuses a query that it cannot read", async () => {
  const { ask } = newTestHttp();
  for (const query of ["ended=yes", "ended=true&limit=0", "offset=-1"]) {
    await assertBadRequest(await ask(`${ROOMS}?${query}`), /^Invalid \w+: /);
  }
});

Deno.test("GET rooms/{id} shows settings, members and counts", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1", {
    slowModeSecs: 5,
    membersMax: 50,
    pinned: "rules",
    currentUsers: 2,
    sessions: 3,
    peakUsers: 4,
    totalJoins: 8,
    lastMessageAt: START_AT + 77,
  });
  const ann = {
    userId: "ann",
    nickname: "Ann",
    isAdmin: true,
    isMuted: false,
    sessions: [{ id: "s1", ip: "::1", joinedAt: START_AT + 1 }],
  };
  room.people = [ann, { ...ann, userId: "bob" }];
  room.banned = [{ userId: "x", until: null, at: 1 }];
  await assertJson(await ask(`${ROOMS}/r1?members_limit=1`), 200, {
    room_id: "r1",
    room_name: "测试房间",
    admin_user_ids: ["admin1"],
    start_time: START_SECS,
    current_users: 2,
    peak_users: 4,
    total_joins: 8,
    status: "active",
    end_time: null,
    kind: "managed",
    auto_close: false,
    epoch: "epoch-1",
    last_seq: 6,
    session_count: 3,
    last_message_at: START_AT + 77,
    settings: {
      name: "测试房间",
      slow_mode_secs: 5,
      max_members: 50,
      pinned: "rules",
    },
    ban_count: 1,
    mute_count: 0,
    members: [{
      user_id: "ann",
      nickname: "Ann",
      is_admin: true,
      is_muted: false,
      sessions: [{ session_id: "s1", ip: "::1", joined_at: START_AT + 1 }],
    }],
  });
});

Deno.test("GET rooms/{id} shows a room that has ended, from the database", async () => {
  const { ask, store, recorder } = newTestHttp();
  const ended = { status: "ended", endedAt: START_AT + 1000 } as const;
  store.stored.set("r1", newStoredRoom("r1", ended));
  const response = await ask(`${ROOMS}/r1`);
  assert.equal(response.status, 200);
  const body = await response.json();
  assert.equal(body.status, "ended");
  assert.equal(body.end_time, START_SECS + 1);
  assert.equal(body.current_users, 0);
  assert.deepEqual(body.members, []);
  assert.deepEqual(recorder.flushes, ["r1"]);
});

Deno.test("PATCH rooms/{id} changes what it names and nothing else", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1", { pinned: "rules", membersMax: 9 });
  const response = await ask(`${ROOMS}/r1`, {
    method: "PATCH",
    body: { name: "new", slow_mode_secs: 10, pinned: null },
  });
  await assertJson(response, 200, {
    seq: 7,
    settings: {
      name: "new",
      slow_mode_secs: 10,
      max_members: 9,
      pinned: null,
    },
  });
  assert.deepEqual(room.commands, [{
    type: "set_settings",
    settings: { name: "new", slowModeSecs: 10, pinned: null },
  }]);
});

Deno.test("PATCH rooms/{id} refuses unknown fields, none at all and bad values", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  const wrong: [body: unknown, error: RegExp][] = [
    [{ nam: "x" }, /nam/],
    [{ name: "x", extra: 1 }, /extra/],
    [{}, /want at least one of name/],
    [{ name: null }, /^Invalid name: /],
    [{ slow_mode_secs: 86_401 }, /^Invalid slow_mode_secs: /],
    [{ slow_mode_secs: 1.5 }, /^Invalid slow_mode_secs: /],
    [{ max_members: 0 }, /^Invalid max_members: /],
    [{ pinned: "x".repeat(4097) }, /^Invalid pinned: /],
  ];
  for (const [body, error] of wrong) {
    const response = await ask(`${ROOMS}/r1`, { method: "PATCH", body });
    await assertBadRequest(response, error);
  }
  assert.deepEqual(room.commands, []);
});

Deno.test("PUT admins replaces them and answers with nothing", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  const response = await ask(`${ROOMS}/r1/admins`, {
    method: "PUT",
    body: { admin_user_ids: ["b", "c", "b"] },
  });
  await assertEmpty(response, 200);
  assert.deepEqual(room.commands, [
    { type: "set_admins", userIds: ["b", "c"] },
  ]);
});

Deno.test("DELETE rooms/{id} closes the room", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  await assertEmpty(await ask(`${ROOMS}/r1`, { method: "DELETE" }), 204);
  assert.deepEqual(room.commands, [{ type: "end", reason: "closed" }]);
});

Deno.test("Room routes answer 404 for a room that is not live", async () => {
  const { ask, store } = newTestHttp();
  const ended = { status: "ended", endedAt: START_AT } as const;
  store.stored.set("r9", newStoredRoom("r9", ended));
  const requests: [path: string, method: string][] = [
    ["/r9", "PATCH"],
    ["/r9", "DELETE"],
    ["/r9/admins", "PUT"],
  ];
  for (const [path, method] of requests) {
    const body = { name: "x", admin_user_ids: [] };
    const response = await ask(ROOMS + path, { method, body });
    await assertJson(response, 404, notFoundBody("r9"));
  }
  await assertJson(await ask(`${ROOMS}/r8`), 404, notFoundBody("r8"));
});

Deno.test("Room routes decode the room's id once", async () => {
  const { ask, rooms } = newTestHttp();
  for (const roomId of ["a/b", "100%", "%2F", "房间 1", "?x=1#y"]) {
    const room = rooms.open(roomId);
    const path = `${ROOMS}/${encodeURIComponent(roomId)}`;
    await assertEmpty(await ask(path, { method: "DELETE" }), 204);
    assert.equal(room.commands.length, 1, roomId);
  }
});

Deno.test("GET rooms/{id} answers 503 while the database fails", async () => {
  const { ask, store } = newTestHttp();
  store.failure = new StoreError("io", "disk gone");
  const response = await ask(`${ROOMS}/r1`);
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "storage_unavailable");
});

Deno.test("GET room shows of which line of device rooms it is", async () => {
  const { ask, rooms, store } = newTestHttp();
  async function kindAndOrigin(roomId: string): Promise<unknown[]> {
    const body = await (await ask(`${ROOMS}/${roomId}`)).json();
    return [body.kind, body.origin_id];
  }
  const origin = { kind: "device", device: { originId: "FIRST001" } } as const;
  const first = { kind: "device", device: { originId: null } } as const;
  rooms.open("LIVE0002", origin);
  rooms.open("LIVE0001", first);
  store.stored.set("ENDED002", newStoredRoom("ENDED002", origin));
  store.stored.set("FIRST001", newStoredRoom("FIRST001", first));
  assert.deepEqual(await kindAndOrigin("LIVE0002"), ["device", "FIRST001"]);
  assert.deepEqual(await kindAndOrigin("LIVE0001"), ["device", undefined]);
  assert.deepEqual(await kindAndOrigin("ENDED002"), ["device", "FIRST001"]);
  assert.deepEqual(await kindAndOrigin("FIRST001"), ["device", undefined]);
});

Deno.test("GET room shows what a live room is fed from, also once it has ended", async () => {
  const { ask, rooms, store } = newTestHttp();
  async function kindAndLiveId(roomId: string): Promise<unknown[]> {
    const body = await (await ask(`${ROOMS}/${roomId}`)).json();
    return [body.kind, body.live_id];
  }
  const status = { state: "live", isWanted: true } as const;
  rooms.open("r1", { kind: "live", live: { liveId: "77", ...status } });
  rooms.open("r2", { kind: "managed" });
  const ended = { kind: "live", live: { liveId: "78" } } as const;
  store.stored.set("r3", newStoredRoom("r3", ended));
  assert.deepEqual(await kindAndLiveId("r1"), ["live", "77"]);
  assert.deepEqual(await kindAndLiveId("r2"), ["managed", undefined]);
  assert.deepEqual(await kindAndLiveId("r3"), ["live", "78"]);
});
