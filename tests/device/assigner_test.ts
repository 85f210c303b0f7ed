import assert from "node:assert/strict";
import { type Opens, requireOpened } from "../../src/device/assigner.ts";
import { ChatError, type ErrorCode } from "../../src/wire/errors.ts";
import { settle } from "../support/fake_clock.ts";
import { DeviceWorld, roomIdOf } from "./device_world.ts";

const FIRST = roomIdOf(1);
const SECOND = roomIdOf(2);
const OLD = { id: "OLDROOM1", originId: null };
const LATER = { id: "OLDROOM2", originId: "OLDROOM1" };

/** Fails unless the promise rejects with this code; answers the message. */
async function refusal(
  refused: Promise<unknown>,
  code: ErrorCode,
): Promise<string> {
  let message = "";
  await assert.rejects(refused, (error) => {
    assert(error instanceof ChatError);
    assert.equal(error.code, code);
    message = error.message;
    return true;
  });
  return message;
}

/** What a token for some rooms opens. */
function only(...roomIds: string[]): Opens {
  return (roomId) => roomIds.includes(roomId);
}

/** A gate before every flush, query and answer. */
function newGates() {
  const gates: PromiseWithResolvers<void>[] = [];
  /** Lets through what waits, one after another, and what comes of it. */
  async function open(count = Infinity): Promise<void> {
    await settle();
    for (let opened = 0; opened < count && gates.length > 0; opened++) {
      gates.shift()?.resolve();
      await settle();
    }
  }
  return {
    open,
    step: () => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate.promise;
    },
  };
}

Deno.test("Assigner makes a room for a new device, and leads it back there", async () => {
  const world = new DeviceWorld();
  const first = await world.assign("dev1");
  const room = { id: FIRST, originId: null };
  assert.deepEqual(first, { room, status: "created_new" });
  world.join("dev1", first.room);
  assert.deepEqual(await world.assign("dev1"), { room, status: "reconnected" });
  assert.deepEqual(world.made, [FIRST]);
});

Deno.test("Assigner makes a room of its own for each new device", async () => {
  const world = new DeviceWorld();
  await Promise.all([world.assign("dev1"), world.assign("dev2")]);
  assert.deepEqual(world.made, [FIRST, SECOND]);
});

Deno.test("Assigner leads a device home that the database alone knows", async () => {
  const world = new DeviceWorld();
  const room = world.restore({ id: "HOMEROOM", originId: null });
  world.storedHomes.set("dev1", room.id);
  assert.deepEqual(await world.assign("dev1"), { room, status: "reconnected" });
  assert.deepEqual(world.calls, ["homes dev1"]);
});

Deno.test("Assigner lets a device into the live room that it names", async () => {
  const world = new DeviceWorld();
  const room = world.restore({ id: "ROOMNAME", originId: null });
  const home = world.restore({ id: "HOMEROOM", originId: null });
  world.join("dev1", home);
  const named = await world.assign("dev1", room.id);
  assert.deepEqual(named, { room, status: "joined_existing" });
  assert.deepEqual(world.calls, []);
});

Deno.test("Assigner makes one room for two connections of a new device", async () => {
  const gates = newGates();
  const world = new DeviceWorld({ step: gates.step });
  const both = Promise.all([world.assign("dev1"), world.assign("dev1")]);
  await gates.open();
  const statuses = (await both).map(({ room, status }) => [room.id, status]);
  assert.deepEqual(statuses, [
    [FIRST, "created_new"],
    [FIRST, "reconnected"],
  ]);
});

Deno.test("Assigner leads the devices of an ended room into one new room", async () => {
  const gates = newGates();
  const world = new DeviceWorld({ step: gates.step });
  world.remember(OLD, ["dev1", "dev2", "dev3"]);
  const all = Promise.all([
    world.assign("dev1"),
    world.assign("dev2"),
    world.assign("dev3", OLD.id),
    world.assign("dev4", OLD.id),
  ]);
  await gates.open();
  const found = await all;
  const { room } = found[0];
  assert.equal(room.originId, OLD.id);
  const made = found.filter(({ status }) => status === "created_new");
  assert.equal(made.length, 1);
  for (const one of found) {
    assert.equal(one.room, room);
    assert.equal(one.endedRoomId, OLD.id);
  }
});

