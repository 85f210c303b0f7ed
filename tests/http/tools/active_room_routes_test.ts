import assert from "node:assert/strict";
import {
  OWN_ROOMS_MAX,
  OWN_ROOMS_SEEN_MAX,
} from "../../../src/http/tools/active_room_routes.ts";
import { StoreError } from "../../../src/store/store.ts";
import { OPEN_ROOMS_MAX } from "../../../src/http/tools/open_room_list.ts";
import { newChat } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { newPending } from "../../support/fake_links.ts";
import { newMessage } from "../../support/fake_messages.ts";
import { assertTool, newTestTools } from "../../support/test_tools.ts";

const START = "2026-01-01T00:00:00.000Z";

async function idsOf(response: Response): Promise<string[]> {
  const { active_rooms, rooms = active_rooms } = await response.json();
  return rooms.map((one: { room_id: string }) => one.room_id);
}

for (const path of ["/chat/active_rooms/", "/chat/active_rooms"]) {
  Deno.test(`GET ${path} names the user's rooms and who is online there`, async () => {
    const { ask, links, presence, rooms } = newTestTools();
    rooms.open("r1", newChat(["u1", "u2"]));
    presence.set("u2", { isOnline: true, lastSeenAt: START_AT + 5000 });
    links.pending = newPending();
    await assertTool(await ask(path), 200, {
      success: true,
      active_rooms: [{
        room_id: "r1",
        created_at: START,
        participants: [{
          id: "u2",
          username: "u2",
          display_name: "u2的昵称",
          last_seen: "2026-01-01T00:00:05.000Z",
        }],
        participant_count: 1,
      }],
      active_room_count: 1,
      heart_link_status: {
        status: "pending",
        created_at: START,
        expires_at: "2026-01-01T00:10:00.000Z",
      },
      user_id: "u1",
      username: "u1",
    });
  });
}

Deno.test("GET active_rooms leaves out rooms of others, empty and waiting ones", async () => {
  const { ask, presence, rooms } = newTestTools();
  for (const userId of ["u1", "u2", "u3"]) {
    presence.set(userId, { isOnline: true });
  }
  rooms.open("mine", newChat(["u1", "u2"]));
  rooms.open("others", newChat(["u2", "u3"]));
  rooms.open("waiting", newChat(["u1"], { isWaiting: true }));
  rooms.open("managed", null);
  assert.deepEqual(await idsOf(await ask("/chat/active_rooms/")), ["mine"]);
  for (const userId of ["u1", "u2"]) presence.set(userId, { isOnline: false });
  await assertTool(await ask("/chat/active_rooms/"), 200, {
    success: true,
    active_rooms: [],
    active_room_count: 0,
    heart_link_status: null,
    user_id: "u1",
    username: "u1",
  });
});

Deno.test("GET active_rooms names so many rooms at most, newest first", async () => {
  const { ask, presence, rooms } = newTestTools();
  presence.set("u1", { isOnline: true });
  for (let index = 0; index <= OWN_ROOMS_MAX; index++) {
    const createdAt = START_AT + index;
    rooms.open(`r${index}`, newChat(["u1", "u2"]), { createdAt });
  }
  const ids = await idsOf(await ask("/chat/active_rooms/"));
  assert.equal(ids.length, OWN_ROOMS_MAX);
  assert.equal(ids[0], `r${OWN_ROOMS_MAX}`);
});

Deno.test("GET active_rooms says that it failed", async () => {
  const { ask, rooms } = newTestTools();
  rooms.participating = () => {
    throw new Error("a bug");
  };
  await assertTool(await ask("/chat/active_rooms/"), 500, {
    success: false,
    message: "获取活跃聊天室信息失败",
    error: "Internal error",
    code: "internal",
  });
});

for (const path of ["/chat/active-rooms/", "/chat/active-rooms"]) {
  Deno.test(`GET ${path} names open rooms and what was said last`, async () => {
    const { ask, messages, recorder, rooms } = newTestTools();
    rooms.open("tech-talk", newChat(["u2"], { access: "open" }), {
      lastMessageAt: START_AT + 2,
    });
    messages.entries = [1, 2].map((seq) =>
      newMessage({
        roomId: "tech-talk",
        seq,
        actor: "u2",
        payload: { content: "😀".repeat(49 + seq) },
      })
    );
    await assertTool(await ask(path), 200, {
      success: true,
      rooms: [{
        room_id: "tech-talk",
        room_name: "Tech Talk",
        participants_count: 1,
        last_message: {
          content: "😀".repeat(50),
          created_at: "2026-01-01T00:00:00.002Z",
          sender: "u2",
        },
        created_at: START,
        updated_at: "2026-01-01T00:00:00.002Z",
      }],
    });
    assert.deepEqual(recorder.flushes, ["tech-talk"]);
  });
}

Deno.test("GET active-rooms says nothing of a room where nobody spoke", async () => {
  const { ask, rooms } = newTestTools();
  const chat = newChat(["u2"], { access: "open" });
  rooms.open("hall", chat, { name: "大厅" });
  await assertTool(await ask("/chat/active-rooms/"), 200, {
    success: true,
    rooms: [{
      room_id: "hall",
      room_name: "大厅",
      participants_count: 1,
      last_message: { content: "", created_at: null, sender: null },
      created_at: START,
      updated_at: START,
    }],
  });
});

Deno.test("GET active-rooms shows no private room, also to its own", async () => {
  const { ask, rooms, tokens } = newTestTools();
  rooms.open("private", newChat(["u1", "u2"]));
  rooms.open("managed", null);
  const open = newChat(["u2"], { access: "open" });
  rooms.open("hall", open);
  const barred = rooms.open("barred", open);
  barred.banned = [{ userId: "u1", until: null, at: START_AT }];
  assert.deepEqual(await idsOf(await ask("/chat/active-rooms/")), ["hall"]);
  tokens.claims.set("u1", { rooms: new Set(["other"]) });
  assert.deepEqual(await idsOf(await ask("/chat/active-rooms/")), []);
});

Deno.test("GET active-rooms names so many rooms at most, used last first", async () => {
  const { ask, rooms } = newTestTools();
  for (let index = 0; index <= OPEN_ROOMS_MAX; index++) {
    rooms.open(`r${index}`, newChat(["u2"], { access: "open" }), {
      createdAt: START_AT - index,
      lastMessageAt: START_AT + index,
    });
  }
  const ids = await idsOf(await ask("/chat/active-rooms/"));
  assert.equal(ids.length, OPEN_ROOMS_MAX);
  assert.equal(ids[0], `r${OPEN_ROOMS_MAX}`);
  assert.ok(!ids.includes("r0"));
});

Deno.test("GET active-rooms fails with the database", async () => {
  const { ask, messages, rooms } = newTestTools();
  rooms.open("hall", newChat(["u2"], { access: "open" }));
  messages.failure = new StoreError("io", "The database failed");
  const response = await ask("/chat/active-rooms/");
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "storage_unavailable");
});

Deno.test("GET active_rooms looks at so many of the user's rooms", async () => {
  const { ask, presence, rooms } = newTestTools();
  let looks = 0;
  for (let index = 0; index <= OWN_ROOMS_SEEN_MAX; index++) {
    const room = rooms.open(`r${index}`, newChat(["u1", "u2"]));
    const facts = room.facts.bind(room);
    room.facts = () => {
      looks += 1;
      return facts();
    };
  }
  presence.set("u1", { isOnline: false });
  rooms.participating = () => [...rooms.all()];
  assert.equal((await ask("/chat/active_rooms/")).status, 200);
  assert.equal(looks, OWN_ROOMS_SEEN_MAX);
});
