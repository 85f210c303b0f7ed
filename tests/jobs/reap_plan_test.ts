import assert from "node:assert/strict";
import { ReapPlanner } from "../../src/jobs/reap_plan.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MINUTE_MS, SketchedRoom } from "./reap_world.ts";

const TEN_MINUTES = {
  idleMs: 10 * MINUTE_MS,
  deviceIdleMs: 10 * MINUTE_MS,
  liveIdleMs: 10 * MINUTE_MS,
  force: false,
};

/** A clock on which looking at a room takes time. */
class BusyClock extends FakeClock {
  spentMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.spentMs;
  }
}

function newPlanner() {
  const clock = new BusyClock();
  const rooms: SketchedRoom[] = [];
  /** How long each slice took, in ms. */
  const slicesMs: number[] = [];
  let startedMs = 0;
  const planner = new ReapPlanner({
    rooms: () => rooms,
    clock,
    yield: (next) => {
      slicesMs.push(clock.spentMs - startedMs);
      startedMs = clock.spentMs;
      queueMicrotask(next);
    },
  });
  return { clock, planner, rooms, slicesMs };
}

Deno.test("ReapPlanner finds what is due and counts what is not", async () => {
  const { clock, planner, rooms } = newPlanner();
  const due = new SketchedRoom("due", clock);
  const pinned = new SketchedRoom("pinned", clock).set({ pinned: "" });
  const managed = new SketchedRoom("managed", clock).set({ autoClose: false });
  const busy = new SketchedRoom("busy", clock).set({ sessions: 2 });
  busy.enter();
  const waiting = new SketchedRoom("waiting", clock)
    .set({ chat: { isWaiting: true } });
  const matched = new SketchedRoom("matched", clock)
    .set({ chat: { isWaiting: false } });
  rooms.push(due, pinned, managed, busy, waiting, matched);
  await clock.advance(10 * MINUTE_MS);
  const young = new SketchedRoom("young", clock);
  await clock.advance(MINUTE_MS);
  const younger = new SketchedRoom("younger", clock);
  const spoken = new SketchedRoom("spoken", clock).set(due.current);
  spoken.speak();
  rooms.push(young, younger, spoken);
  const plan = await planner.plan(TEN_MINUTES);
  assert.deepEqual(plan.due.map(({ room }) => room), [due, matched]);
  assert.deepEqual(plan.spared, {
    pinned: 1,
    auto_close_off: 1,
    connected: 1,
    waiting: 1,
    emptied_recently: 2,
    spoken_recently: 1,
  });
  assert.equal(plan.nextDueInMs, 9 * MINUTE_MS);
});

Deno.test("ReapPlanner tells when the first device room goes", async () => {
  const { clock, planner, rooms } = newPlanner();
  const bounds = { ...TEN_MINUTES, deviceIdleMs: MINUTE_MS };
  rooms.push(
    new SketchedRoom("chat", clock),
    new SketchedRoom("DEVICES1", clock).set({ kind: "device" }),
  );
  await clock.advance(1000);
  const plan = await planner.plan(bounds);
  assert.deepEqual(plan.spared, { emptied_recently: 2 });
  assert.equal(plan.nextDueInMs, MINUTE_MS - 1000);
  const never = await planner.plan({ ...bounds, deviceIdleMs: null });
  assert.deepEqual(never.spared, { auto_close_off: 1, emptied_recently: 1 });
  assert.equal(never.nextDueInMs, 10 * MINUTE_MS - 1000);
});

Deno.test("ReapPlanner has no next room when time alone ends none", async () => {
  const { clock, planner, rooms } = newPlanner();
  const busy = new SketchedRoom("busy", clock);
  busy.enter();
  rooms.push(busy);
  assert.deepEqual(await planner.plan(TEN_MINUTES), {
    due: [],
    spared: { connected: 1 },
    nextDueInMs: null,
  });
});

Deno.test("ReapPlanner spares a room with a connection, whatever else it says", () => {
  const { clock, planner } = newPlanner();
  const room = new SketchedRoom("odd", clock).set({ sessions: 1 });
  assert.notEqual(room.quiet(), null);
  const { reason } = planner.judge(room, {
    idleMs: 0,
    deviceIdleMs: 0,
    liveIdleMs: 0,
    force: true,
  });
  assert.equal(reason, "connected");
});

Deno.test("ReapPlanner looks at 10,000 rooms in slices of 5 ms at most", async () => {
  const { clock, planner, rooms, slicesMs } = newPlanner();
  const perRoomMs = 0.01;
  for (let index = 0; index < 10_000; index++) {
    const room = new SketchedRoom(`room-${index}`, clock);
    const facts = room.facts();
    room.facts = () => {
      clock.spentMs += perRoomMs;
      return facts;
    };
    rooms.push(room);
  }
  await clock.advance(10 * MINUTE_MS);
  const plan = await planner.plan(TEN_MINUTES);
  assert.equal(plan.due.length, 10_000);
  assert(slicesMs.length >= 100 / 5 - 1, `${slicesMs.length} slices`);
  assert(Math.max(...slicesMs) <= 5, `${Math.max(...slicesMs)} ms`);
  assert.equal(Math.round(clock.spentMs), 100);
});

Deno.test("ReapPlanner looks at no room that is made while it plans", async () => {
  const { clock, planner, rooms } = newPlanner();
  const first = new SketchedRoom("first", clock);
  const { facts } = first;
  first.facts = () => {
    if (rooms.length < 10) rooms.push(new SketchedRoom("late", clock));
    clock.spentMs += 5;
    return facts.call(first);
  };
  rooms.push(first);
  const { due } = await planner.plan({
    ...TEN_MINUTES,
    force: true,
  });
  assert.deepEqual(due.map(({ room }) => room.id), ["first"]);
});

Deno.test("ReapPlanner stops when it is told to", async () => {
  const { clock, planner, rooms } = newPlanner();
  rooms.push(new SketchedRoom("r1", clock));
  const bounds = { ...TEN_MINUTES, force: true };
  assert.deepEqual((await planner.plan(bounds, AbortSignal.abort())).due, []);
});
