import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { BY_ITSELF, MINUTE_MS, ReapWorld } from "./reap_world.ts";

const HOUR_MS = 60 * MINUTE_MS;

Deno.test("Reaper ends a room whose users left ten minutes ago", async () => {
  const world = new ReapWorld();
  const room = world.open("left");
  room.enter();
  await world.clock.advance(HOUR_MS);
  room.leave();
  const emptySinceAt = world.clock.now();
  await world.clock.advance(10 * MINUTE_MS - 1);
  assert.deepEqual(await world.run(), []);
  await world.clock.advance(1);
  assert.deepEqual(await world.reaper.reap(BY_ITSELF), {
    rooms: [{
      roomId: "left",
      kind: "chat",
      createdAt: room.current.createdAt,
      emptySinceAt,
    }],
    spared: {},
    nextDueInMs: null,
  });
  assert.deepEqual(world.ended, ["left"]);
  assert.deepEqual(world.log.texts, ["info Reaped a room"]);
});

Deno.test("Reaper spares a room younger than five minutes", async () => {
  const world = new ReapWorld();
  world.open("young");
  const soon = { ...BY_ITSELF, minutes: 1 };
  await world.clock.advance(5 * MINUTE_MS - 1);
  const early = await world.reaper.reap(soon);
  assert.deepEqual(early.spared, { too_young: 1 });
  assert.equal(early.nextDueInMs, 1);
  await world.clock.advance(1);
  await world.reaper.reap(soon);
  assert.deepEqual(world.ended, ["young"]);
});

Deno.test("Reaper ends a room that nobody ever entered", async () => {
  const world = new ReapWorld();
  world.open("never");
  await world.clock.advance(10 * MINUTE_MS - 1);
  assert.deepEqual(await world.run(), []);
  await world.clock.advance(1);
  assert.deepEqual(await world.run(), ["never"]);
});

Deno.test("Reaper never ends a room with somebody connected", async () => {
  const world = new ReapWorld();
  world.open("silent").enter();
  await world.clock.advance(24 * HOUR_MS);
  for (const force of [false, true]) {
    const request = { minutes: 0, force, dryRun: false };
    const { rooms, spared } = await world.reaper.reap(request);
    assert.deepEqual([rooms, spared], [[], { connected: 1 }]);
  }
});

Deno.test("Reaper never ends a room that waits, is pinned or stays open", async () => {
  const world = new ReapWorld();
  world.open("waiting", { chat: { isWaiting: true } });
  world.open("pinned", { pinned: "" });
  world.open("kept", { autoClose: false });
  await world.clock.advance(24 * HOUR_MS);
  await world.reaper.reap({ minutes: 0, force: true, dryRun: false });
  assert.deepEqual(world.ended, []);
});

Deno.test("Reaper counts a message as life, when nobody is connected", async () => {
  const world = new ReapWorld();
  const room = world.open("posted");
  await world.clock.advance(9 * MINUTE_MS);
  room.speak();
  await world.clock.advance(10 * MINUTE_MS - 1);
  assert.deepEqual(await world.run(), []);
  await world.clock.advance(1);
  assert.deepEqual(await world.run(), ["posted"]);
});

Deno.test("Reaper lifts both bounds of time when forced", async () => {
  const world = new ReapWorld();
  world.open("new");
  const { rooms } = await world.reaper.reap({ force: true, dryRun: false });
  assert.deepEqual(rooms.map(({ roomId }) => roomId), ["new"]);
});

Deno.test("Reaper tells of a dry run what the run then does", async () => {
  const world = new ReapWorld();
  world.open("one");
  world.open("busy").enter();
  world.open("two");
  await world.clock.advance(10 * MINUTE_MS);
  const plan = await world.reaper.reap({ ...BY_ITSELF, dryRun: true });
  assert.deepEqual(plan.rooms.map(({ roomId }) => roomId), ["one", "two"]);
  assert.deepEqual(world.ended, []);
  assert.deepEqual(world.log.texts, []);
  assert.deepEqual(await world.reaper.reap(BY_ITSELF), plan);
});

Deno.test("Reaper starts the time anew when a user was back in between", async () => {
  const world = new ReapWorld();
  const room = world.open("again");
  await world.clock.advance(9 * MINUTE_MS);
  assert.deepEqual(await world.run(), []);
  room.enter();
  room.leave();
  await world.clock.advance(10 * MINUTE_MS - 1);
  assert.deepEqual(await world.run(), []);
  await world.clock.advance(1);
  assert.deepEqual(await world.run(), ["again"]);
});

