import assert from "node:assert/strict";
import { type EndedRoom, Explainer } from "../../src/jobs/explanation.ts";
import { START_AT } from "../support/fake_clock.ts";
import { MINUTE_MS, ReapWorld } from "./reap_world.ts";

const BY_SETTING = { force: false };

function newExplainer(stored: Record<string, EndedRoom> = {}) {
  const world = new ReapWorld();
  const explainer = new Explainer({
    reaper: world.reaper,
    find: (roomId) => world.live.find(({ id }) => id === roomId),
    stored: (roomId) => Promise.resolve(stored[roomId]),
  });
  return { explainer, world };
}

Deno.test("Explainer says of a live room why it stays, and how long", async () => {
  const { explainer, world } = newExplainer();
  world.open("r1").speak();
  await world.clock.advance(6 * MINUTE_MS);
  assert.deepEqual(await explainer.explain("r1", BY_SETTING), {
    roomId: "r1",
    kind: "chat",
    status: "active",
    reason: "emptied_recently",
    dueInMs: 4 * MINUTE_MS,
    createdAt: START_AT,
    emptySinceAt: START_AT,
    lastMessageAt: START_AT,
    endedAt: null,
    connections: 0,
  });
});

Deno.test("Explainer heeds minutes and force, and ends nothing", async () => {
  const { explainer, world } = newExplainer();
  world.open("r1");
  const forced = await explainer.explain("r1", { force: true });
  assert.deepEqual([forced.reason, forced.dueInMs], ["due", 0]);
  await world.clock.advance(5 * MINUTE_MS);
  const soon = await explainer.explain("r1", { minutes: 5, force: false });
  assert.equal(soon.reason, "due");
  assert.deepEqual(world.ended, []);
});

Deno.test("Explainer says who is connected", async () => {
  const { explainer, world } = newExplainer();
  world.open("r1").enter();
  const { connections, dueInMs, emptySinceAt, reason } = await explainer
    .explain("r1", { force: true });
  assert.deepEqual([reason, connections], ["connected", 1]);
  assert.deepEqual([emptySinceAt, dueInMs], [null, null]);
});

Deno.test("Explainer says why a device room stays", async () => {
  const { explainer, world } = newExplainer();
  world.open("DEVICES1", { kind: "device" });
  await world.clock.advance(9 * MINUTE_MS);
  const { dueInMs, kind, reason } = await explainer
    .explain("DEVICES1", BY_SETTING);
  assert.deepEqual([kind, reason, dueInMs], [
    "device",
    "emptied_recently",
    MINUTE_MS,
  ]);
});

Deno.test("Explainer says that a room waits", async () => {
  const { explainer, world } = newExplainer();
  world.open("r1", { chat: { isWaiting: true } });
  const { reason, status } = await explainer.explain("r1", BY_SETTING);
  assert.deepEqual([status, reason], ["waiting", "waiting"]);
});

Deno.test("Explainer says when a room has ended", async () => {
  const ended: EndedRoom & { readonly endedAt: number } = {
    kind: "device",
    createdAt: START_AT,
    lastMessageAt: START_AT + 1,
    endedAt: START_AT + 2,
  };
  const { explainer } = newExplainer({ r1: ended });
  assert.deepEqual(await explainer.explain("r1", BY_SETTING), {
    roomId: "r1",
    status: "ended",
    reason: "ended",
    dueInMs: null,
    emptySinceAt: null,
    connections: 0,
    ...ended,
  });
});

Deno.test("Explainer says that there is no such room", async () => {
  const { explainer } = newExplainer();
  assert.deepEqual(await explainer.explain("none", { force: true }), {
    roomId: "none",
    kind: null,
    status: null,
    reason: "unknown",
    dueInMs: null,
    createdAt: null,
    emptySinceAt: null,
    lastMessageAt: null,
    endedAt: null,
    connections: 0,
  });
});

Deno.test("Explainer says that a live room is fed", async () => {
  const { explainer, world } = newExplainer();
  world.open("L1", { kind: "live", live: { isWanted: true } });
  await world.clock.advance(60 * MINUTE_MS);
  const { dueInMs, kind, reason, status } = await explainer
    .explain("L1", { force: true });
  assert.deepEqual([kind, status, reason, dueInMs], [
    "live",
    "active",
    "fed",
    null,
  ]);
});
