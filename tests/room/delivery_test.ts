import assert from "node:assert/strict";
import { Delivery } from "../../src/room/delivery.ts";
import { Speech } from "../../src/room/speech.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { FakeSession, ROOMS } from "../support/fake_session.ts";

const STATS: RoomEvent = { type: "room_stats", currentUsers: 1, peakUsers: 1 };
const KICKED: RoomEvent = { type: "you_are_kicked", code: "user_kicked" };

/** How many sessions are visited before a slice may end. */
const STRIDE = 64;

function crowd(count: number): FakeSession[] {
  return Array.from(
    { length: count },
    (_, index) => new FakeSession(`u${index}`),
  );
}

function newSpeech(sessions: readonly FakeSession[]) {
  const audience = new Set(sessions);
  const speech = new Speech(audience);
  return { audience, speech };
}

function heardCount(sessions: readonly FakeSession[]): number {
  return sessions.filter(({ packets }) => packets.length > 0).length;
}

const never = { isDue: () => false };
const always = { isDue: () => true };

Deno.test("Delivery gives every session its packet, and closes whom it must", () => {
  const [ann, bob, cid] = crowd(3);
  assert(ann && bob && cid);
  const { audience, speech } = newSpeech([ann, bob]);
  speech.broadcast(STATS, [ROOMS]);
  speech.send(bob, KICKED);
  speech.dismiss(bob, "user_kicked");
  audience.delete(bob);
  speech.send(cid, { type: "error", code: "room_full" });
  speech.dismiss(cid, "room_full");
  const delivery = new Delivery(speech, audience);
  assert(delivery.run(never.isDue));
  assert.deepEqual(ann.heard, ["RoomStats"]);
  assert.deepEqual(bob.heard, ["RoomStats", "YouAreKicked"]);
  assert.deepEqual(cid.heard, ["Error"]);
  assert.deepEqual(
    [ann, bob, cid].map(({ closedWith }) => closedWith),
    [undefined, "user_kicked", "room_full"],
  );
});

Deno.test("Delivery gives each session one packet a turn", () => {
  const [ann, bob] = crowd(2);
  assert(ann && bob);
  const { audience, speech } = newSpeech([ann, bob]);
  speech.broadcast(STATS, [ROOMS]);
  speech.send(ann, KICKED);
  speech.broadcast(STATS, [ROOMS]);
  new Delivery(speech, audience).run(never.isDue);
  assert.equal(ann.packets.length, 1);
  assert.equal(bob.packets.length, 1);
  assert.deepEqual(ann.heard, ["RoomStats", "YouAreKicked", "RoomStats"]);
});

Deno.test("Delivery goes to nobody who has nothing to hear", () => {
  const [ann, bob] = crowd(2);
  assert(ann && bob);
  const { audience, speech } = newSpeech([ann, bob]);
  speech.send(ann, KICKED);
  const delivery = new Delivery(speech, audience);
  assert(delivery.run(never.isDue));
  assert.deepEqual(bob.packets, []);
  assert.deepEqual(delivery.tally, { messageCount: 1, frameCount: 1 });
});

Deno.test("Delivery goes on where its last slice ended", () => {
  const sessions = crowd(2 * STRIDE + 1);
  const { audience, speech } = newSpeech(sessions);
  speech.broadcast(STATS, [ROOMS]);
  const delivery = new Delivery(speech, audience);
  const slices = [1, 2, 3].map(() => {
    const isDone = delivery.run(always.isDue);
    return [isDone, heardCount(sessions)];
  });
  assert.deepEqual(slices, [
    [false, STRIDE],
    [false, 2 * STRIDE],
    [true, 2 * STRIDE + 1],
  ]);
  assert(sessions.every(({ packets }) => packets.length === 1));
});

Deno.test("Delivery slices what sessions are told of their own as well", () => {
  const sessions = crowd(STRIDE + 1);
  const { audience, speech } = newSpeech(sessions);
  for (const session of sessions) speech.send(session, KICKED);
  const delivery = new Delivery(speech, audience);
  assert(!delivery.run(always.isDue));
  assert.equal(heardCount(sessions), STRIDE);
  assert(delivery.run(always.isDue));
  assert(sessions.every(({ packets }) => packets.length === 1));
});

Deno.test("Delivery looks at the clock once in a while only", () => {
  const sessions = crowd(3 * STRIDE);
  const { audience, speech } = newSpeech(sessions);
  speech.broadcast(STATS, [ROOMS]);
  let looks = 0;
  new Delivery(speech, audience).run(() => {
    looks += 1;
    return false;
  });
  assert.equal(looks, 3);
});

Deno.test("Delivery counts messages, and one frame for all of a batched session", () => {
  const single = new FakeSession("ann");
  const batched = new FakeSession("bob", { isBatched: true });
  const closed = new FakeSession("cid", { isBatched: true });
  closed.close("slow_consumer");
  const { audience, speech } = newSpeech([single, batched, closed]);
  for (let count = 0; count < 3; count++) speech.broadcast(STATS, [ROOMS]);
  const delivery = new Delivery(speech, audience);
  delivery.run(never.isDue);
  assert.deepEqual(delivery.tally, { messageCount: 6, frameCount: 4 });
});
