import assert from "node:assert/strict";
import { RegistryLinkRooms } from "../src/link_rooms.ts";
import { RoomRegistry } from "../src/room/room_registry.ts";
import { ChatError, type ErrorCode } from "../src/wire/errors.ts";
import type { DurableRecord } from "../src/wire/record.ts";
import { ActorWorld } from "./room/actor_world.ts";
import { countingIds, person, ROOM_OPTIONS } from "./room/fixture.ts";

const ANN = person("ann");
const BOB = person("bob");

/** A record that stands for whatever is kept together with a room. */
function settled(id: string, roomId: string): DurableRecord {
  const link = { id, status: "matched", at: 0, roomId, partner: BOB } as const;
  return { type: "link_settled", link };
}

class LinkRoomsWorld implements Disposable {
  readonly actors = new ActorWorld();
  readonly ended: string[] = [];
  readonly registry: RoomRegistry;
  readonly rooms: RegistryLinkRooms;

  constructor({ roomsMax = 10 } = {}) {
    this.registry = new RoomRegistry({
      world: this.actors,
      room: ROOM_OPTIONS,
      ids: countingIds(),
      roomsMax,
      onEnded: (roomId) => void this.ended.push(roomId),
    });
    this.rooms = new RegistryLinkRooms(this.registry);
  }

  /** What was kept so far, each call of the recorder as one text. */
  watchCalls(): string[] {
    const calls: string[] = [];
    this.actors.recorder.onAccept = (records) => {
      const words = records.map((one) =>
        one.type === "entry" ? one.entry.kind : one.type
      );
      calls.push(words.join("+"));
    };
    return calls;
  }

  [Symbol.dispose](): void {
    this.registry[Symbol.dispose]();
    this.actors[Symbol.dispose]();
  }
}

function isRefused(code: ErrorCode) {
  return (error: unknown) => error instanceof ChatError && error.code === code;
}

Deno.test("RegistryLinkRooms makes a waiting room and its request in one call", () => {
  using world = new LinkRoomsWorld();
  const calls = world.watchCalls();
  const roomId = world.rooms.openWaiting(ANN, (id) => [settled("l1", id)]);
  assert.deepEqual(calls, ["room_created+link_settled"]);
  const [, record] = world.actors.recorder.records;
  assert(record?.type === "link_settled");
  assert.equal(record.link.roomId, roomId);
  assert.deepEqual(world.rooms.chatOf(roomId), {
    access: "participants",
    participants: [ANN],
    isWaiting: true,
  });
  const { kind, autoClose, pinned, slowModeSecs } =
    world.registry.get(roomId)?.facts() ?? {};
  assert.deepEqual(
    { kind, autoClose, pinned, slowModeSecs },
    { kind: "chat", autoClose: true, pinned: null, slowModeSecs: 0 },
  );
});

Deno.test("RegistryLinkRooms makes no waiting room when nothing can be kept, or none is left", () => {
  using world = new LinkRoomsWorld({ roomsMax: 1 });
  world.actors.recorder.isStorable = false;
  const open = () => world.rooms.openWaiting(ANN, () => []);
  assert.throws(open, isRefused("storage_unavailable"));
  assert.equal(world.registry.count, 0);
  world.actors.recorder.isStorable = true;
  open();
  assert.throws(open, isRefused("too_many_rooms"));
  assert.equal(world.registry.count, 1);
});

Deno.test("RegistryLinkRooms lets the newcomer into a waiting room, with the records of both", async () => {
  using world = new LinkRoomsWorld();
  const roomId = world.rooms.openWaiting(ANN, () => []);
  const calls = world.watchCalls();
  const records = [settled("l1", roomId), settled("l2", roomId)];
  const opening = world.rooms.openFor(roomId, BOB, records);
  await world.actors.settle();
  await opening;
  assert.deepEqual(calls, ["open+link_settled+link_settled"]);
  assert.deepEqual(world.rooms.chatOf(roomId), {
    access: "participants",
    participants: [ANN, BOB],
    isWaiting: false,
  });
});

Deno.test("RegistryLinkRooms opens no room that is not there, or does not wait", async () => {
  using world = new LinkRoomsWorld();
  await assert.rejects(
    world.rooms.openFor("nowhere", BOB, []),
    isRefused("room_not_found"),
  );
  const roomId = "match-1";
  const participants = [ANN, BOB] as const;
  world.rooms.createActive({ id: roomId, participants, records: [] });
  const opening = world.rooms.openFor(roomId, person("cat"), []);
  const refused = assert.rejects(opening, isRefused("bad_request"));
  await world.actors.settle();
  await refused;
});

