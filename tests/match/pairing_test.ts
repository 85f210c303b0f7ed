import assert from "node:assert/strict";
import { CANDIDATES_MAX, RETRY_MS } from "../../src/match/pairing.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { PENDING_MS_MAX } from "../../src/wire/heart_link.ts";
import { settle } from "../support/fake_clock.ts";
import { LinkWorld, person } from "./link_world.ts";

/**
 * A world in which so many wait: each came while the one before was taken, and
 * the turns of those who took them failed.
 */
async function newCrowd(...userIds: string[]): Promise<LinkWorld> {
  const world = new LinkWorld();
  await world.links.start();
  world.holdsTurns = true;
  const takers: Promise<unknown>[] = [];
  for (const userId of userIds) {
    await world.links.request(person(userId));
    takers.push(world.links.request(person(`taker of ${userId}`)));
  }
  world.isStorageDown = true;
  for (const turn of world.turns.splice(0)) turn.land();
  await Promise.allSettled(takers);
  world.isStorageDown = false;
  world.holdsTurns = false;
  world.asked.length = 0;
  return world;
}

Deno.test("Pairing tries the next one when a room cannot take its turn", async () => {
  const world = await newCrowd("a", "b");
  world.failures.push(new ChatError("busy"));
  const outcome = await world.links.request(person("x"));
  assert.equal(outcome.kind, "matched");
  assert.deepEqual(world.asked.map(({ roomId }) => roomId), [
    "room-1",
    "room-2",
  ]);
  assert.deepEqual(world.pairs, [["b", "x"]]);
  assert.equal((await world.links.status("a")).status, "pending");
  const warnings = world.log.texts.filter((text) => text.startsWith("warn"));
  assert.equal(
    warnings.at(-1),
    "warn Cannot open a room for two who were matched",
  );
  world.stop();
});

Deno.test("Pairing gives up after a few, and has the newcomer wait", async () => {
  const users = ["a", "b", "c", "d"];
  assert.equal(users.length, CANDIDATES_MAX + 1);
  const world = await newCrowd(...users);
  const failedCount = world.links.counts.turnsFailed;
  for (const _ of users) world.failures.push(new Error("no luck"));
  const outcome = await world.links.request(person("x"));
  assert.equal(outcome.kind, "waiting");
  assert.equal(world.asked.length, CANDIDATES_MAX);
  assert.equal(world.links.counts.turnsFailed - failedCount, CANDIDATES_MAX);
  assert.equal(world.waiting.length, 5);
  world.stop();
});

Deno.test("Pairing brings those who wait together after a while, oldest first", async () => {
  const world = await newCrowd("a", "b", "c");
  await world.clock.advance(RETRY_MS - 1);
  assert.deepEqual(world.pairs, []);
  await world.clock.advance(1);
  assert.deepEqual(world.pairs, [["a", "b"]]);
  // The room in which b had waited is over, and c waits on.
  assert.deepEqual(world.waiting.map(({ id }) => id), ["room-3"]);
  assert.deepEqual(world.told, ["a matched", "b matched"]);
  assert.deepEqual(world.table.statuses("b"), ["matched"]);
  world.stop();
});

Deno.test("Pairing tries those who wait again and again, with pauses", async () => {
  const world = await newCrowd("a", "b");
  for (let count = 0; count < 3; count++) {
    world.failures.push(new Error("no luck"));
  }
  await world.clock.advance(3 * RETRY_MS);
  assert.equal(world.asked.length, 3);
  assert.equal(world.waiting.length, 2);
  await world.clock.advance(RETRY_MS);
  assert.deepEqual(world.pairs, [["a", "b"]]);
  world.stop();
});

Deno.test("Pairing expires one whose room is no more, and takes the next", async () => {
  for (const code of ["room_ended", "room_not_found", "bad_request"] as const) {
    const world = await newCrowd("a", "b");
    world.failures.push(new ChatError(code));
    const outcome = await world.links.request(person("x"));
    assert.equal(outcome.kind, "matched");
    assert.deepEqual(world.table.statuses("a"), ["expired"]);
    assert.deepEqual(world.told, ["a expired", "b matched", "x matched"]);
    world.stop();
  }
});

Deno.test("Pairing takes a room for opened that says so, whatever was answered", async () => {
  const world = new LinkWorld();
  await world.links.start();
  world.holdsTurns = true;
  await world.links.request(person("a"));
  const outcome = world.links.request(person("b"));
  world.turns[0]?.land(undefined, new ChatError("storage_unavailable"));
  assert.equal((await outcome).kind, "matched");
  assert.deepEqual(world.told, ["a matched", "b matched"]);
  world.stop();
});

Deno.test("Pairing lets go of one whose room ended while it was to open", async () => {
  const world = new LinkWorld();
  await world.links.start();
  world.holdsTurns = true;
  await world.links.request(person("a"));
  const outcome = world.links.request(person("b"));
  world.endRoom("room-1");
  assert.deepEqual(world.told, []);
  world.turns[0]?.land();
  assert.equal((await outcome).kind, "waiting");
  assert.deepEqual(world.told, ["a expired"]);
  world.stop();
});

Deno.test("Pairing matches nobody with one who is past the time", async () => {
  const world = await newCrowd("a");
  await world.clock.advance(300_000);
  world.stop();
  await world.clock.advance(PENDING_MS_MAX - 300_000 + 1);
  const outcome = await world.links.request(person("x"));
  assert.equal(outcome.kind, "waiting");
  assert.deepEqual(world.asked, []);
});

Deno.test("Pairing expires a request that fell due while it was to be matched", async () => {
  const world = new LinkWorld();
  await world.links.start();
  world.holdsTurns = true;
  await world.links.request(person("a"));
  const outcome = world.links.request(person("b"));
  await world.clock.advance(PENDING_MS_MAX + 1);
  assert.deepEqual(world.told, []);
  world.turns[0]?.land(new ChatError("busy"));
  await outcome;
  await world.clock.advance(0);
  assert.deepEqual(world.told, ["a expired", "b expired"]);
});

Deno.test("Pairing does nothing more once it was stopped", async () => {
  const world = await newCrowd("a", "b");
  world.stop();
  assert.equal(world.clock.armed, 0);
  await world.links.sweep();
  await settle();
  assert.equal(world.clock.armed, 0);
});