Deno.test("Assigner says how a device came into the room after its own", async () => {
  const world = new DeviceWorld();
  world.remember(OLD, ["dev1", "dev2"]);
  const room = { id: FIRST, originId: OLD.id };
  const endedRoomId = OLD.id;
  const first = await world.assign("dev1");
  assert.deepEqual(first, { room, status: "created_new", endedRoomId });
  const second = await world.assign("dev2");
  assert.deepEqual(second, { room, status: "reconnected", endedRoomId });
  const named = await world.assign("dev3", OLD.id);
  assert.deepEqual(named, { room, status: "joined_existing", endedRoomId });
});

Deno.test("Assigner looks for no id where the line has its room", async () => {
  const world = new DeviceWorld();
  world.remember(OLD, ["dev1"]);
  world.restore({ id: "NEXTROOM", originId: OLD.id });
  assert.equal((await world.assign("dev1")).room.id, "NEXTROOM");
  assert.deepEqual(world.calls, ["homes dev1", `rooms ${OLD.id}`]);
});

Deno.test("Assigner leads a device where its other connection has gone meanwhile", async () => {
  const gates = newGates();
  const world = new DeviceWorld({ step: gates.step });
  world.remember(OLD, ["dev1"]);
  const room = world.restore({ id: "ROOMNAME", originId: null });
  const assigned = world.assign("dev1");
  await gates.open(3);
  world.join("dev1", (await world.assign("dev1", room.id)).room);
  await gates.open();
  assert.deepEqual(await assigned, { room, status: "reconnected" });
});

Deno.test("Assigner makes the next room for a device that names an ended one", async () => {
  const world = new DeviceWorld();
  world.remember(OLD);
  assert.deepEqual(await world.assign("dev1", OLD.id), {
    room: { id: FIRST, originId: OLD.id },
    status: "created_new",
    endedRoomId: OLD.id,
  });
});

Deno.test("Assigner keeps to the line when its rooms end one after another", async () => {
  const world = new DeviceWorld();
  world.remember(OLD, ["dev1"]);
  world.remember(LATER, ["dev2"]);
  const first = await world.assign("dev2");
  assert.deepEqual(first.room, { id: FIRST, originId: OLD.id });
  assert.equal(first.endedRoomId, LATER.id);
  assert.equal((await world.assign("dev1")).room, first.room);
  world.join("dev1", first.room);
  world.end(FIRST);
  const next = await world.assign("dev1");
  assert.equal(next.room.originId, OLD.id);
  assert.equal(next.endedRoomId, FIRST);
});

Deno.test("Assigner leads devices together whose room the database has forgotten", async () => {
  const world = new DeviceWorld();
  world.storedHomes.set("dev1", "GONEROOM").set("dev2", "GONEROOM");
  const first = await world.assign("dev1");
  assert.deepEqual(first.room, { id: FIRST, originId: "GONEROOM" });
  assert.equal((await world.assign("dev2")).room, first.room);
});

Deno.test("Assigner leads into the line of a named room that the database has forgotten", async () => {
  for (const createsNamedRooms of [false, true]) {
    const world = new DeviceWorld({ createsNamedRooms });
    world.storedHomes.set("dev1", "plant");
    const { room } = await world.assign("dev1");
    assert.deepEqual(room, { id: FIRST, originId: "plant" });
    const named = await world.assign("dev2", "plant");
    assert.equal(named.room, room);
    assert.equal(named.status, "joined_existing");
    assert.equal(named.endedRoomId, "plant");
  }
});

Deno.test("Assigner finds a room pending that began and ended a moment ago", async () => {
  const world = new DeviceWorld();
  const { room } = await world.assign("dev1");
  world.end(room.id);
  const next = await world.assign("dev2", room.id);
  assert.equal(next.room.originId, room.id);
  assert(world.calls.includes(`flush ${room.id}`));
});

Deno.test("Assigner reads an ended room once or twice, however many come back to it", async () => {
  const world = new DeviceWorld();
  const deviceIds = Array.from({ length: 200 }, (_, index) => `dev${index}`);
  world.remember(OLD, deviceIds);
  await Promise.all(deviceIds.map((deviceId) => world.assign(deviceId)));
  const asked = world.calls.filter((call) => call.includes(OLD.id));
  // The first device's home is read alone, the others' together.
  assert(asked.length <= 2, `${asked.length} reads`);
  assert.equal(world.made.length, 1);
});

Deno.test("Assigner refuses a room that never was", async () => {
  const world = new DeviceWorld();
  const message = await refusal(
    world.assign("dev1", "ABC123"),
    "room_not_found",
  );
  assert.equal(message, "Room ABC123 does not exist");
  assert.deepEqual(world.made, []);
});

