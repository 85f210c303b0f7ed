import assert from "node:assert/strict";
import { GuestRoom } from "../../src/edge/guest_room.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { EdgeWorld } from "./edge_world.ts";

Deno.test("GuestRoom reads like its room and takes nothing", () => {
  using edge = new EdgeWorld();
  const { actor } = edge.world;
  const room = new GuestRoom(actor);
  assert.equal(room.id, actor.id);
  assert.equal(room.log, actor.log);
  assert.throws(() => room.submit(), new ChatError("login_required"));
  assert.equal(actor.depth, 0);
});
