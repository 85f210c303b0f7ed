import assert from "node:assert/strict";
import { watchLoopLag } from "../../src/base/loop_lag.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A clock whose timers fire late, as under load. */
class LateClock extends FakeClock {
  lateMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.lateMs;
  }
}

Deno.test("watchLoopLag reports ten times a second that a timer is on time", async () => {
  const clock = new FakeClock();
  const lags: number[] = [];
  using _watch = watchLoopLag(clock, (lagMs) => lags.push(lagMs));
  await clock.advance(99);
  assert.deepEqual(lags, []);
  await clock.advance(901);
  assert.deepEqual(lags, Array(10).fill(0));
});

Deno.test("watchLoopLag reports how late a timer ran", async () => {
  const clock = new LateClock();
  const lags: number[] = [];
  using _watch = watchLoopLag(clock, (lagMs) => lags.push(lagMs));
  clock.lateMs = 40;
  await clock.advance(200);
  assert.deepEqual(lags, [40, 0]);
});

Deno.test("watchLoopLag leaves no timer behind", async () => {
  const clock = new FakeClock();
  const watch = watchLoopLag(clock, () => {});
  await clock.advance(250);
  watch[Symbol.dispose]();
  assert.equal(clock.armed, 0);
});
