import assert from "node:assert/strict";
import {
  LIST_MS,
  OPEN_ROOMS_MAX,
  OpenRoomList,
} from "../../../src/http/tools/open_room_list.ts";
import type { PageSession } from "../../../src/identity/page_session.ts";
import { newChat } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { newMessage } from "../../support/fake_messages.ts";
import { newTestTools } from "../../support/test_tools.ts";

const OPEN = newChat(["u2"], { access: "open" });

/** A list over fakes, which counts how often all rooms are looked through. */
function newList() {
  const tools = newTestTools();
  const { clock, deps, messages, rooms } = tools;
  const list = new OpenRoomList(deps, clock);
  const seen = { looks: 0, asked: new Array<readonly string[]>() };
  const all = rooms.all.bind(rooms);
  rooms.all = () => {
    seen.looks += 1;
    return all();
  };
  const last = messages.lastMessages.bind(messages);
  messages.lastMessages = (ids) => {
    seen.asked.push(ids);
    return last(ids);
  };
  async function idsFor(more: Partial<PageSession> = {}): Promise<string[]> {
    const found = await list.for({
      userId: "u1",
      nickname: "Ann",
      isProven: true,
      rooms: null,
      admin: false,
      expiresAt: null,
      ...more,
    });
    return found.map(({ room }) => room.id);
  }
  return { ...tools, list, seen, idsFor };
}

Deno.test("OpenRoomList looks through all rooms once a second", async () => {
  const { clock, idsFor, rooms, seen } = newList();
  rooms.open("hall", OPEN);
  assert.deepEqual(await idsFor(), ["hall"]);
  rooms.open("new", OPEN, { createdAt: START_AT + 1 });
  await clock.advance(LIST_MS - 1);
  assert.deepEqual(await idsFor({ userId: "u2" }), ["hall"]);
  assert.deepEqual(seen, { looks: 1, asked: [["hall"]] });
  await clock.advance(1);
  assert.deepEqual(await idsFor(), ["new", "hall"]);
  assert.equal(seen.looks, 2);
});

Deno.test("OpenRoomList reads what was said last, for two who ask at once, once", async () => {
  const { idsFor, list, messages, rooms, seen } = newList();
  rooms.open("hall", OPEN);
  messages.entries = [newMessage({ roomId: "hall", seq: 1, actor: "u2" })];
  await Promise.all([idsFor(), idsFor()]);
  assert.deepEqual(seen.asked, [["hall"]]);
  const session = {
    userId: "u1",
    nickname: "Ann",
    isProven: true,
    rooms: null,
    admin: false,
    expiresAt: null,
  };
  const [hall] = await list.for(session);
  assert.equal(hall?.last?.seq, 1);
});

Deno.test("OpenRoomList looks for a session's rooms alone", async () => {
  const { idsFor, rooms, seen } = newList();
  for (const id of ["hall", "lobby"]) rooms.open(id, OPEN);
  const named = new Set(["lobby", "none"]);
  assert.deepEqual(await idsFor({ rooms: named }), ["lobby"]);
  assert.equal(seen.looks, 0);
});

Deno.test("OpenRoomList leaves out a room that has ended since", async () => {
  const { idsFor, rooms } = newList();
  rooms.open("hall", OPEN);
  assert.deepEqual(await idsFor(), ["hall"]);
  rooms.get = () => undefined;
  assert.deepEqual(await idsFor(), []);
});

Deno.test("OpenRoomList fills up behind rooms that bar the reader", async () => {
  const { idsFor, rooms } = newList();
  for (let index = 0; index <= OPEN_ROOMS_MAX; index++) {
    const room = rooms.open(`r${index}`, OPEN, { createdAt: START_AT - index });
    if (index === 0) room.banned = [{ userId: "u1", until: null, at: 1 }];
  }
  const ids = await idsFor();
  assert.deepEqual([ids[0], ids.length], ["r1", OPEN_ROOMS_MAX]);
  assert.equal((await idsFor({ userId: "u3" }))[0], "r0");
});

Deno.test("OpenRoomList names no device room, also to whose token does", async () => {
  const { idsFor, rooms } = newList();
  rooms.open("hall", OPEN);
  rooms.open("DEVICES1", null, { kind: "device" });
  assert.deepEqual(await idsFor(), ["hall"]);
  const named = new Set(["DEVICES1", "hall"]);
  assert.deepEqual(await idsFor({ rooms: named, admin: true }), ["hall"]);
});
