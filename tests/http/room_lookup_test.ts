import assert from "node:assert/strict";
import { flushedRoom, liveRoom } from "../../src/http/room_lookup.ts";
import {
  FakeHistory,
  FakeRecorder,
  newStoredRoom,
} from "../support/fake_history.ts";
import { FakeRooms } from "../support/fake_rooms.ts";

const NOT_FOUND = { code: "room_not_found", message: "Room r1 not found" };

Deno.test("liveRoom finds a room that has not ended", () => {
  const rooms = new FakeRooms();
  assert.throws(() => liveRoom(rooms, "r1"), NOT_FOUND);
  const room = rooms.open("r1");
  assert.equal(liveRoom(rooms, "r1"), room);
});

Deno.test("flushedRoom writes what is pending before it looks", async () => {
  const store = new FakeHistory();
  const recorder = new FakeRecorder();
  recorder.flushRoom = (roomId) => {
    store.stored.set(roomId, newStoredRoom(roomId));
    return Promise.resolve();
  };
  const room = await flushedRoom({ recorder, store }, "r1");
  assert.equal(room.id, "r1");
});

Deno.test("flushedRoom rejects for a room that never was", async () => {
  const sources = { recorder: new FakeRecorder(), store: new FakeHistory() };
  await assert.rejects(flushedRoom(sources, "r1"), NOT_FOUND);
});

Deno.test("flushedRoom does not read what could not be written", async () => {
  const store = new FakeHistory();
  store.stored.set("r1", newStoredRoom("r1"));
  const recorder = new FakeRecorder();
  recorder.failure = new Error("disk is full");
  await assert.rejects(flushedRoom({ recorder, store }, "r1"), /disk is full/);
});