Deno.test("Reaper spares a room that is entered between plan and end", async () => {
  const world = new ReapWorld();
  const rooms = Array.from(
    { length: 60 },
    (_, index) => world.open(`room-${index}`),
  );
  await world.clock.advance(10 * MINUTE_MS);
  const last = rooms.at(-1);
  const first = rooms[0];
  assert(first && last);
  first.onOperate = () => last.enter();
  const report = await world.reaper.reap(BY_ITSELF);
  assert.equal(report.rooms.length, 59);
  assert.deepEqual(report.spared, { connected: 1 });
  assert(!last.isEnded);
});

Deno.test("Reaper spares a room at whose door somebody stands", async () => {
  const world = new ReapWorld();
  const room = world.open("door");
  await world.clock.advance(10 * MINUTE_MS);
  room.depth = 1;
  const { rooms, spared } = await world.reaper.reap(BY_ITSELF);
  assert.deepEqual([rooms, spared], [[], { busy: 1 }]);
  room.depth = 0;
  assert.deepEqual(await world.run(), ["door"]);
});

Deno.test("Reaper passes over a room that somebody else ended", async () => {
  const world = new ReapWorld();
  const room = world.open("closed");
  await world.clock.advance(10 * MINUTE_MS);
  room.onOperate = () => room.isEnded = true;
  const { rooms, spared } = await world.reaper.reap(BY_ITSELF);
  assert.deepEqual([rooms, spared], [[], { ended: 1 }]);
  assert.deepEqual(world.log.texts, []);
});

Deno.test("Reaper goes on when a room cannot be ended", async () => {
  const world = new ReapWorld();
  world.open("full").refusal = new ChatError("storage_unavailable");
  world.open("bug").refusal = new Error("/secret/path is gone");
  world.open("idle");
  await world.clock.advance(10 * MINUTE_MS);
  const { rooms } = await world.reaper.reap(BY_ITSELF);
  assert.deepEqual(rooms.map(({ roomId, error }) => [roomId, error]), [
    ["full", "Messages cannot be stored right now"],
    ["bug", "Internal error"],
    ["idle", undefined],
  ]);
  assert.deepEqual(world.ended, ["idle"]);
  assert.deepEqual(world.log.texts.toSorted(), [
    "error Failed to reap a room",
    "error Failed to reap a room",
    "info Reaped a room",
  ]);
});

Deno.test("Reaper goes on when a room does not answer", async () => {
  const world = new ReapWorld();
  world.open("stuck").isStuck = true;
  for (let index = 0; index < 50; index++) world.open(`idle-${index}`);
  await world.clock.advance(10 * MINUTE_MS);
  const reaping = world.reaper.reap(BY_ITSELF);
  await world.clock.advance(9999);
  assert.equal(world.ended.length, 49);
  await world.clock.advance(1);
  const { rooms } = await reaping;
  assert.deepEqual([rooms[0]?.roomId, rooms[0]?.error], [
    "stuck",
    "The room is busy",
  ]);
  assert.equal(world.ended.length, 50);
  assert.equal(world.clock.armed, 0);
});

Deno.test("Reaper ends no more rooms once it is told to stop", async () => {
  const world = new ReapWorld();
  const aborter = new AbortController();
  for (let index = 0; index < 120; index++) {
    world.open(`room-${index}`).onOperate = () => aborter.abort();
  }
  await world.clock.advance(10 * MINUTE_MS);
  const { rooms } = await world.reaper.reap(BY_ITSELF, aborter.signal);
  assert.equal(rooms.length, 50);
});

Deno.test("Reaper ends a room on time when the clock is set back an hour", async () => {
  const world = new ReapWorld();
  const room = world.open("seen");
  room.enter();
  await world.clock.advance(HOUR_MS);
  room.leave();
  // It was seen empty before the step, at one of the runs.
  await world.clock.advance(3 * MINUTE_MS);
  assert.deepEqual(await world.run(), []);
  world.clock.setBack(HOUR_MS);
  await world.clock.advance(7 * MINUTE_MS - 1);
  assert.deepEqual(await world.run(), []);
  await world.clock.advance(1);
  assert.deepEqual(await world.run(), ["seen"]);
});

Deno.test("Reaper ends a room on time that it sees only after the clock was set", async () => {
  for (const setBackMs of [HOUR_MS, -HOUR_MS]) {
    const world = new ReapWorld();
    const room = world.open("unseen");
    room.enter();
    await world.clock.advance(HOUR_MS);
    room.speak();
    room.leave();
    await world.clock.advance(3 * MINUTE_MS);
    world.clock.setBack(setBackMs);
    assert.deepEqual(await world.run(), []);
    await world.clock.advance(7 * MINUTE_MS - 1);
    assert.deepEqual(await world.run(), []);
    await world.clock.advance(1);
    assert.deepEqual(await world.run(), ["unseen"]);
  }
});

