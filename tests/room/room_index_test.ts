import assert from "node:assert/strict";
import { lineOf, liveIdOf, RoomIndex } from "../../src/room/room_index.ts";

function deviceRoom(id: string, originId: string | null = null) {
  return { id, state: { device: { originId } } };
}

function liveRoom(liveId: string) {
  return { state: { live: { liveId } } };
}

Deno.test("RoomIndex finds the room that goes on with a line", () => {
  const lines = new RoomIndex<ReturnType<typeof deviceRoom>>(lineOf);
  const first = deviceRoom("A");
  lines.note(first);
  assert.equal(lines.of("A"), first);
  assert.equal(lines.count, 1);
  lines.forget(first);
  assert.equal(lines.of("A"), undefined);
  assert.equal(lines.count, 0);
  const second = deviceRoom("B", "A");
  lines.note(second);
  assert.equal(lines.of("A"), second);
  assert.equal(lines.of("B"), undefined);
});

Deno.test("RoomIndex keeps a line that has gone on when an older room ends", () => {
  const lines = new RoomIndex<ReturnType<typeof deviceRoom>>(lineOf);
  const [first, second] = [deviceRoom("A"), deviceRoom("B", "A")];
  lines.note(first);
  lines.note(second);
  lines.forget(first);
  assert.equal(lines.of("A"), second);
});

Deno.test("RoomIndex finds the room of a live id until it ends", () => {
  const rooms = new RoomIndex<ReturnType<typeof liveRoom>>(liveIdOf);
  const room = liveRoom("42");
  rooms.note(room);
  assert.equal(rooms.of("42"), room);
  assert.equal(rooms.of("43"), undefined);
  rooms.forget(room);
  assert.equal(rooms.of("42"), undefined);
});

Deno.test("RoomIndex keeps a newer room of a live id when the older one ends", () => {
  const rooms = new RoomIndex<ReturnType<typeof liveRoom>>(liveIdOf);
  const [older, newer] = [liveRoom("42"), liveRoom("42")];
  rooms.note(older);
  rooms.note(newer);
  rooms.forget(older);
  assert.equal(rooms.of("42"), newer);
});

Deno.test("RoomIndex passes over rooms of other kinds", () => {
  const room = { id: "r", state: { device: null, live: null } };
  for (const keyOf of [lineOf, liveIdOf]) {
    const index = new RoomIndex<typeof room>(keyOf);
    index.note(room);
    assert.equal(index.of("r"), undefined);
    assert.equal(index.of(""), undefined);
    assert.equal(index.count, 0);
    index.forget(room);
  }
});
