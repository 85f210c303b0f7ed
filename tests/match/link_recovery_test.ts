import assert from "node:assert/strict";
import {
  MATCHED_MS_MAX,
  PENDING_MS_MAX,
  type StoredLink,
} from "../../src/wire/heart_link.ts";
import { START_AT } from "../support/fake_clock.ts";
import { LinkWorld, person } from "./link_world.ts";

/** A request as the database has it. */
function stored(userId: string, link: Partial<StoredLink> = {}): StoredLink {
  return {
    id: `link-${userId}`,
    ...person(userId),
    number: null,
    roomId: null,
    createdAt: START_AT,
    status: "pending",
    matchedAt: null,
    partner: null,
    ...link,
  };
}

/** A world whose database holds some requests; it is not started. */
function newWorld(...rows: StoredLink[]): LinkWorld {
  const world = new LinkWorld();
  for (const row of rows) world.table.rows.set(row.id, row);
  return world;
}

/** A room in which a user waits; made before the requests are read. */
function waitingRoom(world: LinkWorld, userId: string): string {
  return world.openWaiting(person(userId), () => []);
}

function activeRoom(world: LinkWorld, id: string, ...userIds: string[]): void {
  const [a = "", b = ""] = userIds;
  const participants = [person(a), person(b)] as const;
  world.createActive({ id, participants, records: [] });
}

async function statusOf(world: LinkWorld, userId: string): Promise<string> {
  return (await world.links.status(userId)).status;
}

Deno.test("recoverLinks lets a request wait for the rest of its time", async () => {
  const createdAt = START_AT - 400_000;
  const world = newWorld(stored("a", { roomId: "room-1", createdAt }));
  waitingRoom(world, "a");
  await world.links.start();
  await world.clock.advance(200_000);
  assert.equal(await statusOf(world, "a"), "pending");
  await world.clock.advance(1);
  assert.equal(await statusOf(world, "a"), "expired");
  assert.equal(world.waiting.length, 0);
});

Deno.test("recoverLinks expires what is overdue, and ends its room", async () => {
  const createdAt = START_AT - PENDING_MS_MAX - 1;
  const world = newWorld(
    stored("a", { roomId: "room-1", createdAt }),
    stored("b", { number: "1234", createdAt }),
    stored("c", { number: "4321", createdAt: createdAt + 1 }),
  );
  waitingRoom(world, "a");
  await world.links.start();
  assert.deepEqual(world.table.statuses("a"), ["expired"]);
  assert.deepEqual(world.table.statuses("b"), ["expired"]);
  assert.deepEqual(world.table.statuses("c"), ["pending"]);
  assert.deepEqual(world.told, ["a expired", "b expired"]);
  assert.equal(world.waiting.length, 0);
  world.stop();
});

Deno.test("recoverLinks keeps a match for the rest of its hour", async () => {
  const match = {
    roomId: "r",
    createdAt: START_AT - MATCHED_MS_MAX,
    status: "matched",
    matchedAt: START_AT - MATCHED_MS_MAX + 1000,
  } as const;
  const world = newWorld(
    stored("a", { ...match, partner: person("b") }),
    stored("b", { ...match, partner: person("a") }),
  );
  activeRoom(world, "r", "a", "b");
  await world.links.start();
  const view = await world.links.status("a");
  assert(view.status === "matched");
  assert.deepEqual(view.partner, person("b"));
  await world.clock.advance(1000);
  assert.equal(await statusOf(world, "b"), "matched");
  await world.clock.advance(1);
  assert.equal(await statusOf(world, "b"), "expired");
});

Deno.test("recoverLinks takes a request for matched whose room is active with it", async () => {
  const world = newWorld(stored("a", { roomId: "r" }));
  activeRoom(world, "r", "a", "b");
  await world.links.start();
  const view = await world.links.status("a");
  assert(view.status === "matched");
  assert.deepEqual([view.roomId, view.partner], ["r", person("b")]);
  assert.deepEqual(world.table.statuses("a"), ["matched"]);
  world.stop();
});

Deno.test("recoverLinks expires what has no room", async () => {
  const matched = { status: "matched", matchedAt: START_AT } as const;
  const world = newWorld(
    stored("a", { roomId: "gone" }),
    stored("b", { ...matched, roomId: "gone", partner: person("c") }),
    stored("d", { roomId: "r" }),
    stored("e"),
  );
  activeRoom(world, "r", "x", "y");
  await world.links.start();
  for (const userId of ["a", "b", "d", "e"]) {
    assert.deepEqual(world.table.statuses(userId), ["expired"], userId);
    assert.equal(await statusOf(world, userId), "expired");
  }
  assert.deepEqual(world.links.counts.pending, 0);
  assert.equal(world.clock.armed, 0);
});

Deno.test("recoverLinks lets one request of a user wait, and one for a number", async () => {
  const world = newWorld(
    stored("a", { roomId: "room-1" }),
    stored("a", { id: "again", roomId: "room-2" }),
    stored("b", { number: "1234" }),
    stored("c", { number: "1234" }),
  );
  waitingRoom(world, "a");
  waitingRoom(world, "a");
  await world.links.start();
  assert.deepEqual(world.table.statuses("a"), ["pending", "expired"]);
  assert.deepEqual(world.table.statuses("b"), ["pending"]);
  assert.deepEqual(world.table.statuses("c"), ["expired"]);
  assert.deepEqual(world.waiting.map(({ id }) => id), ["room-1"]);
  world.stop();
});

Deno.test("recoverLinks ends waiting rooms that nobody waits in", async () => {
  const world = newWorld();
  waitingRoom(world, "a");
  await world.links.start();
  assert.equal(world.waiting.length, 0);
});

Deno.test("recoverLinks takes a request from the future for one of now", async () => {
  const createdAt = START_AT + 3_600_000;
  const world = newWorld(stored("a", { roomId: "room-1", createdAt }));
  waitingRoom(world, "a");
  await world.links.start();
  await world.clock.advance(PENDING_MS_MAX);
  assert.equal(await statusOf(world, "a"), "pending");
  await world.clock.advance(1);
  assert.equal(await statusOf(world, "a"), "expired");
});

Deno.test("recoverLinks keeps the order in which requests were made", async () => {
  const world = newWorld(
    stored("a", { roomId: "room-1", createdAt: START_AT - 2 }),
    stored("b", { roomId: "room-2", createdAt: START_AT - 3 }),
  );
  waitingRoom(world, "a");
  waitingRoom(world, "b");
  await world.links.start();
  await world.links.request(person("x"));
  assert.deepEqual(world.pairs, [["b", "x"]]);
  world.stop();
});
