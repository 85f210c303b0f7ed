import assert from "node:assert/strict";
import { MATCHED_MS_MAX, PENDING_MS_MAX } from "../../src/wire/heart_link.ts";
import type { LinkOutcome } from "../../src/match/link_outcome.ts";
import { settle } from "../support/fake_clock.ts";
import { LinkWorld, person, type WorldOptions } from "./link_world.ts";

const HOUR_MS = 3_600_000;

async function newWorld(options: WorldOptions = {}): Promise<LinkWorld> {
  const world = new LinkWorld(options);
  await world.links.start();
  return world;
}

/** Presses for each user in turn, each after the last one's answer. */
async function press(world: LinkWorld, ...userIds: string[]) {
  const outcomes: LinkOutcome[] = [];
  for (const userId of userIds) {
    outcomes.push(await world.links.request(person(userId)));
  }
  return outcomes;
}

function refusal(code: string) {
  return { name: "ChatError", code };
}

async function statusOf(world: LinkWorld, userId: string): Promise<string> {
  return (await world.links.status(userId)).status;
}

Deno.test("HeartLinks lets the first wait in a room, and the second meet them there", async () => {
  const world = await newWorld();
  const [first, second] = await press(world, "a", "b");
  assert.deepEqual(first, { kind: "waiting", requestId: "id-1" });
  assert.deepEqual(second, {
    kind: "matched",
    requestId: "id-2",
    roomId: "room-1",
    partner: person("a"),
  });
  assert.deepEqual(world.pairs, [["a", "b"]]);
  assert.equal(world.rooms.size, 1);
  assert.deepEqual(world.told, ["a matched", "b matched"]);
  assert.deepEqual(world.pushed[0]?.frame, {
    type: "heart_link",
    status: "matched",
    requestId: "id-1",
    number: null,
    roomId: "room-1",
    partner: person("b"),
  });
  assert.deepEqual(world.table.statuses("a"), ["matched"]);
  assert.deepEqual(world.table.statuses("b"), ["matched"]);
  const { pending, matched, totals } = world.links.counts;
  assert.deepEqual([pending, matched], [0, 2]);
  assert.deepEqual(totals, {
    requested: 2,
    matched: 2,
    expired: 0,
    cancelled: 0,
  });
  world.stop();
  assert.equal(world.clock.armed, 0);
});

Deno.test("HeartLinks matches the one who waits longest", async () => {
  const world = await newWorld();
  world.holdsTurns = true;
  await press(world, "a");
  const pending = [world.links.request(person("x"))];
  await press(world, "b");
  // Now a is taken, so b waits, and c after that in vain.
  pending.push(world.links.request(person("y")));
  assert.deepEqual(world.asked, [
    { roomId: "room-1", newcomer: "x" },
    { roomId: "room-2", newcomer: "y" },
  ]);
  for (const turn of world.turns) turn.land();
  await Promise.all(pending);
  assert.deepEqual(world.pairs, [["a", "x"], ["b", "y"]]);
  world.stop();
});

Deno.test("HeartLinks makes 500 rooms of two for 1000 who press at once", async () => {
  const world = await newWorld();
  world.holdsTurns = true;
  const userIds = Array.from({ length: 1000 }, (_, index) => `u${index}`);
  const outcomes = userIds.map((userId) => world.links.request(person(userId)));
  assert.equal(world.turns.length, 500);
  await settle();
  assert.equal(world.links.counts.pending, 1000);
  const again = userIds.map((userId) =>
    assert.rejects(world.links.request(person(userId)), refusal("link_pending"))
  );
  await Promise.all(again);
  for (const turn of world.turns) turn.land();
  const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "matched").length, 500);
  assert.equal(kinds.filter((kind) => kind === "waiting").length, 500);
  assert.equal(world.rooms.size, 500);
  assert.equal(world.waiting.length, 0);
  assert(world.pairs.every((pair) => pair.length === 2));
  assert.deepEqual(world.pairs.flat().toSorted(), userIds.toSorted());
  for (const userId of userIds) {
    assert.equal(await statusOf(world, userId), "matched");
  }
  world.stop();
});

Deno.test("HeartLinks refuses a second request of one who waits, and of one who is being matched", async () => {
  const world = await newWorld();
  world.holdsTurns = true;
  await press(world, "a");
  await assert.rejects(
    world.links.request(person("a")),
    refusal("link_pending"),
  );
  const pending = world.links.request(person("b"));
  for (const userId of ["a", "b"]) {
    const again = world.links.request(person(userId));
    await assert.rejects(again, refusal("link_pending"));
  }
  world.turns[0]?.land();
  await pending;
  assert.deepEqual(world.pairs, [["a", "b"]]);
  world.stop();
});

