import assert from "node:assert/strict";
import type { RoomActor } from "../../src/room/room_actor.ts";
import {
  type NewRoomSpec,
  RoomRegistry,
  type RoomSpec,
} from "../../src/room/room_registry.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { ChatSpec } from "../../src/wire/record.ts";
import { START_AT } from "../support/fake_clock.ts";
import { ActorWorld } from "./actor_world.ts";
import {
  chatStart,
  countingIds,
  deviceStart,
  liveStart,
  newPenalty,
  newStart,
  person,
  ROOM_OPTIONS,
} from "./fixture.ts";

const SPEC: RoomSpec = {
  name: "测试房间",
  slowModeSecs: 5,
  membersMax: null,
  pinned: null,
  adminUserIds: ["adm", "ann", "adm"],
  autoClose: true,
};

function newRegistry(roomsMax = 2) {
  const world = new ActorWorld();
  const ended: string[] = [];
  const changed: string[] = [];
  const registry = new RoomRegistry({
    world,
    room: ROOM_OPTIONS,
    ids: countingIds(),
    roomsMax,
    onPeopleChanged: ({ id }) => void changed.push(id),
    onEnded: (roomId) => void ended.push(roomId),
  });
  return { changed, ended, registry, world };
}

/** A chat room for these users; of one alone, who waits. */
function chatSpec(...userIds: string[]): NewRoomSpec & { chat: ChatSpec } {
  const participants = userIds.map(person);
  const isWaiting = userIds.length === 1;
  const chat = { access: "participants", participants, isWaiting } as const;
  return { ...SPEC, adminUserIds: [], chat };
}

function idsOf(actors: readonly RoomActor[]): string[] {
  return actors.map(({ id }) => id);
}

function isRefused(code: string) {
  return (error: unknown) => error instanceof ChatError && error.code === code;
}

Deno.test("RoomRegistry creates a room, records it and finds it again", () => {
  const { registry, world } = newRegistry();
  const actor = registry.create(SPEC);
  assert.deepEqual(world.recorder.records, [{
    type: "room_created",
    room: {
      ...SPEC,
      adminUserIds: ["adm", "ann"],
      id: "id1",
      epoch: "id2",
      kind: "managed",
      createdAt: START_AT,
    },
  }]);
  assert.equal(actor.id, "id1");
  assert.equal(registry.get("id1"), actor);
  assert.equal(registry.get("id2"), undefined);
  const { name, slowModeSecs, lastSeq, emptySinceAt, autoClose } = actor
    .facts();
  assert.deepEqual([name, slowModeSecs, autoClose], ["测试房间", 5, true]);
  assert.deepEqual([lastSeq, emptySinceAt], [0, START_AT]);
});

Deno.test("RoomRegistry gives each room an id and an epoch of its own", () => {
  const { registry } = newRegistry();
  const [one, two] = [registry.create(SPEC), registry.create(SPEC)];
  assert.notEqual(one.id, two.id);
  assert.notEqual(one.facts().epoch, two.facts().epoch);
  assert.deepEqual([...registry.all()], [one, two]);
});

Deno.test("RoomRegistry holds as many rooms as it may", async () => {
  const { registry, world } = newRegistry(2);
  registry.create(SPEC);
  const { id } = registry.create(SPEC);
  assert.throws(() => registry.create(SPEC), isRefused("too_many_rooms"));
  assert.equal(world.recorder.records.length, 2);
  const ending = registry.get(id)?.operate({ type: "end", reason: "closed" });
  await world.settle();
  await ending;
  registry.create(SPEC);
  assert.equal(registry.count, 2);
});

Deno.test("RoomRegistry keeps no room that cannot be recorded", () => {
  const { registry, world } = newRegistry();
  world.recorder.isStorable = false;
  assert.throws(() => registry.create(SPEC), isRefused("storage_unavailable"));
  assert.equal(registry.count, 0);
});

Deno.test("RoomRegistry brings a room back as it was, without a record", () => {
  const { registry, world } = newRegistry();
  const start = newStart({
    id: "old",
    lastSeq: 41,
    peakUsers: 7,
    bans: [newPenalty("bob", null), newPenalty("cid", START_AT)],
    mutes: [newPenalty("dan", null)],
  });
  const actor = registry.restore(start);
  assert.equal(registry.get("old"), actor);
  assert.deepEqual(world.recorder.records, []);
  const { lastSeq, peakUsers, epoch } = actor.facts();
  assert.deepEqual([lastSeq, peakUsers, epoch], [41, 7, "epoch-1"]);
  assert.deepEqual(actor.bans(), [newPenalty("bob", null)]);
  assert.deepEqual(actor.mutes(), [newPenalty("dan", null)]);
  registry[Symbol.dispose]();
});