Deno.test("Reaper keeps a young room for five minutes when the clock is set back", async () => {
  const world = new ReapWorld();
  world.open("young");
  world.clock.setBack(HOUR_MS);
  const soon = { ...BY_ITSELF, minutes: 0 };
  assert.deepEqual((await world.reaper.reap(soon)).spared, { too_young: 1 });
  await world.clock.advance(5 * MINUTE_MS);
  assert.equal((await world.reaper.reap(soon)).rooms.length, 1);
});

Deno.test("Reaper ends no room early when the clock is set forward", async () => {
  const world = new ReapWorld();
  world.open("seen");
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(await world.run(), []);
  world.clock.setBack(-HOUR_MS);
  await world.clock.advance(9 * MINUTE_MS - 1);
  assert.deepEqual(await world.run(), []);
  await world.clock.advance(1);
  assert.deepEqual(await world.run(), ["seen"]);
});

Deno.test("Reaper starts the time anew after a step back, too", async () => {
  const world = new ReapWorld();
  const room = world.open("again");
  room.speak();
  world.clock.setBack(HOUR_MS);
  assert.deepEqual(await world.run(), []);
  room.enter();
  await world.clock.advance(9 * MINUTE_MS);
  room.leave();
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(await world.run(), []);
  await world.clock.advance(9 * MINUTE_MS);
  assert.deepEqual(await world.run(), ["again"]);
});

Deno.test("Reaper lets others have their turn while it looks", async () => {
  class SlowClock extends FakeClock {
    spentMs = 0;
    override monotonic(): number {
      return super.monotonic() + this.spentMs;
    }
  }
  const clock = new SlowClock();
  const world = new ReapWorld(clock);
  const late = world.open("late");
  const slow = world.open("slow");
  const { facts } = slow;
  slow.facts = () => {
    clock.spentMs += 5;
    return facts.call(slow);
  };
  await clock.advance(10 * MINUTE_MS);
  // Somebody comes back between the look at the room and its end.
  world.onYield = () => late.enter();
  const { rooms, spared } = await world.reaper.reap(BY_ITSELF);
  assert.equal(world.yields, 1);
  assert.deepEqual(rooms.map(({ roomId }) => roomId), ["slow"]);
  assert.deepEqual(spared, { connected: 1 });
  await settle();
});

Deno.test("Reaper judges one room by what is asked", async () => {
  const world = new ReapWorld();
  const room = world.open("r1");
  await world.clock.advance(6 * MINUTE_MS);
  assert.deepEqual(world.reaper.judge(room, { force: false }), {
    reason: "emptied_recently",
    dueInMs: 4 * MINUTE_MS,
  });
  const due = { reason: "due", dueInMs: 0 };
  const soon = { minutes: 6, force: false };
  assert.deepEqual(world.reaper.judge(room, soon), due);
  assert.deepEqual(world.reaper.judge(room, { force: true }), due);
});

/** A room of devices that the last one left just now. */
function leftByDevices(deviceTtlMs: number) {
  const world = new ReapWorld(new FakeClock(), { deviceTtlMs });
  const room = world.open("DEVICES1", { kind: "device" });
  room.enter();
  room.leave();
  return { world, room };
}

Deno.test("Reaper ends a device room after ten empty minutes", async () => {
  const { world, room } = leftByDevices(10 * MINUTE_MS);
  await world.clock.advance(10 * MINUTE_MS - 1000);
  room.speak();
  const early = await world.reaper.reap(BY_ITSELF);
  assert.deepEqual(early, {
    rooms: [],
    spared: { emptied_recently: 1 },
    nextDueInMs: 1000,
  });
  await world.clock.advance(1000);
  const { rooms } = await world.reaper.reap(BY_ITSELF);
  assert.deepEqual(rooms.map(({ roomId, kind }) => [roomId, kind]), [
    ["DEVICES1", "device"],
  ]);
  assert.deepEqual(world.ended, ["DEVICES1"]);
  assert.equal(world.log.lines.at(-1)?.fields?.kind, "device");
});

Deno.test("Reaper ends a young device room whose time is a minute", async () => {
  const { world } = leftByDevices(MINUTE_MS);
  await world.clock.advance(MINUTE_MS - 1);
  assert.deepEqual(await world.run(), []);
  await world.clock.advance(1);
  assert.deepEqual(await world.run(), ["DEVICES1"]);
});

