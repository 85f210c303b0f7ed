import assert from "node:assert/strict";
import { requireNumber } from "../../src/match/number_match.ts";
import { PENDING_MS_MAX } from "../../src/wire/heart_link.ts";
import { LinkWorld, person } from "./link_world.ts";

async function newWorld(): Promise<LinkWorld> {
  const world = new LinkWorld();
  await world.links.start();
  return world;
}

Deno.test("NumberMatch matches two with the same number in a room of their own", async () => {
  const world = await newWorld();
  const outcomes = [
    await world.links.requestNumber(person("a"), "1234"),
    await world.links.requestNumber(person("b"), "4321"),
    await world.links.requestNumber(person("c"), "1234"),
    await world.links.requestNumber(person("d"), "1234"),
  ];
  const kinds = outcomes.map(({ kind }) => kind);
  assert.deepEqual(kinds, ["waiting", "waiting", "matched", "waiting"]);
  assert.deepEqual(world.pairs, [["a", "c"]]);
  assert.deepEqual(world.records.slice(-4).map(({ type }) => type), [
    "link_requested",
    "link_settled",
    "link_settled",
    "link_requested",
  ]);
  world.stop();
});

Deno.test("NumberMatch lets the one who waits wait on when no room can be made", async () => {
  const world = await newWorld();
  await world.links.requestNumber(person("a"), "1234");
  const faults = [
    ["too_many_rooms", () => world.hasRoomLeft = false],
    ["storage_unavailable", () => world.isStorageDown = true],
  ] as const;
  for (const [code, fail] of faults) {
    fail();
    const refused = world.links.requestNumber(person("b"), "1234");
    await assert.rejects(refused, { name: "ChatError", code });
    assert.equal(world.links.counts.pending, 1);
    world.hasRoomLeft = true;
  }
  const refused = world.links.requestNumber(person("b"), "9999");
  await assert.rejects(refused, { code: "storage_unavailable" });
  world.isStorageDown = false;
  const outcome = await world.links.requestNumber(person("b"), "1234");
  assert.equal(outcome.kind, "matched");
  world.stop();
});

Deno.test("NumberMatch matches nobody with one who is past the time", async () => {
  const world = await newWorld();
  await world.links.requestNumber(person("a"), "1234");
  world.stop();
  await world.clock.advance(PENDING_MS_MAX + 1);
  const outcome = await world.links.requestNumber(person("b"), "1234");
  assert.equal(outcome.kind, "waiting");
  assert.deepEqual(world.told, ["a expired"]);
});

Deno.test("requireNumber takes four digits and nothing else", () => {
  for (const number of ["0000", "9999"]) requireNumber(number);
  for (const number of ["", "000", "00000", "1.23", "0x1f", "12 4", "12\n34"]) {
    assert.throws(() => requireNumber(number), { code: "number_invalid" });
  }
});
