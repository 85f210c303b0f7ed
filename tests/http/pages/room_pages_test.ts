import assert from "node:assert/strict";
import { ANN, EVIL, FakeChatRoom, PageWorld } from "./page_world.ts";

const PAGES = [
  "/tools/chat/active_rooms/",
  "/tools/heart_link/",
  "/tools/chat/enhanced/room-1/",
];

function withRoom(isWaiting = false): PageWorld {
  const world = new PageWorld();
  const participants = [ANN];
  const chat = { access: "participants", participants, isWaiting } as const;
  world.rooms.set("room-1", new FakeChatRoom("room-1", chat));
  return world;
}

/** A room that devices are in; answers its id. */
function withDevices({ rooms }: PageWorld, id: string): string {
  const open = { access: "open", participants: [], isWaiting: false } as const;
  const room = new FakeChatRoom(id, open);
  room.current = { ...room.current, kind: "device", chat: null };
  rooms.set(id, room);
  return id;
}

Deno.test("roomPages shows each page to a user, with its module", async () => {
  const world = withRoom();
  const modules = ["active_rooms_page", "heart_link_page", "chat_page"];
  for (const [index, path] of PAGES.entries()) {
    const response = await world.ask(path, { as: ANN });
    assert.equal(response.status, 200, path);
    const text = await response.text();
    const [, script = ""] = /<script type="module" src="([^"]+)"/.exec(text) ??
      [];
    assert(script.endsWith(`/${modules[index]}.js`), script);
    assert.equal((await world.ask(script)).status, 200);
  }
});

Deno.test("roomPages sends a stranger to the login and back", async () => {
  const world = withRoom();
  for (const path of PAGES) {
    const response = await world.ask(path);
    assert.equal(response.status, 302);
    assert.equal(
      response.headers.get("Location"),
      `/login?next=${encodeURIComponent(path)}`,
    );
  }
});

Deno.test("roomPages writes the room and its reader into the page", async () => {
  const world = withRoom(true);
  const response = await world.ask("/tools/chat/enhanced/room-1/", { as: ANN });
  const text = await response.text();
  assert.match(text, /data-room-id="room-1"/);
  assert.match(text, /data-user-id="ann"/);
  assert.match(text, /data-waiting="yes"/);
  assert.match(text, /data-chars-max="2000"/);
});

Deno.test("roomPages escapes a room's name", async () => {
  const world = new PageWorld();
  const chat = { access: "open", participants: [], isWaiting: false } as const;
  world.rooms.set("r", new FakeChatRoom("r", chat, EVIL));
  const response = await world.ask("/tools/chat/enhanced/r/", { as: ANN });
  const text = await response.text();
  assert(!text.includes("<img"), text);
  assert(text.includes("&lt;img"), text);
});

Deno.test("roomPages leads to the reason where a room cannot be shown", async () => {
  const world = withRoom();
  world.ended.add("room-2");
  const devices = withDevices(world, "DEVICES1");
  const stranger = { userId: "bo", nickname: "Bo" };
  const cases = [
    ["room-1", stranger, "no_permission"],
    ["room-2", ANN, "ended"],
    ["room-3", ANN, "not_found"],
    [devices, ANN, "not_found"],
  ] as const;
  for (const [roomId, as, kind] of cases) {
    const response = await world.ask(`/tools/chat/enhanced/${roomId}/`, { as });
    assert.equal(response.status, 302);
    assert.equal(
      response.headers.get("Location"),
      `/tools/chat-room-error/${kind}/${roomId}/`,
    );
  }
});

Deno.test("roomPages sends the seed's address of a match to its room", async () => {
  const world = withRoom();
  const path = "/tools/heart_link/chat/a%2Fb/";
  const response = await world.ask(path, { as: ANN });
  assert.equal(
    response.headers.get("Location"),
    "/tools/chat/enhanced/a%2Fb/",
  );
});