Deno.test("HeartLinks sends one back who has an active room", async () => {
  const world = await newWorld();
  await press(world, "a", "b");
  assert.deepEqual(await press(world, "a"), [
    { kind: "reconnect", roomId: "room-1", partner: person("b") },
  ]);
  world.endRoom("room-1");
  assert.equal((await press(world, "a"))[0]?.kind, "waiting");
  world.stop();
});

Deno.test("HeartLinks expires a request that is older than ten minutes", async () => {
  const world = await newWorld();
  await press(world, "a");
  await world.clock.advance(PENDING_MS_MAX);
  assert.equal(await statusOf(world, "a"), "pending");
  assert.deepEqual(world.told, []);
  await world.clock.advance(1);
  assert.deepEqual(world.told, ["a expired"]);
  assert.deepEqual(world.table.statuses("a"), ["expired"]);
  assert.equal(world.waiting.length, 0);
  assert.equal(world.clock.armed, 0);
  assert.equal(await statusOf(world, "a"), "expired");
  assert.equal((await press(world, "b"))[0]?.kind, "waiting");
  world.stop();
});

Deno.test("HeartLinks lets a match count for an hour", async () => {
  const world = await newWorld();
  await press(world, "a", "b");
  await world.clock.advance(MATCHED_MS_MAX);
  assert.equal(await statusOf(world, "a"), "matched");
  await world.clock.advance(1);
  assert.deepEqual(world.told.slice(2), ["a expired", "b expired"]);
  assert.equal(await statusOf(world, "a"), "expired");
  // Its room is not over for that.
  assert.deepEqual(world.pairs, [["a", "b"]]);
  assert.equal((await press(world, "a"))[0]?.kind, "reconnect");
  assert.equal(world.clock.armed, 0);
});

Deno.test("HeartLinks goes by the time that passed when the clock is set back", async () => {
  const world = await newWorld();
  await press(world, "a");
  world.clock.setBack(HOUR_MS);
  await world.clock.advance(PENDING_MS_MAX);
  const view = await world.links.status("a");
  assert.equal(view.status === "pending" && view.leftMs, 0);
  await world.clock.advance(1);
  assert.equal(await statusOf(world, "a"), "expired");
  const [requested, settled] = world.records;
  assert(requested?.type === "link_requested");
  assert(settled?.type === "link_settled");
  assert.equal(settled.link.at, requested.link.createdAt);
  world.stop();
});

Deno.test("HeartLinks sees a lost timer's request as expired when it is read", async () => {
  for (const look of ["status", "pendingOf", "request", "cancel"] as const) {
    const world = await newWorld();
    await press(world, "a");
    // A machine that slept: time went by and no timer ran.
    world.stop();
    await world.clock.advance(PENDING_MS_MAX + 1);
    assert.deepEqual(world.told, []);
    if (look === "status") assert.equal(await statusOf(world, "a"), "expired");
    if (look === "pendingOf") assert.equal(world.links.pendingOf("a"), null);
    if (look === "cancel") {
      assert.equal(await world.links.cancel("a", "anyone"), 0);
    }
    // Nobody is matched with it either.
    if (look === "request") await press(world, "b");
    assert.deepEqual(world.told, ["a expired"]);
    assert.deepEqual(world.table.statuses("a"), ["expired"]);
  }
});

Deno.test("HeartLinks warns in the last two minutes", async () => {
  const world = await newWorld();
  await press(world, "a");
  const { createdAt, expiresAt } = world.links.pendingOf("a") ?? {};
  assert.equal(createdAt, world.clock.now());
  assert.equal(expiresAt, world.clock.now() + PENDING_MS_MAX);
  await world.clock.advance(479_999);
  assert.equal(world.links.pendingOf("a")?.warningMinutes, null);
  await world.clock.advance(1);
  assert.equal(world.links.pendingOf("a")?.warningMinutes, 2);
  await world.clock.advance(60_000);
  assert.equal(world.links.pendingOf("a")?.warningMinutes, 1);
  world.stop();
});

Deno.test("HeartLinks takes a request back", async () => {
  const world = await newWorld();
  assert.equal(await world.links.cancel("a", "anyone"), 0);
  await press(world, "a");
  assert.equal(await world.links.cancel("a", "number"), 0);
  assert.equal(await world.links.cancel("a", "anyone"), 1);
  assert.equal(await statusOf(world, "a"), "cancelled");
  assert.deepEqual(world.table.statuses("a"), ["cancelled"]);
  assert.deepEqual(world.told, ["a cancelled"]);
  assert.equal(world.waiting.length, 0);
  assert.equal(world.clock.armed, 0);
  assert.equal(await world.links.cancel("a", "anyone"), 0);
  // Nobody meets one who left.
  const [outcome] = await press(world, "b");
  assert.equal(outcome?.kind, "waiting");
  world.stop();
});

