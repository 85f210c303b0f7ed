import assert from "node:assert/strict";
import { countRooms, selectKnownRooms } from "../../src/store/room_table.ts";
import {
  chatCreated,
  created,
  deviceCreated,
  entry,
  fed,
  liveCreated,
  newRoom,
  relayed,
  said,
  T0,
  testStore,
} from "./fixture.ts";
import { planOf } from "./query_plan.ts";

testStore("room_table keeps a room as it was made", async ({ store }) => {
  const room = newRoom({
    name: '茶馆 "o\'clock"; DROP TABLE room',
    slowModeSecs: 5,
    membersMax: 100,
    pinned: "Be kind\nto all",
    adminUserIds: ["zoe", "ann", "zoe"],
    autoClose: false,
  });
  await store.apply([{ type: "room_created", room }]);
  assert.deepEqual(await store.room("room-1"), {
    ...room,
    adminUserIds: ["ann", "zoe"],
    status: "active",
    endedAt: null,
    lastSeq: 0,
    peakUsers: 0,
    totalJoins: 0,
    lastMessageAt: null,
    lastLeftAt: null,
  });
  assert.equal(await store.room("room-2"), undefined);
});

testStore(
  "room_table does not take a room back to its birth",
  async ({ store }) => {
    await store.apply([
      created({ adminUserIds: ["ann"] }),
      entry("settings", 1, { name: "Renamed" }),
      entry("admins", 2, { userIds: ["bob"] }),
      created({ adminUserIds: ["ann"] }),
    ]);
    const room = await store.room("room-1");
    assert.equal(room?.name, "Renamed");
    assert.deepEqual(room?.adminUserIds, ["bob"]);
  },
);

testStore(
  "room_table sets the settings that an entry names, and no other",
  async ({ store }) => {
    await store.apply([
      created({ slowModeSecs: 5, membersMax: 100, pinned: "Hello" }),
      entry("settings", 1, { slowModeSecs: null }),
    ]);
    const first = await store.room("room-1");
    assert.equal(first?.slowModeSecs, null);
    assert.equal(first?.membersMax, 100);
    assert.equal(first?.pinned, "Hello");
    assert.equal(first?.name, "Tea house");
    await store.apply([
      entry("settings", 2, { name: "New", pinned: null, membersMax: 7 }),
      entry("settings", 3, {}),
    ]);
    const second = await store.room("room-1");
    assert.equal(second?.name, "New");
    assert.equal(second?.pinned, null);
    assert.equal(second?.membersMax, 7);
    assert.equal(second?.lastSeq, 3);
  },
);

testStore("room_table replaces the whole set of admins", async ({ store }) => {
  await store.apply([
    created({ adminUserIds: ["ann", "bob"] }),
    entry("admins", 1, { userIds: ["cat", 'it\'s "me"'] }),
  ]);
  assert.deepEqual((await store.room("room-1"))?.adminUserIds, [
    "cat",
    'it\'s "me"',
  ]);
  await store.apply([entry("admins", 2, { userIds: [] })]);
  assert.deepEqual((await store.room("room-1"))?.adminUserIds, []);
});

testStore("room_table ends a room once, and keeps it", async ({ store }) => {
  await store.apply([
    created(),
    entry("end", 1, { reason: "closed" }, { at: T0 + 9000 }),
    entry("end", 2, { reason: "reaped" }, { at: T0 + 10_000 }),
  ]);
  const room = await store.room("room-1");
  assert.equal(room?.status, "ended");
  assert.equal(room?.endedAt, T0 + 9000);
});

testStore(
  "room_table counts seq and the last message up, never down",
  async ({ store }) => {
    await store.apply([
      created(),
      said(1),
      entry("system", 2, { message: "x" }),
    ]);
    const first = await store.room("room-1");
    assert.equal(first?.lastSeq, 2);
    assert.equal(first?.lastMessageAt, T0 + 1000);
    await store.apply([said(3, "after the clock stepped back", { at: T0 })]);
    const second = await store.room("room-1");
    assert.equal(second?.lastSeq, 3);
    assert.equal(second?.lastMessageAt, T0 + 1000);
    await store.apply([said(1)]);
    assert.equal((await store.room("room-1"))?.lastSeq, 3);
  },
);

testStore(
  "room_table lists rooms newest first, ended ones only when asked",
  async ({ store }) => {
    await store.apply([
      created({ id: "a", createdAt: T0 }),
      created({ id: "b", createdAt: T0 + 2 }),
      created({ id: "c", createdAt: T0 + 1 }),
      created({ id: "d", createdAt: T0 + 1 }),
      entry("end", 1, { reason: "reaped" }, { roomId: "c" }),
    ]);
    const ids = async (ended: boolean, limit: number, offset: number) => {
      const rooms = await store.rooms({ ended, limit, offset });
      return rooms.map(({ id }) => id).join("");
    };
    assert.equal(await ids(false, 10, 0), "bda");
    assert.equal(await ids(true, 10, 0), "bdca");
    assert.equal(await ids(true, 2, 1), "dc");
    assert.equal(await ids(true, 2, 4), "");
  },
);

testStore("room_table counts each room once", async ({ store }) => {
  assert.deepEqual(await store.counts(), { active: 0, waiting: 0, ended: 0 });
  const ended = { reason: "reaped" } as const;
  const waiting = { isWaiting: true };
  await store.apply([
    created({ id: "a" }),
    created({ id: "b" }),
    created({ id: "c" }),
    chatCreated({ id: "d" }),
    chatCreated({ id: "e" }, waiting),
    chatCreated({ id: "f" }, waiting),
    entry("end", 1, ended, { roomId: "b" }),
    entry("end", 1, ended, { roomId: "f" }),
  ]);
  assert.deepEqual(await store.counts(), { active: 3, waiting: 1, ended: 2 });
});