Deno.test("RoomRegistry brings rooms back past the bound on new ones", () => {
  const { registry } = newRegistry(1);
  for (const id of ["a", "b"]) registry.restore(newStart({ id }));
  assert.equal(registry.count, 2);
  assert.throws(() => registry.create(SPEC), isRefused("too_many_rooms"));
});

Deno.test("RoomRegistry lets go of a room that ended, and says so once", async () => {
  const { ended, registry, world } = newRegistry();
  const actor = registry.create(SPEC);
  world.join("ann", { actor });
  const ending = actor.operate({ type: "end", reason: "closed" });
  await world.settle();
  await ending;
  assert.equal(registry.get(actor.id), undefined);
  assert.equal(registry.count, 0);
  assert.deepEqual(ended, [actor.id]);
  assert.equal(world.clock.armed, 0);
  world.join("bob", { actor });
  await world.settle();
  assert.deepEqual(ended, [actor.id]);
});

Deno.test("RoomRegistry keeps the number of rooms in the metrics", async () => {
  const { registry, world } = newRegistry();
  registry.create(SPEC);
  const actor = registry.restore(newStart({ id: "old" }));
  const { body: two } = await world.metrics.text();
  assert.match(two, /^parlor_rooms 2$/m);
  void actor.operate({ type: "end", reason: "closed" });
  await world.settle();
  const { body: one } = await world.metrics.text();
  assert.match(one, /^parlor_rooms 1$/m);
});

Deno.test("RoomRegistry adds up what waits in all mailboxes", () => {
  const { registry, world } = newRegistry();
  const [one, two] = [registry.create(SPEC), registry.create(SPEC)];
  world.join("ann", { actor: one });
  const bob = world.join("bob", { actor: two });
  world.say(bob, "hi", two);
  assert.equal(registry.depth, 3);
  world.slice();
  assert.equal(registry.depth, 0);
  registry[Symbol.dispose]();
});

Deno.test("RoomRegistry leaves no timer behind", () => {
  const { registry, world } = newRegistry();
  for (const id of ["a", "b"]) {
    const bans = [newPenalty("bob", START_AT + 60_000)];
    registry.restore(newStart({ id, bans }));
  }
  assert.equal(world.clock.armed, 2);
  registry[Symbol.dispose]();
  assert.equal(world.clock.armed, 0);
});

Deno.test("RoomRegistry creates a chat room under a given id, with what is kept with it", () => {
  const { registry, world } = newRegistry();
  const link = {
    id: "l1",
    userId: "ann",
    nickname: "Ann",
    number: null,
    createdAt: START_AT,
  };
  const spec = chatSpec("ann");
  const writes: number[] = [];
  world.recorder.onAccept = (records) => void writes.push(records.length);
  const actor = registry.create({
    ...spec,
    id: "match-1",
    also: ({ id: roomId }) => [
      { type: "link_requested", link: { ...link, roomId } },
    ],
  });
  assert.deepEqual(writes, [2]);
  assert.deepEqual(world.recorder.records, [
    {
      type: "room_created",
      room: {
        ...spec,
        id: "match-1",
        kind: "chat",
        epoch: "id1",
        createdAt: START_AT,
      },
    },
    { type: "link_requested", link: { ...link, roomId: "match-1" } },
  ]);
  assert.deepEqual(actor.facts().chat, spec.chat);
  assert.equal(actor.facts().kind, "chat");
});

Deno.test("RoomRegistry refuses an id that a room has", () => {
  const { registry, world } = newRegistry();
  registry.create({ ...SPEC, id: "general" });
  assert.throws(() => registry.create({ ...SPEC, id: "general" }), {
    message: 'Cannot create a room: its id is in use, got "general"',
  });
  assert.equal(world.recorder.records.length, 1);
});

Deno.test("RoomRegistry knows whose rooms are whose, until they end", async () => {
  const { registry, world } = newRegistry(9);
  registry.create(SPEC);
  const one = registry.create({ ...chatSpec("ann", "bob"), id: "a" });
  await world.clock.advance(1);
  registry.create({ ...chatSpec("ann"), id: "b" });
  registry.restore(newStart({ id: "old", ...chatStart() }));
  assert.deepEqual(idsOf(registry.participating("ann")), ["b", "old", "a"]);
  assert.deepEqual(idsOf(registry.participating("bob")), ["old", "a"]);
  assert.deepEqual(registry.participating("adm"), []);
  void one.operate({ type: "end", reason: "closed" });
  await world.settle();
  assert.deepEqual(idsOf(registry.participating("bob")), ["old"]);
});

