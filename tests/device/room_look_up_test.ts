import assert from "node:assert/strict";
import {
  RoomLookUp,
  type StoredDeviceRoom,
} from "../../src/device/room_look_up.ts";
import { settle } from "../support/fake_clock.ts";

const ROOM: StoredDeviceRoom = { isDevice: true, originId: null };

/** A look-up over a database that a flush brings up to date. */
function newLookUp() {
  const calls: string[] = [];
  const pending = new Map<string, StoredDeviceRoom>();
  const stored = new Map<string, StoredDeviceRoom>();
  const failing = { flush: false };
  const lookUp = new RoomLookUp({
    flush: async (roomId) => {
      calls.push(`flush ${roomId}`);
      await settle();
      if (failing.flush) throw new Error("no luck");
      const room = pending.get(roomId);
      if (room !== undefined) stored.set(roomId, room);
    },
    stored: {
      rooms: (roomIds) => {
        calls.push(`read ${roomIds.join(" ")}`);
        return Promise.resolve(new Map(stored));
      },
    },
  });
  return { calls, failing, lookUp, pending, stored };
}

Deno.test("RoomLookUp finds a room that the database knows, and no other", async () => {
  const { lookUp, stored } = newLookUp();
  stored.set("A", ROOM);
  assert.equal(await lookUp.find("A"), ROOM);
  assert.equal(await lookUp.find("B"), undefined);
});

Deno.test("RoomLookUp finds a room that was pending", async () => {
  const { calls, lookUp, pending } = newLookUp();
  pending.set("A", ROOM);
  assert.equal(await lookUp.find("A"), ROOM);
  assert.deepEqual(calls, ["flush A", "read A"]);
});

Deno.test("RoomLookUp looks a room up once for all who ask meanwhile", async () => {
  const { calls, lookUp, stored } = newLookUp();
  stored.set("A", ROOM);
  const found = [lookUp.find("A"), lookUp.find("A")];
  await Promise.resolve();
  found.push(lookUp.find("A"));
  assert.deepEqual(await Promise.all(found), [ROOM, ROOM, ROOM]);
  assert.deepEqual(calls, ["flush A", "read A"]);
});

Deno.test("RoomLookUp looks a room up again for who asks later", async () => {
  const { lookUp, stored } = newLookUp();
  assert.equal(await lookUp.find("A"), undefined);
  stored.set("A", ROOM);
  assert.equal(await lookUp.find("A"), ROOM);
});

Deno.test("RoomLookUp looks many rooms up together", async () => {
  const { calls, lookUp } = newLookUp();
  await Promise.all(["A", "B", "C"].map((roomId) => lookUp.find(roomId)));
  const reads = calls.filter((call) => call.startsWith("read"));
  assert.deepEqual(reads, ["read A", "read B C"]);
});

Deno.test("RoomLookUp reads nothing when a flush fails, and tries again", async () => {
  const { calls, failing, lookUp, pending } = newLookUp();
  pending.set("A", ROOM);
  failing.flush = true;
  await assert.rejects(lookUp.find("A"), /no luck/);
  assert.deepEqual(calls, ["flush A"]);
  failing.flush = false;
  assert.equal(await lookUp.find("A"), ROOM);
});
