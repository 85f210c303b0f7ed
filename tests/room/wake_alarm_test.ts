import assert from "node:assert/strict";
import { WakeAlarm } from "../../src/room/wake_alarm.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";

function newAlarm() {
  const clock = new FakeClock();
  const rings: number[] = [];
  const alarm = new WakeAlarm(
    clock,
    () => void rings.push(clock.now() - START_AT),
  );
  return { alarm, clock, rings };
}

Deno.test("WakeAlarm rings once at the instant asked for last", async () => {
  const { alarm, clock, rings } = newAlarm();
  alarm.set(START_AT + 1000);
  alarm.set(START_AT + 3000);
  alarm.set(START_AT + 3000);
  assert.equal(clock.armed, 1);
  await clock.advance(2999);
  assert.deepEqual(rings, []);
  await clock.advance(1);
  assert.deepEqual(rings, [3000]);
  await clock.advance(10_000);
  assert.deepEqual(rings, [3000]);
});

Deno.test("WakeAlarm rings again for the same instant once it has rung", async () => {
  const { alarm, clock, rings } = newAlarm();
  alarm.set(START_AT + 100);
  await clock.advance(100);
  alarm.set(START_AT + 100);
  await clock.advance(49);
  assert.deepEqual(rings, [100]);
  await clock.advance(1);
  assert.deepEqual(rings, [100, 150]);
});

Deno.test("WakeAlarm is silent when it is asked for nothing, or disposed", () => {
  const { alarm, clock } = newAlarm();
  alarm.set(START_AT + 100);
  alarm.set(undefined);
  assert.equal(clock.armed, 0);
  alarm.set(START_AT + 100);
  alarm[Symbol.dispose]();
  assert.equal(clock.armed, 0);
});
