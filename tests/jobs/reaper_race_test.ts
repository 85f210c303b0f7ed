import assert from "node:assert/strict";
import { Reaper } from "../../src/jobs/reaper.ts";
import { ActorWorld } from "../room/actor_world.ts";
import type { RoomStart } from "../../src/room/room_state.ts";
import { chatStart, newStart } from "../room/fixture.ts";
import { BY_ITSELF, MINUTE_MS } from "./reap_world.ts";

/** A room of devices as it begins. */
function deviceStart(): RoomStart {
  const device = { originId: null };
  return newStart({ kind: "device", device, autoClose: true });
}

/** A room that its users left ten minutes ago, and its reaper. */
async function newWorld(start = chatStart()) {
  const world = new ActorWorld({ start });
  const { actor, clock, log } = world;
  const [ann] = world.joined("ann");
  assert(ann);
  actor.offer({ kind: "leave", session: ann, closeCode: 1000 });
  await world.settle();
  const reaper = new Reaper({
    rooms: () => world.ended.length === 0 ? [actor] : [],
    idleMs: 10 * MINUTE_MS,
    deviceTtlMs: 10 * MINUTE_MS,
    liveTtlMs: 10 * MINUTE_MS,
    clock,
    log,
    yield: queueMicrotask,
  });
  await clock.advance(10 * MINUTE_MS);
  await world.settle();
  return { world, reaper };
}

Deno.test("Reaper ends an actor's room", async () => {
  const { reaper, world } = await newWorld();
  using _world = world;
  const reaping = reaper.reap(BY_ITSELF);
  await world.settle();
  assert.deepEqual((await reaping).rooms.map(({ roomId }) => roomId), ["r"]);
  assert.deepEqual(world.ended, ["r"]);
  assert.deepEqual(world.recorder.entries("r").map(({ payload }) => payload), [
    { reason: "reaped" },
  ]);
});

Deno.test("Reaper spares a room whose user reconnects at the last second", async () => {
  const { reaper, world } = await newWorld();
  using _world = world;
  // The join waits for its turn: nobody is in the room yet.
  const bob = world.join("bob");
  assert.equal(world.actor.facts().sessions, 0);
  const early = await reaper.reap(BY_ITSELF);
  assert.deepEqual([early.rooms, early.spared], [[], { busy: 1 }]);
  await world.settle();
  const later = await reaper.reap({ force: true, dryRun: false });
  assert.deepEqual([later.rooms, later.spared], [[], { connected: 1 }]);
  assert.equal(bob.closedWith, undefined);
  assert.deepEqual(world.ended, []);
});

Deno.test("Reaper refuses a user who comes a moment too late, and keeps nobody in", async () => {
  const { reaper, world } = await newWorld();
  using _world = world;
  const reaping = reaper.reap(BY_ITSELF);
  // The end is in the mailbox before the run first waits for anything.
  await Promise.resolve();
  while (world.actor.depth === 0) await Promise.resolve();
  const bob = world.join("bob");
  await world.settle();
  assert.equal((await reaping).rooms.length, 1);
  assert.equal(bob.closedWith, "room_ended");
  assert.equal(world.actor.facts().sessions, 0);
});

Deno.test("Reaper spares a device room whose device is back at the last second", async () => {
  const { reaper, world } = await newWorld(deviceStart());
  using _world = world;
  const rehearsal = await reaper.reap({ ...BY_ITSELF, dryRun: true });
  assert.deepEqual(rehearsal.rooms.map(({ kind }) => kind), ["device"]);
  const pump = world.join("pump-1");
  const early = await reaper.reap(BY_ITSELF);
  assert.deepEqual([early.rooms, early.spared], [[], { busy: 1 }]);
  await world.settle();
  const later = await reaper.reap({ force: true, dryRun: false });
  assert.deepEqual([later.rooms, later.spared], [[], { connected: 1 }]);
  assert.equal(pump.closedWith, undefined);
  assert.deepEqual(world.ended, []);
});

Deno.test("Reaper ends an actor's device room that nobody came back to", async () => {
  const { reaper, world } = await newWorld(deviceStart());
  using _world = world;
  const reaping = reaper.reap(BY_ITSELF);
  await world.settle();
  assert.equal((await reaping).rooms.length, 1);
  assert.deepEqual(world.ended, ["r"]);
});
