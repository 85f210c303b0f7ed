import assert from "node:assert/strict";
import { LeaseKeeper } from "../../src/live/lease_keeper.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeLiveStore } from "../support/fake_live_store.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { during } from "./supervisor_world.ts";

function newKeeper() {
  const clock = new FakeClock();
  const store = new FakeLiveStore();
  const heard: string[] = [];
  const log = new RecordingLog();
  const keeper = new LeaseKeeper({
    owner: "me",
    store,
    clock,
    log,
    onHeld: (ids) => heard.push(`held ${ids.join(",")}`),
    onLost: (id, isAnothers) =>
      heard.push(`lost ${id} ${isAnothers ? "to another" : "to time"}`),
  });
  function give(liveId: string, untilMs: number): void {
    const untilAt = clock.now() + untilMs;
    store.leases.set(liveId, { owner: "other", untilAt });
  }
  return { clock, store, heard, log, keeper, give };
}

Deno.test("LeaseKeeper takes what is free, and renews all in one call", async () => {
  const { clock, store, keeper, heard } = newKeeper();
  assert.equal(await keeper.take("1"), true);
  assert.equal(await keeper.take("2"), true);
  await clock.advance(14_999);
  assert.equal(keeper.holds("1"), true);
  await keeper.renew();
  assert.equal(store.calls.at(-1), "holdLeases 1,2");
  await clock.advance(14_999);
  assert.equal(keeper.holds("1"), true);
  await clock.advance(1);
  assert.equal(keeper.holds("1"), false);
  assert.deepEqual(heard, ["lost 1 to time", "lost 2 to time"]);
  assert.equal(clock.armed, 0);
});

Deno.test("LeaseKeeper asks for another's lease until it is free", async () => {
  const { clock, keeper, heard, give } = newKeeper();
  give("1", 12_000);
  assert.equal(await keeper.take("1"), false);
  await keeper.renew();
  assert.deepEqual(heard, []);
  await clock.advance(12_000);
  await keeper.renew();
  assert.deepEqual(heard, ["held 1"]);
  await keeper.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("LeaseKeeper says when another has what was its own", async () => {
  const { keeper, heard, give } = newKeeper();
  await keeper.take("1");
  give("1", 15_000);
  await keeper.renew();
  assert.deepEqual(heard, ["lost 1 to another"]);
  assert.equal(keeper.holds("1"), false);
  await keeper.stop();
});

Deno.test("LeaseKeeper drops what it has, and never what another has", async () => {
  const { store, keeper, give } = newKeeper();
  await keeper.take("1");
  give("2", 15_000);
  keeper.want("2");
  await keeper.drop(["1", "2", "3"]);
  assert.deepEqual([...store.leases.keys()], ["2"]);
  assert.equal(keeper.holds("1"), false);
});

Deno.test("LeaseKeeper gives up a renewal that hangs, and warns once a failure", async () => {
  const { clock, store, keeper, log } = newKeeper();
  await keeper.take("1");
  store.hung.add("holdLeases");
  const first = keeper.renew();
  const same = keeper.renew();
  await during(clock, 5000, Promise.all([first, same]));
  assert.equal(store.calls.length, 2);
  await during(clock, 5000, keeper.renew());
  assert.equal(log.lines.length, 1);
  store.hung.clear();
  await keeper.renew();
  await clock.advance(10_000);
  assert.equal(keeper.holds("1"), true);
  await keeper.stop();
});

Deno.test("LeaseKeeper counts its lease from before it asked", async () => {
  const { clock, store, keeper } = newKeeper();
  const hold = store.holdLeases.bind(store);
  store.holdLeases = async (claim) => {
    await new Promise<void>((resolve) => void clock.after(4000, resolve));
    return await hold(claim);
  };
  await during(clock, 4000, keeper.take("1"));
  await clock.advance(10_999);
  assert.equal(keeper.holds("1"), true);
  await clock.advance(1);
  assert.equal(keeper.holds("1"), false);
});