Deno.test("room_table counts rooms by indexes alone", async () => {
  const plan = await planOf(countRooms());
  assert.match(plan, /USING COVERING INDEX room_waiting/);
  assert.doesNotMatch(plan, /SCAN room$/m);
});

testStore("room_table keeps whom a chat room is for", async ({ store }) => {
  const ann = { userId: "ann", nickname: 'NUL \0 and "quotes" 茶' };
  const chat = {
    access: "participants",
    participants: [ann],
    isWaiting: true,
  } as const;
  await store.apply([chatCreated({}, chat)]);
  const room = await store.room("room-1");
  assert.equal(room?.kind, "chat");
  assert.equal(room?.status, "active");
  assert.deepEqual(room?.chat, chat);
  const [recovered] = await store.recover({ sendsSinceAt: 0 });
  assert.deepEqual(recovered?.room.chat, chat);
  await store.apply([chatCreated({ id: "room-2" }, { access: "open" })]);
  assert.equal((await store.room("room-2"))?.chat?.access, "open");
  await store.apply([created({ id: "room-3" })]);
  assert.equal("chat" in (await store.room("room-3") ?? {}), false);
});

testStore("room_table opens a room that waits, once", async ({ store }) => {
  const ann = { userId: "ann", nickname: "Ann" };
  const bob = { userId: "bob", nickname: "Bob" };
  const birth = chatCreated({}, { participants: [ann], isWaiting: true });
  const open = entry("open", 1, { participants: [ann, bob] }, { actor: null });
  await store.apply([birth, open]);
  const expected = {
    access: "participants",
    participants: [ann, bob],
    isWaiting: false,
  };
  const room = await store.room("room-1");
  assert.deepEqual(room?.chat, expected);
  assert.equal(room?.lastSeq, 1);
  await store.apply([birth, open]);
  assert.deepEqual((await store.room("room-1"))?.chat, expected);
  const [first] = await store.log("room-1", { limit: 1 });
  assert.deepEqual(first?.payload, { participants: [ann, bob] });
});

testStore(
  "room_table keeps which line a device room is of",
  async ({ store }) => {
    await store.apply([
      deviceCreated({ id: "first" }),
      deviceCreated({ id: "second" }, "first"),
      created({ id: "other" }),
    ]);
    const first = await store.room("first");
    assert.equal(first?.kind, "device");
    assert.deepEqual(first?.device, { originId: null });
    const second = await store.room("second");
    assert.deepEqual(second?.device, { originId: "first" });
    assert.equal("device" in (await store.room("other") ?? {}), false);
    const recovered = await store.recover({ sendsSinceAt: 0 });
    const lines = recovered.map(({ room }) => [room.id, room.device?.originId]);
    assert.deepEqual(lines, [
      ["first", null],
      ["other", undefined],
      ["second", "first"],
    ]);
  },
);

testStore("room_table knows rooms by id, ended ones too", async ({ store }) => {
  await store.apply([
    deviceCreated({ id: "first" }),
    entry("end", 1, { reason: "reaped" }, { roomId: "first" }),
    deviceCreated({ id: "second" }, "first"),
    created({ id: "other" }),
    deviceCreated({ id: "not asked for" }),
  ]);
  const wanted = ["second", "first", "first", "other", "none", "it's"];
  const rooms = await store.knownRooms(wanted);
  assert.deepEqual(Object.fromEntries(rooms), {
    first: { isDevice: true, originId: null },
    second: { isDevice: true, originId: "first" },
    other: { isDevice: false, originId: null },
  });
  const thousand = Array.from({ length: 1000 }, (_, index) => `room ${index}`);
  await store.apply(thousand.map((id) => deviceCreated({ id })));
  assert.equal((await store.knownRooms(thousand)).size, 1000);
  assert.equal((await store.knownRooms([])).size, 0);
});

Deno.test("room_table looks known rooms up one by one", async () => {
  const plan = await planOf(selectKnownRooms(["a"]));
  assert.match(plan, /SEARCH room USING PRIMARY KEY/);
});

testStore(
  "room_table moves a room on with what devices send",
  async ({ store }) => {
    await store.apply([
      deviceCreated(),
      relayed(1),
      relayed(2, { base64: "" }),
      entry("system", 3, { message: "Hello" }, { actor: null }),
    ]);
    const room = await store.room("room-1");
    assert.deepEqual([room?.lastSeq, room?.lastMessageAt], [3, T0 + 2000]);
  },
);

testStore(
  "room_table keeps what a live room is called where it comes from",
  async ({ store }) => {
    const born = { id: "b", createdAt: T0 + 1 };
    await store.apply([liveCreated(), created(born)]);
    const room = await store.room("room-1");
    assert.equal(room?.kind, "live");
    assert.deepEqual(room?.live, { liveId: "7351" });
    assert.equal("device" in (room ?? {}) || "chat" in (room ?? {}), false);
    const [other, live] = await store
      .rooms({ ended: false, limit: 9, offset: 0 });
    assert.equal(other && "live" in other, false);
    assert.deepEqual(live, room);
  },
);

testStore(
  "room_table takes a live message for the room's last message",
  async ({ store }) => {
    await store.apply([liveCreated(), fed(1), fed(2)]);
    await store.apply([entry("system", 3, { message: "x" })]);
    const room = await store.room("room-1");
    assert.deepEqual([room?.lastSeq, room?.lastMessageAt], [3, T0 + 2000]);
  },
);
