import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { RoomVoice } from "../../src/room/room_voice.ts";
import { SLICE_MS } from "../../src/room/scheduler.ts";
import { TurnBudget } from "../../src/room/turn_budget.ts";
import { WriteCost } from "../../src/room/write_cost.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { FakeSession, ROOMS } from "../support/fake_session.ts";
import { WorkClock } from "./actor_world.ts";

const STATS: RoomEvent = { type: "room_stats", currentUsers: 1, peakUsers: 1 };
const STATS_LENGTH = ROOMS.encode(STATS)?.length ?? 0;

/** A voice that these sessions hear. */
function newVoice(sessions: readonly FakeSession[]) {
  const clock = new WorkClock();
  const cost = new WriteCost();
  const budget = new TurnBudget(clock, { cost, sliceMs: SLICE_MS });
  const metrics = new Metrics();
  const voice = new RoomVoice(metrics);
  for (const session of sessions) voice.admit(session);
  voice.endTurn();
  voice.handOut(budget);
  return { budget, clock, cost, metrics, voice };
}

Deno.test("RoomVoice hands out what a turn said once it has ended", () => {
  const ann = new FakeSession("ann");
  const { budget, voice } = newVoice([ann]);
  voice.broadcast(STATS, undefined);
  voice.send(ann, { type: "you_are_kicked", code: "user_kicked" });
  assert(!voice.isSpeaking);
  assert(voice.handOut(budget));
  assert.deepEqual(ann.heard, []);
  voice.endTurn();
  assert(voice.isSpeaking);
  assert(voice.handOut(budget));
  assert(!voice.isSpeaking);
  assert.deepEqual(ann.heard, ["RoomStats", "YouAreKicked"]);
});

Deno.test("RoomVoice has nothing to hand out after a turn that said nothing", () => {
  const ann = new FakeSession("ann");
  const { budget, voice } = newVoice([ann]);
  voice.endTurn();
  assert(!voice.isSpeaking);
  assert(voice.handOut(budget));
  assert.deepEqual(ann.packets, []);
});

Deno.test("RoomVoice says nothing twice", () => {
  const ann = new FakeSession("ann");
  const { budget, voice } = newVoice([ann]);
  for (let turn = 0; turn < 2; turn++) {
    voice.broadcast(STATS, undefined);
    voice.endTurn();
    voice.handOut(budget);
  }
  assert.deepEqual(ann.heard, ["RoomStats", "RoomStats"]);
});

Deno.test("RoomVoice hands out in slices, the cost of the writes counted", () => {
  const crowd = Array.from(
    { length: 2000 },
    (_, index) => new FakeSession(`u${index}`),
  );
  const { budget, cost, voice } = newVoice(crowd);
  cost.beginSlice(0, false);
  voice.broadcast(STATS, undefined);
  voice.endTurn();
  const heard = () => crowd.filter(({ packets }) => packets.length > 0).length;
  assert(!voice.handOut(budget));
  // A frame costs 5 µs before one was measured: 800 fill a slice.
  assert.equal(heard(), 832);
  assert.equal(cost.owedMs.toFixed(2), "4.16");
  assert(!voice.handOut(budget));
  assert(voice.handOut(budget));
  assert.equal(heard(), 2000);
  assert(crowd.every(({ packets }) => packets.length === 1));
});

Deno.test("RoomVoice knows what this turn said so far", () => {
  const sessions = [
    new FakeSession("ann"),
    new FakeSession("bob"),
    new FakeSession("cid", { isBatched: true }),
  ];
  const { budget, voice } = newVoice(sessions);
  voice.broadcast(STATS, undefined);
  voice.broadcast(STATS, undefined);
  assert.deepEqual(voice.toSay, {
    frameCount: 4,
    length: 2 * STATS_LENGTH,
    joinedLength: 2 * STATS_LENGTH,
    asideLengthMax: 0,
  });
  voice.endTurn();
  voice.handOut(budget);
  assert.deepEqual(voice.toSay, {
    frameCount: 0,
    length: 0,
    joinedLength: 0,
    asideLengthMax: 0,
  });
});

Deno.test("RoomVoice is heard from admission to dismissal", () => {
  const ann = new FakeSession("ann");
  const { budget, voice } = newVoice([]);
  // Nobody is here to hear the first.
  voice.broadcast(STATS, undefined);
  voice.admit(ann);
  voice.broadcast(STATS, { except: [ann] });
  voice.broadcast(STATS, undefined);
  assert.equal(voice.toSay.frameCount, 2);
  voice.dismiss(ann, "user_kicked");
  assert.equal(voice.toSay.frameCount, 0);
  voice.broadcast(STATS, undefined);
  voice.endTurn();
  voice.handOut(budget);
  assert.deepEqual(ann.heard, ["RoomStats"]);
  assert.equal(ann.closedWith, "user_kicked");
});

Deno.test("RoomVoice counts deliveries, frames and refusals", async () => {
  const single = new FakeSession("ann");
  const batched = new FakeSession("bob", { isBatched: true });
  const { budget, metrics, voice } = newVoice([single, batched]);
  voice.broadcast(STATS, undefined);
  voice.broadcast(STATS, undefined);
  voice.send(single, { type: "error", code: "rate_limited" });
  voice.endTurn();
  voice.handOut(budget);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_deliveries_total 5$/m);
  assert.match(body, /^parlor_frames_sent_total 4$/m);
  assert.match(body, /^parlor_refusals_total\{code="rate_limited"\} 1$/m);
});
