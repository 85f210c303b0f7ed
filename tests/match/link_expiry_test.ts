import assert from "node:assert/strict";
import type { Link } from "../../src/match/link.ts";
import { EXPIRY_SLICE, LinkExpiry } from "../../src/match/link_expiry.ts";
import { PENDING_MS_MAX } from "../../src/wire/heart_link.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { newLink } from "./link_fixture.ts";

function newExpiry(more: { readonly isOffline?: boolean } = {}) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const slices: Link[][] = [];
  const bugs: Error[] = [];
  const expiry = new LinkExpiry({
    ...more,
    clock,
    log,
    expire: (links) => {
      const bug = bugs.pop();
      if (bug !== undefined) throw bug;
      slices.push([...links]);
    },
  });
  return { clock, log, slices, bugs, expiry };
}

Deno.test("LinkExpiry hands requests over one ms past their end, by one timer", async () => {
  const { clock, slices, expiry } = newExpiry();
  const later = newLink("b", { startedMs: 5 });
  const sooner = newLink("a");
  expiry.add(later);
  expiry.add(sooner);
  assert.equal(clock.armed, 1);
  await clock.advance(PENDING_MS_MAX);
  assert.deepEqual(slices, []);
  await clock.advance(1);
  assert.deepEqual(slices, [[sooner]]);
  await clock.advance(4);
  assert.equal(slices.length, 1);
  await clock.advance(1);
  assert.deepEqual(slices, [[sooner], [later]]);
  assert.equal(clock.armed, 0);
});

Deno.test("LinkExpiry spares what was removed", async () => {
  const { clock, slices, expiry } = newExpiry();
  const link = newLink("a");
  expiry.add(link);
  expiry.delete(link);
  assert.equal(clock.armed, 0);
  await clock.advance(PENDING_MS_MAX + 1);
  assert.deepEqual(slices, []);
});

Deno.test("LinkExpiry does not mind a wall clock that is set back", async () => {
  const { clock, slices, expiry } = newExpiry();
  expiry.add(newLink("a"));
  clock.setBack(3_600_000);
  await clock.advance(PENDING_MS_MAX + 1);
  assert.equal(slices.length, 1);
});

Deno.test("LinkExpiry hands many over in slices", async () => {
  const { clock, slices, expiry } = newExpiry();
  for (let order = 0; order < 2 * EXPIRY_SLICE + 1; order++) {
    expiry.add(newLink("a", { order }));
  }
  await clock.advance(PENDING_MS_MAX + 1);
  const sizes = slices.map(({ length }) => length);
  assert.deepEqual(sizes, [EXPIRY_SLICE, EXPIRY_SLICE, 1]);
  assert.deepEqual(slices[0]?.[1]?.order, 1);
});

Deno.test("LinkExpiry says how many it found when it is asked", async () => {
  const { clock, expiry } = newExpiry();
  expiry.add(newLink("a"));
  expiry.add(newLink("b", { startedMs: 1 }));
  assert.equal(expiry.run(), 0);
  expiry[Symbol.dispose]();
  assert.equal(clock.armed, 0);
  await clock.advance(PENDING_MS_MAX + 2);
  assert.equal(expiry.run(), 2);
  assert.equal(clock.armed, 0);
});

Deno.test("LinkExpiry goes on after a bug", async () => {
  const { bugs, clock, expiry, log, slices } = newExpiry();
  bugs.push(new Error("A bug"));
  expiry.add(newLink("a"));
  const next = newLink("b", { startedMs: 1 });
  expiry.add(next);
  await clock.advance(PENDING_MS_MAX + 1);
  assert.deepEqual(log.texts, ["error Failed to expire heart links"]);
  await clock.advance(1);
  assert.deepEqual(slices, [[next]]);
});

Deno.test("LinkExpiry hands nothing over by itself while offline", async () => {
  const { clock, slices, expiry } = newExpiry({ isOffline: true });
  expiry.add(newLink("a"));
  assert.equal(clock.armed, 0);
  await clock.advance(PENDING_MS_MAX + 1);
  assert.deepEqual(slices, []);
  assert.equal(expiry.run(), 1);
  assert.equal(slices.length, 1);
});
