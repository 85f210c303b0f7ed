import assert from "node:assert/strict";
import { RoomLines } from "../../src/room/room_lines.ts";

function newRoom(id: string, originId: string | null = null) {
  return { id, state: { device: { originId } } };
}

Deno.test("RoomLines finds the room that goes on with a line", () => {
  const lines = new RoomLines<ReturnType<typeof newRoom>>();
  const first = newRoom("A");
  lines.note(first);
  assert.equal(lines.of("A"), first);
  lines.forget(first);
  assert.equal(lines.of("A"), undefined);
  const second = newRoom("B", "A");
  lines.note(second);
  assert.equal(lines.of("A"), second);
  assert.equal(lines.of("B"), undefined);
});

Deno.test("RoomLines keeps a line that has gone on when an older room ends", () => {
  const lines = new RoomLines<ReturnType<typeof newRoom>>();
  const [first, second] = [newRoom("A"), newRoom("B", "A")];
  lines.note(first);
  lines.note(second);
  lines.forget(first);
  assert.equal(lines.of("A"), second);
});

Deno.test("RoomLines passes over rooms of other kinds", () => {
  const lines = new RoomLines<{ id: string; state: { device: null } }>();
  const room = { id: "r", state: { device: null } };
  lines.note(room);
  assert.equal(lines.of("r"), undefined);
  lines.forget(room);
});
