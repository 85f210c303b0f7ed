import assert from "node:assert/strict";
import { Leave } from "../../cli/leave.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

Deno.test("Leave gives an outcome that comes before it is due", async () => {
  const leave = new Leave(new FakeClock());
  assert.equal(await leave.or(Promise.resolve(7)), 7);
  assert.equal(leave.isDue, false);
});

Deno.test("Leave does not wait for an outcome once it is due", async () => {
  const leave = new Leave(new FakeClock());
  const outcome = leave.or(new Promise<number>(() => {}));
  leave.now();
  assert.equal(await outcome, undefined);
  assert.equal(leave.isDue, true);
});

Deno.test("Leave waits as long as it was told", async () => {
  const clock = new FakeClock();
  const leave = new Leave(clock);
  let isOver = false;
  const waiting = leave.orAfter(500).then(() => isOver = true);
  await clock.advance(499);
  assert.equal(isOver, false);
  await clock.advance(1);
  await waiting;
  assert.equal(leave.isDue, false);
});

Deno.test("Leave cuts a wait short and leaves no timer", async () => {
  const clock = new FakeClock();
  const leave = new Leave(clock);
  const waiting = leave.orAfter(500);
  await settle();
  assert.equal(clock.armed, 1);
  leave.now();
  await waiting;
  await leave.orAfter(500);
  assert.equal(clock.armed, 0);
});

Deno.test("Leave passes a failure on", async () => {
  const leave = new Leave(new FakeClock());
  await assert.rejects(leave.or(Promise.reject(new Error("no"))), /no/);
});