Deno.test("Reaper ends no device room when their time is 0, whatever is asked", async () => {
  const { world } = leftByDevices(0);
  await world.clock.advance(24 * HOUR_MS);
  for (const force of [false, true]) {
    const request = { minutes: 1, force, dryRun: false };
    assert.deepEqual(await world.reaper.reap(request), {
      rooms: [],
      spared: { auto_close_off: 1 },
      nextDueInMs: null,
    });
  }
  assert.deepEqual(await world.run(), []);
});

Deno.test("Reaper has a device room go by the minutes that are asked for", async () => {
  const { world } = leftByDevices(HOUR_MS);
  const request = { minutes: 2, ...BY_ITSELF };
  await world.clock.advance(2 * MINUTE_MS - 1);
  const early = await world.reaper.reap(request);
  assert.deepEqual([early.rooms, early.nextDueInMs], [[], 1]);
  await world.clock.advance(1);
  assert.deepEqual(await world.run(), []);
  await world.reaper.reap(request);
  assert.deepEqual(world.ended, ["DEVICES1"]);
});

Deno.test("Reaper ends a device room at once for 0 minutes, or when forced", async () => {
  for (const request of [{ minutes: 0, force: false }, { force: true }]) {
    const { world } = leftByDevices(HOUR_MS);
    await world.reaper.reap({ ...request, dryRun: false });
    assert.deepEqual(world.ended, ["DEVICES1"]);
  }
});

Deno.test("Reaper spares a device room whose device returns at the last second", async () => {
  const { world, room } = leftByDevices(10 * MINUTE_MS);
  await world.clock.advance(10 * MINUTE_MS - 1000);
  room.enter();
  await world.clock.advance(HOUR_MS);
  const there = await world.reaper.reap({ force: true, dryRun: false });
  assert.deepEqual(there.spared, { connected: 1 });
  room.leave();
  await world.clock.advance(10 * MINUTE_MS - 1);
  assert.deepEqual(await world.run(), []);
  room.depth = 1;
  await world.clock.advance(1);
  assert.deepEqual((await world.reaper.reap(BY_ITSELF)).spared, { busy: 1 });
  room.depth = 0;
  assert.deepEqual(await world.run(), ["DEVICES1"]);
});

Deno.test("Reaper has rooms of users and of devices go by times of their own", async () => {
  const { world } = leftByDevices(20 * MINUTE_MS);
  world.open("chat");
  await world.clock.advance(10 * MINUTE_MS);
  assert.deepEqual(await world.run(), ["chat"]);
  await world.clock.advance(10 * MINUTE_MS);
  assert.deepEqual(await world.run(), ["DEVICES1"]);
});

Deno.test("Reaper ends a live room once its link is not wanted, and not before", async () => {
  const world = new ReapWorld();
  const room = world.open("LIVE", { kind: "live", live: { isWanted: null } });
  await world.clock.advance(HOUR_MS);
  for (const isWanted of [null, true]) {
    room.current.live = { isWanted };
    for (const force of [false, true]) {
      const { spared } = await world.reaper.reap({ force, dryRun: false });
      assert.deepEqual(spared, { fed: 1 });
    }
  }
  room.current.live = { isWanted: false };
  assert.deepEqual(await world.run(), ["LIVE"]);
});

Deno.test("Reaper ends no live room when their time is 0, whatever is asked", async () => {
  const world = new ReapWorld(new FakeClock(), { liveTtlMs: 0 });
  world.open("LIVE", { kind: "live", live: { isWanted: false } });
  await world.clock.advance(24 * HOUR_MS);
  for (const force of [false, true]) {
    const request = { minutes: 1, force, dryRun: false };
    const { spared } = await world.reaper.reap(request);
    assert.deepEqual(spared, { auto_close_off: 1 });
  }
});

Deno.test("Reaper takes the minutes that are asked for of a live room too", async () => {
  const world = new ReapWorld(new FakeClock(), { liveTtlMs: HOUR_MS });
  const room = world.open("LIVE", { kind: "live", live: { isWanted: false } });
  await world.clock.advance(6 * MINUTE_MS);
  const due = { reason: "due", dueInMs: 0 };
  const asked = { minutes: 6, force: false };
  assert.deepEqual(world.reaper.judge(room, asked), due);
  assert.deepEqual(world.reaper.judge(room, { force: false }), {
    reason: "emptied_recently",
    dueInMs: 54 * MINUTE_MS,
  });
});