Deno.test("Assigner refuses a live room of another kind, without asking", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  world.elsewhere.add("lobby");
  await refusal(world.assign("dev1", "lobby"), "room_not_found");
  assert.deepEqual(world.calls, []);
});

Deno.test("Assigner refuses an ended room of another kind", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  world.storedRooms.set("lobby", { isDevice: false, originId: null });
  const message = await refusal(
    world.assign("dev1", "lobby"),
    "room_not_found",
  );
  assert.equal(message, "Room lobby does not exist");
});

Deno.test("Assigner shows 128 characters of an id, and asks about no longer one", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  for (const chars of [127, 128, 129, 100_000]) {
    const name = "x".repeat(chars);
    const message = await refusal(world.assign("dev1", name), "room_not_found");
    assert.equal(message, `Room ${name.slice(0, 128)} does not exist`);
  }
  assert.equal(world.calls.length, 2);
  const half = "x".repeat(127) + "😀";
  const message = await refusal(world.assign("dev1", half), "room_not_found");
  assert(message.isWellFormed());
});

Deno.test("Assigner makes the room that a device names, where it may", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  const room = { id: "my_Room-1", originId: null };
  const made = await world.assign("dev1", room.id);
  assert.deepEqual(made, { room, status: "created_new" });
  const found = await world.assign("dev2", room.id);
  assert.deepEqual(found, { room, status: "joined_existing" });
});

Deno.test("Assigner makes a named room once for all who name it", async () => {
  const gates = newGates();
  const world = new DeviceWorld({ step: gates.step, createsNamedRooms: true });
  const deviceIds = ["dev1", "dev2", "dev3"];
  const all = Promise.all(deviceIds.map((one) => world.assign(one, "lobby")));
  await gates.open();
  const statuses = (await all).map(({ status }) => status);
  assert.deepEqual(statuses, [
    "created_new",
    "joined_existing",
    "joined_existing",
  ]);
  assert.deepEqual(world.made, ["lobby"]);
});

Deno.test("Assigner makes no second room under a name: another follows", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  await world.assign("dev1", "lobby");
  world.end("lobby");
  const next = await world.assign("dev2", "lobby");
  assert.deepEqual(next.room, { id: FIRST, originId: "lobby" });
  assert.equal(next.endedRoomId, "lobby");
});

Deno.test("Assigner makes no room under a name that another kind took meanwhile", async () => {
  const gates = newGates();
  const world = new DeviceWorld({ step: gates.step, createsNamedRooms: true });
  const refused = refusal(world.assign("dev1", "lobby"), "room_not_found");
  await gates.open(1);
  assert.deepEqual(world.calls, ["rooms lobby"]);
  world.elsewhere.add("lobby");
  await gates.open();
  await refused;
});

Deno.test("Assigner makes names of 1 to 64 letters, digits, _ and -", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  const good = ["a", "x".repeat(63), "x".repeat(64), "A-z_09"];
  for (const name of good) {
    assert.equal((await world.assign("dev1", name)).room.id, name);
  }
  const bad = ["x".repeat(65), "a b", "a\n", "ä", "../a", "a\0", "😀"];
  for (const name of bad) {
    await refusal(world.assign("dev1", name), "room_not_found");
  }
});

Deno.test("Assigner takes an id that neither memory nor the database has", async () => {
  const world = new DeviceWorld();
  world.elsewhere.add(roomIdOf(1));
  world.remember({ id: roomIdOf(2), originId: null });
  world.restore({ id: roomIdOf(3), originId: null });
  assert.equal((await world.assign("dev1")).room.id, roomIdOf(4));
});

Deno.test("Assigner takes another id when one is taken while it asks", async () => {
  const gates = newGates();
  const world = new DeviceWorld({ step: gates.step });
  const assigned = world.assign("dev1");
  await gates.open(2);
  assert.deepEqual(world.calls, ["homes dev1", `rooms ${FIRST}`]);
  world.elsewhere.add(FIRST);
  await gates.open();
  assert.equal((await assigned).room.id, SECOND);
});

Deno.test("Assigner takes the eighth id and gives up after it", async () => {
  const world = new DeviceWorld();
  for (let number = 1; number <= 7; number++) {
    world.remember({ id: roomIdOf(number), originId: null });
  }
  assert.equal((await world.assign("dev1")).room.id, roomIdOf(8));
  const full = new DeviceWorld();
  for (let number = 1; number <= 8; number++) {
    full.elsewhere.add(roomIdOf(number));
  }
  await refusal(full.assign("dev1"), "busy");
  assert.equal((await full.assign("dev1")).room.id, roomIdOf(9));
});

