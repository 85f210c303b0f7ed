import assert from "node:assert/strict";
import { inTime } from "../../src/base/deadline.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("inTime answers what the work comes to, and leaves no timer", async () => {
  const clock = new FakeClock();
  const work = Promise.resolve("done");
  assert.equal(await inTime(work, { clock, msMax: 0, late: "late" }), "done");
  assert.equal(clock.armed, 0);
});

Deno.test("inTime answers late once the time is over, and not before", async () => {
  const clock = new FakeClock();
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer: string | undefined;
  const waiting = inTime(promise, { clock, msMax: 100, late: "late" })
    .then((said) => answer = said);
  await clock.advance(99);
  assert.equal(answer, undefined);
  await clock.advance(1);
  assert.equal(answer, "late");
  resolve("done");
  assert.equal(await waiting, "late");
});

Deno.test("inTime throws what the work throws, and hears nothing of a later one", async () => {
  const clock = new FakeClock();
  const failure = Promise.reject(new Error("no"));
  await assert.rejects(inTime(failure, { clock, msMax: 5, late: 0 }), /no/);
  assert.equal(clock.armed, 0);
  const { promise, reject } = Promise.withResolvers<string>();
  const waiting = inTime(promise, { clock, msMax: 5, late: 0 });
  await clock.advance(5);
  assert.equal(await waiting, 0);
  reject(new Error("too late to matter"));
});
