import assert from "node:assert/strict";
import { Breaker } from "../../src/callback/breaker.ts";
import { START_AT } from "../support/fake_clock.ts";

function fail(breaker: Breaker, times: number, now = START_AT): void {
  for (let time = 0; time < times; time++) breaker.noteFailure(now);
}

/** The gaps between attempts that each fail as soon as they may begin. */
function gaps(breaker: Breaker, count: number): number[] {
  const found: number[] = [];
  let now = START_AT;
  for (let gap = 0; gap < count; gap++) {
    found.push(breaker.nextMs - now);
    now = breaker.nextMs;
    assert.equal(breaker.mayStart(now - 1, 0), false);
    assert.equal(breaker.mayStart(now, 0), true);
    breaker.noteFailure(now);
  }
  return found;
}

Deno.test("Breaker lets attempts begin, however many are under way", () => {
  const breaker = new Breaker();
  assert.equal(breaker.state, "closed");
  assert.equal(breaker.mayStart(START_AT, 0), true);
  assert.equal(breaker.mayStart(START_AT, 31), true);
});

Deno.test("Breaker opens at the fifth failure in a row", () => {
  const breaker = new Breaker();
  fail(breaker, 4);
  assert.equal(breaker.state, "closed");
  assert.equal(breaker.mayStart(START_AT, 3), true);
  fail(breaker, 1);
  assert.equal(breaker.state, "open");
  assert.equal(breaker.mayStart(START_AT, 0), false);
});

Deno.test("Breaker counts failures from the last success on", () => {
  const breaker = new Breaker();
  fail(breaker, 4);
  assert.equal(breaker.noteSuccess(), false);
  fail(breaker, 4);
  assert.equal(breaker.state, "closed");
});

Deno.test("Breaker lets one attempt at a time begin while open", () => {
  const breaker = new Breaker();
  fail(breaker, 5);
  const { nextMs } = breaker;
  assert.equal(breaker.mayStart(nextMs, 1), false);
  assert.equal(breaker.mayStart(nextMs, 0), true);
});

Deno.test("Breaker waits 5 s, doubling to 60 s", () => {
  const breaker = new Breaker();
  fail(breaker, 5);
  const seconds = [5, 10, 20, 40, 60, 60, 60];
  assert.deepEqual(gaps(breaker, 7), seconds.map((count) => count * 1000));
});

Deno.test("Breaker makes no gap longer for what was under way when it opened", () => {
  const breaker = new Breaker();
  fail(breaker, 5);
  fail(breaker, 27, START_AT + 4999);
  assert.deepEqual(gaps(breaker, 2), [5000, 10_000]);
});

Deno.test("Breaker closes at a success and begins anew", () => {
  const breaker = new Breaker();
  fail(breaker, 5);
  gaps(breaker, 4);
  assert.equal(breaker.noteSuccess(), true);
  assert.equal(breaker.noteSuccess(), false);
  assert.equal(breaker.state, "closed");
  assert.equal(breaker.mayStart(START_AT, 9), true);
  fail(breaker, 5);
  assert.deepEqual(gaps(breaker, 1), [5000]);
});

Deno.test("Breaker lets nothing begin while the endpoint is to be left alone", () => {
  const breaker = new Breaker();
  breaker.hold(START_AT + 100);
  breaker.hold(START_AT + 50);
  assert.equal(breaker.state, "closed");
  assert.equal(breaker.nextMs, START_AT + 100);
  assert.equal(breaker.mayStart(START_AT + 99, 0), false);
  assert.equal(breaker.mayStart(START_AT + 100, 0), true);
});

Deno.test("Breaker keeps to a hold when an earlier attempt succeeds", () => {
  const breaker = new Breaker();
  breaker.hold(START_AT + 100);
  breaker.noteSuccess();
  assert.equal(breaker.mayStart(START_AT, 0), false);
});

Deno.test("Breaker, eased, lets one attempt begin at once and stays open", () => {
  const breaker = new Breaker();
  fail(breaker, 5);
  breaker.hold(START_AT + 100_000);
  breaker.ease();
  assert.equal(breaker.state, "open");
  assert.equal(breaker.mayStart(START_AT, 0), true);
  assert.equal(breaker.mayStart(START_AT, 1), false);
});