Deno.test("RegistryLinkRooms makes an active room for two, with their records", () => {
  using world = new LinkRoomsWorld();
  const calls = world.watchCalls();
  world.rooms.createActive({
    id: "match-1",
    participants: [ANN, BOB],
    records: [settled("l1", "match-1")],
  });
  assert.deepEqual(calls, ["room_created+link_settled"]);
  assert.deepEqual(world.rooms.chatOf("match-1"), {
    access: "participants",
    participants: [ANN, BOB],
    isWaiting: false,
  });
});

Deno.test("RegistryLinkRooms ends a room as unmatched, and knows it no more", async () => {
  using world = new LinkRoomsWorld();
  const roomId = world.rooms.openWaiting(ANN, () => []);
  const ending = world.rooms.end(roomId);
  await world.actors.settle();
  await ending;
  const last = world.actors.recorder.entries(roomId).at(-1);
  assert(last?.kind === "end");
  assert.equal(last.payload.reason, "unmatched");
  assert.deepEqual(world.ended, [roomId]);
  assert.equal(world.rooms.chatOf(roomId), undefined);
  await assert.rejects(world.rooms.end(roomId), isRefused("room_not_found"));
});

Deno.test("RegistryLinkRooms finds a user's newest active private room, and the partner", () => {
  using world = new LinkRoomsWorld();
  assert.equal(world.rooms.activeRoomOf("ann"), undefined);
  world.rooms.openWaiting(ANN, () => []);
  assert.equal(world.rooms.activeRoomOf("ann"), undefined);
  for (const partner of [BOB, person("cat")]) {
    const participants = [partner, ANN] as const;
    const id = `match-${partner.userId}`;
    world.rooms.createActive({ id, participants, records: [] });
  }
  const newest = { roomId: "match-cat", partner: person("cat") };
  assert.deepEqual(world.rooms.activeRoomOf("ann"), newest);
  assert.deepEqual(world.rooms.activeRoomOf("bob"), {
    roomId: "match-bob",
    partner: ANN,
  });
});

Deno.test("RegistryLinkRooms passes over a room that the user is banned from", async () => {
  using world = new LinkRoomsWorld();
  for (const partner of [BOB, person("cat")]) {
    const participants = [partner, ANN] as const;
    const id = `match-${partner.userId}`;
    world.rooms.createActive({ id, participants, records: [] });
  }
  const room = world.registry.get("match-cat");
  assert(room);
  void room.operate({ type: "ban", userId: "ann", durationSecs: 60 });
  await world.actors.settle();
  const other = { roomId: "match-bob", partner: BOB };
  assert.deepEqual(world.rooms.activeRoomOf("ann"), other);
  assert.equal(world.rooms.activeRoomOf("cat")?.roomId, "match-cat");
  await world.actors.clock.advance(60_000);
  assert.equal(world.rooms.activeRoomOf("ann")?.roomId, "match-cat");
});

Deno.test("RegistryLinkRooms passes over rooms that are open to everyone", () => {
  using world = new LinkRoomsWorld();
  const chat = {
    access: "open",
    participants: [ANN],
    isWaiting: false,
  } as const;
  world.registry.create({
    id: "general",
    name: "general",
    adminUserIds: [],
    autoClose: true,
    slowModeSecs: 0,
    membersMax: null,
    pinned: null,
    chat,
  });
  assert.equal(world.rooms.activeRoomOf("ann"), undefined);
  assert.deepEqual([...world.rooms.waitingRoomIds()], []);
});

Deno.test("RegistryLinkRooms names the partner null where there is none", () => {
  using world = new LinkRoomsWorld();
  const chat = {
    access: "participants",
    participants: [ANN],
    isWaiting: false,
  } as const;
  const room = world.registry.create({
    name: "",
    adminUserIds: [],
    autoClose: true,
    slowModeSecs: 0,
    membersMax: null,
    pinned: null,
    chat,
  });
  const alone = { roomId: room.id, partner: null };
  assert.deepEqual(world.rooms.activeRoomOf("ann"), alone);
});

Deno.test("RegistryLinkRooms lists the rooms in which somebody waits", async () => {
  using world = new LinkRoomsWorld();
  const first = world.rooms.openWaiting(ANN, () => []);
  const second = world.rooms.openWaiting(BOB, () => []);
  const participants = [ANN, BOB] as const;
  world.rooms.createActive({ id: "match-1", participants, records: [] });
  assert.deepEqual([...world.rooms.waitingRoomIds()], [first, second]);
  const opening = world.rooms.openFor(first, person("cat"), []);
  await world.actors.settle();
  await opening;
  assert.deepEqual([...world.rooms.waitingRoomIds()], [second]);
});