Deno.test("HeartLinks does not take back a request whose match succeeds", async () => {
  const world = await newWorld();
  world.holdsTurns = true;
  await press(world, "a");
  const outcome = world.links.request(person("b"));
  const cancelled = ["a", "b"].map((id) => world.links.cancel(id, "anyone"));
  await settle();
  world.turns[0]?.land();
  assert.deepEqual(await Promise.all(cancelled), [0, 0]);
  assert.equal((await outcome).kind, "matched");
  world.stop();
});

Deno.test("HeartLinks takes back a request whose match fails, and nobody gets it in between", async () => {
  const world = await newWorld();
  world.holdsTurns = true;
  await press(world, "a");
  const outcome = world.links.request(person("b"));
  const cancelled = ["a", "b"].map((id) => world.links.cancel(id, "anyone"));
  await settle();
  world.turns[0]?.land(new Error("no luck"));
  assert.deepEqual(await Promise.all(cancelled), [1, 1]);
  assert.equal((await outcome).kind, "waiting");
  assert.deepEqual(world.told, ["a cancelled", "b cancelled"]);
  assert.equal(world.waiting.length, 0);
  assert.equal(world.clock.armed, 0);
});

Deno.test("HeartLinks changes nothing when a request cannot be recorded", async () => {
  const world = await newWorld();
  world.isStorageDown = true;
  const refused = world.links.request(person("a"));
  await assert.rejects(refused, refusal("storage_unavailable"));
  assert.equal(world.links.counts.pending, 0);
  assert.equal(await statusOf(world, "a"), "not_found");
  world.isStorageDown = false;
  world.hasRoomLeft = false;
  const full = world.links.request(person("a"));
  await assert.rejects(full, refusal("too_many_rooms"));
  world.hasRoomLeft = true;
  assert.equal((await press(world, "a"))[0]?.kind, "waiting");
  world.stop();
});

Deno.test("HeartLinks changes nothing when a match cannot be recorded", async () => {
  const world = await newWorld();
  await press(world, "a");
  world.isStorageDown = true;
  const refused = world.links.request(person("b"));
  await assert.rejects(refused, refusal("storage_unavailable"));
  assert.equal(await statusOf(world, "a"), "pending");
  assert.equal(await statusOf(world, "b"), "not_found");
  world.isStorageDown = false;
  assert.equal((await press(world, "b"))[0]?.kind, "matched");
  world.stop();
});

Deno.test("HeartLinks keeps a request that cannot be taken back", async () => {
  const world = await newWorld();
  await press(world, "a");
  world.isStorageDown = true;
  const refused = world.links.cancel("a", "anyone");
  await assert.rejects(refused, refusal("storage_unavailable"));
  world.isStorageDown = false;
  assert.equal((await press(world, "b"))[0]?.kind, "matched");
  world.stop();
});

Deno.test("HeartLinks expires on time what cannot be recorded, and records it when it can", async () => {
  const world = await newWorld();
  await press(world, "a");
  world.isStorageDown = true;
  await world.clock.advance(PENDING_MS_MAX + 1);
  assert.equal(await statusOf(world, "a"), "expired");
  assert.deepEqual(world.table.statuses("a"), ["pending"]);
  assert.equal(world.waiting.length, 1);
  world.isStorageDown = false;
  assert.deepEqual(await world.links.sweep(), { expired: 0, endedRooms: 1 });
  assert.deepEqual(world.table.statuses("a"), ["expired"]);
  assert.equal(world.waiting.length, 0);
});

Deno.test("HeartLinks holds so many open requests and no more", async () => {
  const world = await newWorld({ openMax: 4 });
  await press(world, "a", "b", "c");
  assert.equal((await press(world, "d"))[0]?.kind, "matched");
  const refused = world.links.request(person("e"));
  await assert.rejects(refused, refusal("busy"));
  const byNumber = world.links.requestNumber(person("e"), "1234");
  await assert.rejects(byNumber, refusal("busy"));
  assert.equal(world.links.counts.refused, 2);
  world.endRoom("room-1");
  assert.equal((await press(world, "e"))[0]?.kind, "waiting");
  world.stop();
});

Deno.test("HeartLinks answers from the database for what it forgot", async () => {
  const world = await newWorld({ closedMax: 1 });
  await press(world, "a");
  await world.links.cancel("a", "anyone");
  await press(world, "b");
  await world.links.cancel("b", "anyone");
  assert.equal(await statusOf(world, "a"), "cancelled");
  assert.equal(await statusOf(world, "b"), "cancelled");
  assert.equal(await statusOf(world, "c"), "not_found");
});

