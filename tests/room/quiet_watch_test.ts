import assert from "node:assert/strict";
import { QuietWatch } from "../../src/room/quiet_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";

const HOUR_MS = 3_600_000;

interface Instants {
  createdAt: number;
  emptySinceAt: number | null;
  lastMessageAt: number | null;
}

/** A room that is recovered 5 s after it was left; nobody ever spoke. */
function newWatch(more: Partial<Instants> = {}) {
  const clock = new FakeClock();
  const state: Instants = {
    createdAt: clock.now() - 9000,
    emptySinceAt: clock.now() - 5000,
    lastMessageAt: null,
    ...more,
  };
  return { clock, state, watch: new QuietWatch(state, clock) };
}

Deno.test("QuietWatch reads from the wall clock how old a recovered room is", async () => {
  const { clock, watch } = newWatch({ lastMessageAt: Date.UTC(2025, 11, 31) });
  const before = { ageMs: 9000, emptyMs: 5000, silentMs: 24 * HOUR_MS };
  assert.deepEqual(watch.quiet(), before);
  await clock.advance(700);
  assert.deepEqual(watch.quiet(), {
    ageMs: 9700,
    emptyMs: 5700,
    silentMs: 24 * HOUR_MS + 700,
  });
});

Deno.test("QuietWatch goes on as before when the wall clock is set", async () => {
  for (const setBackMs of [HOUR_MS, -HOUR_MS]) {
    const { clock, watch } = newWatch();
    clock.setBack(setBackMs);
    watch.look();
    await clock.advance(700);
    const after = { ageMs: 9700, emptyMs: 5700, silentMs: null };
    assert.deepEqual(watch.quiet(), after);
  }
});

Deno.test("QuietWatch times what happens by the clock that no one sets", async () => {
  for (const setBackMs of [HOUR_MS, -HOUR_MS]) {
    const { clock, state, watch } = newWatch();
    state.emptySinceAt = null;
    watch.look();
    assert.equal(watch.quiet(), null);
    clock.setBack(setBackMs);
    state.lastMessageAt = clock.now();
    watch.look();
    await clock.advance(300);
    state.emptySinceAt = clock.now();
    watch.look();
    clock.setBack(setBackMs);
    await clock.advance(700);
    watch.look();
    const after = { ageMs: 10_000, emptyMs: 700, silentMs: 1000 };
    assert.deepEqual(watch.quiet(), after);
  }
});

Deno.test("QuietWatch takes what lies in the future for what happens now", async () => {
  const { clock, watch } = newWatch({
    createdAt: Date.UTC(2027, 0, 1),
    emptySinceAt: Date.UTC(2027, 0, 1),
  });
  assert.deepEqual(watch.quiet(), { ageMs: 0, emptyMs: 0, silentMs: null });
  await clock.advance(700);
  assert.deepEqual(watch.quiet(), { ageMs: 700, emptyMs: 700, silentMs: null });
});