Deno.test("RoomRegistry finds a room of the newcomer it was opened for, at once", async () => {
  const { changed, registry, world } = newRegistry();
  const actor = registry.create({ ...chatSpec("ann"), id: "a" });
  const opening = actor.operate({
    type: "open",
    newcomer: person("bob"),
    records: [],
  });
  const found = opening.then(() => idsOf(registry.participating("bob")));
  await world.settle();
  assert.deepEqual(await found, ["a"]);
  assert.deepEqual(changed, ["a"]);
});

Deno.test("RoomRegistry tells of other people once a turn, and of an end after it", async () => {
  const { changed, ended, registry, world } = newRegistry();
  const actor = registry.create({ ...chatSpec("ann", "bob"), id: "a" });
  const ann = world.join("ann", { actor });
  world.join("bob", { actor });
  world.slice();
  assert.deepEqual(changed, ["a"]);
  world.say(ann, "hi", actor);
  world.slice();
  assert.deepEqual(changed, ["a"]);
  void actor.operate({ type: "end", reason: "reaped" });
  await world.settle();
  assert.deepEqual([changed, ended], [["a", "a"], ["a"]]);
});

Deno.test("RoomRegistry tells what a room was when it ended", async () => {
  const world = new ActorWorld();
  const facts: unknown[] = [];
  const registry = new RoomRegistry({
    world,
    room: ROOM_OPTIONS,
    ids: countingIds(),
    roomsMax: 1,
    onEnded: (id, { lastSeq, chat }) => void facts.push([id, lastSeq, chat]),
  });
  const spec = chatSpec("ann", "bob");
  const actor = registry.create({ ...spec, id: "a" });
  void actor.operate({ type: "end", reason: "closed" });
  await world.settle();
  assert.deepEqual(facts, [["a", 1, spec.chat]]);
});

Deno.test("RoomRegistry creates a device room under a given id", () => {
  const { registry, world } = newRegistry();
  const device = { originId: null };
  const actor = registry.create({ ...SPEC, id: "ABCD1234", device });
  const [record] = world.recorder.records;
  assert(record?.type === "room_created");
  assert.deepEqual(
    [record.room.id, record.room.kind, record.room.device],
    ["ABCD1234", "device", device],
  );
  assert.equal(actor.facts().kind, "device");
  assert.equal(actor.state.device, device);
});

Deno.test("RoomRegistry knows which live device room goes on with a line", async () => {
  const { registry, world } = newRegistry(9);
  registry.create({ ...SPEC, id: "plain" });
  const first = registry.create({
    ...SPEC,
    id: "AAAA0001",
    device: { originId: null },
  });
  assert.equal(registry.followerOf("AAAA0001"), first);
  assert.equal(registry.followerOf("plain"), undefined);
  void first.operate({ type: "end", reason: "reaped" });
  await world.settle();
  assert.equal(registry.followerOf("AAAA0001"), undefined);
  const second = registry.create({
    ...SPEC,
    id: "AAAA0002",
    device: { originId: "AAAA0001" },
  });
  assert.equal(registry.followerOf("AAAA0001"), second);
  assert.equal(registry.followerOf("AAAA0002"), undefined);
});

Deno.test("RoomRegistry knows the line of a device room that it brought back", () => {
  const { registry } = newRegistry();
  const start = newStart({ id: "BBBB0002", ...deviceStart("BBBB0001") });
  const actor = registry.restore(start);
  assert.equal(registry.followerOf("BBBB0001"), actor);
});

Deno.test("RoomRegistry finds the room of a live id until it ends", async () => {
  const { registry, world } = newRegistry(9);
  const live = { liveId: "42" };
  const actor = registry.create({ ...SPEC, live });
  const [record] = world.recorder.records;
  assert(record?.type === "room_created");
  assert.deepEqual([record.room.kind, record.room.live], ["live", live]);
  assert.equal(registry.liveRoom("42"), actor);
  assert.equal(registry.liveRoom("43"), undefined);
  void actor.operate({ type: "end", reason: "closed" });
  await world.settle();
  assert.equal(registry.liveRoom("42"), undefined);
  const next = registry.create({ ...SPEC, live });
  assert.equal(registry.liveRoom("42"), next);
});

Deno.test("RoomRegistry makes no second room for a live id", () => {
  const { registry, world } = newRegistry(9);
  registry.create({ ...SPEC, live: { liveId: "42" } });
  assert.throws(
    () => registry.create({ ...SPEC, live: { liveId: "42" } }),
    /its live id has one, got "42"/,
  );
  assert.equal(world.recorder.records.length, 1);
  assert.equal(registry.count, 1);
});

Deno.test("RoomRegistry finds a live room that it brought back, as unknown of its link", () => {
  const { registry } = newRegistry();
  const actor = registry.restore(newStart({ id: "l", ...liveStart("42") }));
  assert.equal(registry.liveRoom("42"), actor);
  const live = { liveId: "42", state: null, isWanted: null };
  assert.deepEqual(actor.facts().live, live);
});
