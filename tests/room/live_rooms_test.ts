import assert from "node:assert/strict";
import { LiveRooms } from "../../src/room/live_rooms.ts";

function newRoom(liveId: string) {
  return { state: { live: { liveId } } };
}

Deno.test("LiveRooms finds the room of a live id until it ends", () => {
  const rooms = new LiveRooms<ReturnType<typeof newRoom>>();
  const room = newRoom("42");
  rooms.note(room);
  assert.equal(rooms.of("42"), room);
  assert.equal(rooms.of("43"), undefined);
  rooms.forget(room);
  assert.equal(rooms.of("42"), undefined);
});

Deno.test("LiveRooms keeps a newer room when the older one ends", () => {
  const rooms = new LiveRooms<ReturnType<typeof newRoom>>();
  const [older, newer] = [newRoom("42"), newRoom("42")];
  rooms.note(older);
  rooms.note(newer);
  rooms.forget(older);
  assert.equal(rooms.of("42"), newer);
});

Deno.test("LiveRooms passes over rooms of other kinds", () => {
  const rooms = new LiveRooms<{ state: { live: null } }>();
  const room = { state: { live: null } };
  rooms.note(room);
  rooms.forget(room);
  assert.equal(rooms.of(""), undefined);
});
