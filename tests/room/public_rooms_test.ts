import assert from "node:assert/strict";
import { PublicRooms } from "../../src/room/public_rooms.ts";
import type { NewRoomSpec } from "../../src/room/room_registry.ts";

const ANN = { userId: "ann", nickname: "Ann" };

interface Made {
  readonly id: string;
  readonly spec: NewRoomSpec;
}

/** Public rooms over live rooms that are objects, and their ids counted. */
function newPublicRooms(live: readonly string[] = []) {
  const rooms = new Map<string, Made>();
  function add(id: string, spec: Partial<NewRoomSpec> = {}): Made {
    const room = { id, spec: spec as NewRoomSpec };
    rooms.set(id, room);
    return room;
  }
  for (const id of live) add(id);
  let count = 0;
  const publicRooms = new PublicRooms<Made>({
    all: () => rooms.values(),
    get: (id) => rooms.get(id),
    create: (spec) => {
      assert(spec.id !== undefined && !rooms.has(spec.id), spec.id);
      return add(spec.id, spec);
    },
  }, { uuid: () => `${++count}`.padStart(8, "0") + "-more" });
  return { publicRooms, rooms };
}

Deno.test("PublicRooms gives the first room of a name the name for an id", () => {
  const { publicRooms, rooms } = newPublicRooms(["r1"]);
  const room = publicRooms.make("general", ANN);
  assert.equal(room?.id, "general");
  assert.equal(publicRooms.get("general"), room);
  assert.equal(publicRooms.get("r1"), rooms.get("r1"));
  assert.equal(publicRooms.get("chat"), undefined);
  assert.equal(publicRooms.make("lounge", ANN), undefined);
  assert.equal(publicRooms.aliasCount, 0);
});

Deno.test("PublicRooms gives a name that was used a new room of the same kind", () => {
  const { publicRooms, rooms } = newPublicRooms();
  assert.equal(publicRooms.noteUsed("general"), false);
  assert.equal(publicRooms.noteUsed("lounge"), true);
  const room = publicRooms.make("general", ANN);
  assert.equal(room?.id, "general.00000001");
  assert.equal(publicRooms.get("general"), room);
  assert.equal(publicRooms.get("general.00000001"), room);
  const { name, pinned, chat } = room.spec;
  assert.deepEqual([name, pinned], ["general", ""]);
  assert.deepEqual([chat?.access, chat?.participants], ["open", [ANN]]);
  rooms.delete("general.00000001");
  assert.equal(publicRooms.get("general"), undefined);
  assert.equal(publicRooms.make("general", ANN)?.id, "general.00000002");
});

Deno.test("PublicRooms knows by itself that it gave a name to a room", () => {
  const { publicRooms, rooms } = newPublicRooms();
  publicRooms.make("test-room-1", ANN);
  rooms.delete("test-room-1");
  assert.equal(
    publicRooms.make("test-room-1", ANN)?.id,
    "test-room-1.00000001",
  );
});

Deno.test("PublicRooms has a name again when its room could not be made", () => {
  const failing = new PublicRooms<Made>({
    all: () => [],
    get: () => undefined,
    create: () => {
      throw new Error("no place");
    },
  }, { uuid: () => "00000001" });
  assert.throws(() => failing.make("general", ANN), /no place/);
  failing.noteUsed("general");
  assert.throws(() => failing.make("general", ANN), /no place/);
  assert.equal(failing.aliasCount, 0);
});

Deno.test("PublicRooms finds the rooms of a former run by their names", () => {
  const { publicRooms, rooms } = newPublicRooms([
    "r1",
    "general.0000000a",
    "lounge.0000000b",
    "test-room-1",
  ]);
  publicRooms.start();
  assert.equal(publicRooms.get("general"), rooms.get("general.0000000a"));
  assert.equal(publicRooms.get("lounge"), undefined);
  assert.equal(publicRooms.get("test-room-1"), rooms.get("test-room-1"));
});

Deno.test("PublicRooms forgets the names of rooms that ended", () => {
  const { publicRooms, rooms } = newPublicRooms();
  for (let number = 0; number < 1000; number++) {
    const name = `test-room-${number}`;
    publicRooms.noteUsed(name);
    const room = publicRooms.make(name, ANN);
    assert(room);
    if (number % 10 > 0) rooms.delete(room.id);
    assert(publicRooms.aliasCount <= Math.max(65, 2 * rooms.size + 1));
  }
  assert.equal(
    publicRooms.get("test-room-0"),
    rooms.get("test-room-0.00000001"),
  );
});

Deno.test("PublicRooms remembers the last 10000 names that were used", () => {
  const { publicRooms } = newPublicRooms();
  publicRooms.noteUsed("test-room-0");
  publicRooms.noteUsed("test-room-1");
  publicRooms.noteUsed("test-room-0");
  for (let number = 2; number < 10_001; number++) {
    publicRooms.noteUsed(`test-room-${number}`);
  }
  assert.equal(
    publicRooms.make("test-room-0", ANN)?.id,
    "test-room-0.00000001",
  );
  assert.equal(publicRooms.make("test-room-1", ANN)?.id, "test-room-1");
});
