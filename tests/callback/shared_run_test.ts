import assert from "node:assert/strict";
import { SharedRun } from "../../src/callback/shared_run.ts";
import { settle } from "../support/fake_clock.ts";

/** A run whose every turn the test ends; its result is the turn's number. */
function newRun() {
  const gates: PromiseWithResolvers<void>[] = [];
  const run = new SharedRun(async () => {
    const gate = Promise.withResolvers<void>();
    const number = gates.push(gate);
    await gate.promise;
    return number;
  });
  return { gates, run };
}

Deno.test("SharedRun runs once for each who asks in turn", async () => {
  const { gates, run } = newRun();
  for (const number of [1, 2]) {
    const asked = run.run();
    await settle();
    gates[number - 1]?.resolve();
    assert.equal(await asked, number);
  }
});

Deno.test("SharedRun runs once more, and not at once, for all who ask meanwhile", async () => {
  const { gates, run } = newRun();
  const first = run.run();
  await settle();
  const others = [run.run(), run.run(), run.run()];
  await settle();
  assert.equal(gates.length, 1);
  gates[0]?.resolve();
  assert.equal(await first, 1);
  await settle();
  assert.equal(gates.length, 2);
  gates[1]?.resolve();
  assert.deepEqual(await Promise.all(others), [2, 2, 2]);
});

Deno.test("SharedRun tells those of a failed run, and runs for the next", async () => {
  const { gates, run } = newRun();
  const first = run.run();
  await settle();
  const second = run.run();
  gates[0]?.reject(new Error("no luck"));
  await assert.rejects(first, /no luck/);
  await settle();
  gates[1]?.resolve();
  assert.equal(await second, 2);
});

Deno.test("SharedRun has landed when all that was asked for is over", async () => {
  const { gates, run } = newRun();
  await run.landed;
  const first = run.run();
  await settle();
  const second = run.run();
  let isLanded = false;
  const landed = run.landed.then(() => isLanded = true);
  gates[0]?.reject(new Error("no luck"));
  await assert.rejects(first);
  await settle();
  assert(!isLanded);
  gates[1]?.resolve();
  await Promise.all([landed, second]);
});