Deno.test("HeartLinks expires what waits or was matched in a room that ended", async () => {
  const world = await newWorld();
  await press(world, "a", "b", "c");
  world.endRoom("room-2");
  assert.deepEqual(world.told.slice(2), ["c expired"]);
  world.endRoom("room-1");
  assert.deepEqual(world.told.slice(3), ["a expired", "b expired"]);
  assert.equal(world.clock.armed, 0);
  world.links.roomEnded("no such room");
});

Deno.test("HeartLinks expires a match whose room ends before its turn is heard of", async () => {
  const world = await newWorld();
  world.holdsTurns = true;
  await press(world, "a");
  const outcome = world.links.request(person("b"));
  world.turns[0]?.land();
  world.endRoom("room-1");
  assert.equal((await outcome).kind, "matched");
  assert.deepEqual(world.told, [
    "a matched",
    "b matched",
    "a expired",
    "b expired",
  ]);
  assert.deepEqual(world.table.statuses("a"), ["expired"]);
  assert.equal(world.clock.armed, 0);
});

Deno.test("HeartLinks ends waiting rooms that nobody waits in", async () => {
  const world = await newWorld();
  await press(world, "a");
  world.openWaiting(person("x"), () => []);
  assert.deepEqual(await world.links.sweep(), { expired: 0, endedRooms: 1 });
  assert.deepEqual(world.waiting.map(({ id }) => id), ["room-1"]);
  world.isEndBroken = true;
  await world.links.cancel("a", "anyone");
  await settle();
  assert.deepEqual(world.log.texts, ["warn Cannot end a waiting room yet"]);
  assert.equal((await world.links.sweep()).endedRooms, 0);
  world.isEndBroken = false;
  assert.equal((await world.links.sweep()).endedRooms, 1);
  world.stop();
});

Deno.test("HeartLinks goes on where it stopped", async () => {
  const world = await newWorld();
  await press(world, "a", "b", "c");
  await world.links.requestNumber(person("d"), "1234");
  await world.clock.advance(300_000);
  await world.restart();
  assert.equal(await statusOf(world, "a"), "matched");
  assert.equal(await statusOf(world, "c"), "pending");
  assert.equal(await statusOf(world, "d"), "pending");
  await world.clock.advance(300_000);
  assert.equal(await statusOf(world, "c"), "pending");
  await world.clock.advance(1);
  assert.equal(await statusOf(world, "c"), "expired");
  assert.equal(await statusOf(world, "d"), "expired");
  assert.equal(world.waiting.length, 0);
  await world.clock.advance(MATCHED_MS_MAX - 600_001);
  assert.equal(await statusOf(world, "a"), "matched");
  await world.clock.advance(1);
  assert.equal(await statusOf(world, "a"), "expired");
  world.stop();
});

Deno.test("HeartLinks matches by number", async () => {
  const world = await newWorld();
  const first = await world.links.requestNumber(person("a"), "0007");
  assert.deepEqual(first, { kind: "waiting", requestId: "id-1" });
  assert.equal(world.rooms.size, 0);
  await world.links.requestNumber(person("b"), "0008");
  const again = world.links.requestNumber(person("a"), "0009");
  await assert.rejects(again, refusal("link_pending"));
  assert.deepEqual(await world.links.requestNumber(person("c"), "0007"), {
    kind: "matched",
    requestId: "id-3",
    roomId: "match-id-4",
    partner: person("a"),
  });
  assert.deepEqual(world.pairs, [["a", "c"]]);
  assert.deepEqual(world.table.statuses("a"), ["matched"]);
  assert.deepEqual(world.told, ["a matched", "c matched"]);
  assert.equal(world.pushed[0]?.frame.number, "0007");
  assert.equal(await world.links.cancel("b", "number"), 1);
  world.stop();
});

Deno.test("HeartLinks refuses what is not four digits", async () => {
  const world = await newWorld();
  for (
    const number of ["", "123", "12345", "12a4", " 123", "１２３４", "-123"]
  ) {
    const refused = world.links.requestNumber(person("a"), number);
    await assert.rejects(refused, refusal("number_invalid"));
  }
});

Deno.test("HeartLinks keeps a request of each kind apart", async () => {
  const world = await newWorld();
  await press(world, "a");
  await world.links.requestNumber(person("a"), "1234");
  assert.equal(world.links.counts.pending, 2);
  assert.equal(await world.links.cancel("a", "number"), 1);
  assert.equal(await statusOf(world, "a"), "pending");
  assert.equal(world.links.pendingOf("a")?.number, null);
  world.stop();
});