Deno.test("Assigner passes on what the database throws", async () => {
  const world = new DeviceWorld();
  world.remember(OLD, ["dev1"]);
  world.failure = Object.assign(new Error("Cannot read"), {
    name: "StoreError",
  });
  for (const named of [undefined, OLD.id]) {
    await assert.rejects(world.assign("dev1", named), world.failure);
  }
  world.failure = undefined;
  assert.equal((await world.assign("dev1")).endedRoomId, OLD.id);
});

Deno.test("Assigner passes on why no room can be made, and makes it later", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  world.remember(OLD);
  world.refusal = new ChatError("storage_unavailable");
  for (const named of [undefined, OLD.id, "lobby"]) {
    await refusal(world.assign("dev1", named), "storage_unavailable");
  }
  world.refusal = undefined;
  assert.equal((await world.assign("dev1")).status, "created_new");
});

Deno.test("Assigner leads devices into live rooms while the database fails", async () => {
  const world = new DeviceWorld();
  const room = world.restore({ id: "ROOMNAME", originId: null });
  world.join("dev1", room);
  world.failure = new Error("no luck");
  assert.equal((await world.assign("dev1")).room, room);
  assert.equal((await world.assign("dev2", room.id)).room, room);
});

Deno.test("Assigner makes no room for a new device that may not come into it", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  await refusal(world.assign("dev1", undefined, only("hall")), "room_refused");
  assert.deepEqual(world.made, []);
  assert.deepEqual(world.calls, ["homes dev1"]);
  assert.equal(world.homes.recall("dev1"), undefined);
});

Deno.test("Assigner makes the next room of a line with a token for its first or its last", async () => {
  const tokens = [[LATER.id], [OLD.id], ["hall", LATER.id]];
  for (const named of [undefined, LATER.id]) {
    for (const token of tokens) {
      const world = new DeviceWorld();
      world.remember(OLD);
      world.remember(LATER, ["dev1"]);
      const made = await world.assign("dev1", named, only(...token));
      assert.deepEqual(made, {
        room: { id: FIRST, originId: OLD.id },
        status: "created_new",
        endedRoomId: LATER.id,
      });
    }
  }
});

Deno.test("Assigner makes no next room of a line with a token for another room", async () => {
  for (const named of [undefined, LATER.id]) {
    const world = new DeviceWorld();
    world.remember(OLD);
    world.remember(LATER, ["dev1"]);
    await refusal(world.assign("dev1", named, only("hall")), "room_refused");
    assert.deepEqual(world.made, []);
    assert.deepEqual(world.homes.recall("dev1") ?? LATER.id, LATER.id);
  }
});

Deno.test("Assigner makes a named room with a token for it, and for no other", async () => {
  const world = new DeviceWorld({ createsNamedRooms: true });
  await refusal(world.assign("dev1", "lobby", only("hall")), "room_refused");
  assert.deepEqual(world.made, []);
  assert.equal(world.homes.recall("dev1"), undefined);
  const made = await world.assign("dev1", "hall", only("hall"));
  assert.deepEqual(made, {
    room: { id: "hall", originId: null },
    status: "created_new",
  });
});

Deno.test("Assigner tells nobody of rooms that their token does not open", async () => {
  const world = new DeviceWorld();
  world.elsewhere.add("lobby");
  world.storedRooms.set("club", { isDevice: false, originId: null });
  for (const named of ["ABC123", "lobby", "club", "x".repeat(129)]) {
    await refusal(world.assign("dev1", named, only("hall")), "room_refused");
    await refusal(world.assign("dev1", named, only(named)), "room_not_found");
  }
});

Deno.test("Assigner leads a device into a live room, and leaves it to others to refuse", async () => {
  const world = new DeviceWorld();
  world.remember(OLD, ["dev1"]);
  const room = world.restore({ id: "NEXTROOM", originId: OLD.id });
  for (const named of [undefined, OLD.id, room.id]) {
    const found = await world.assign("dev1", named, only("hall"));
    assert.equal(found.room, room);
  }
  assert.deepEqual(world.made, []);
});

Deno.test("requireOpened() asks for one of the ids by which a room is known", () => {
  const known = ["ROOM0001", null, undefined, OLD.id];
  requireOpened(only(OLD.id), known);
  requireOpened(only("ROOM0001"), known);
  const refused = { code: "room_refused" };
  assert.throws(() => requireOpened(only("hall"), known), refused);
  assert.throws(() => requireOpened(() => true, [null, undefined]), refused);
});
