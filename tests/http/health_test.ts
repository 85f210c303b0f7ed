import assert from "node:assert/strict";
import { Readiness } from "../../src/http/health.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

function newReadiness() {
  const clock = new FakeClock();
  const state = {
    draining: false,
    journalFailing: false,
    flushFailing: false,
    checks: 0,
    check: (): Promise<void> => Promise.resolve(),
  };
  const readiness = new Readiness({
    isDraining: () => state.draining,
    isJournalFailing: () => state.journalFailing,
    isFlushFailing: () => state.flushFailing,
    checkStore: () => {
      state.checks += 1;
      return state.check();
    },
  }, clock);
  return { clock, readiness, state };
}

Deno.test("Readiness has no reason against it while all works", async () => {
  const { clock, readiness } = newReadiness();
  assert.deepEqual(await readiness.reasons(), []);
  assert.equal(clock.armed, 0);
});

Deno.test("Readiness names each reason", async () => {
  const { readiness, state } = newReadiness();
  state.draining = true;
  assert.deepEqual(await readiness.reasons(), ["draining"]);
  state.journalFailing = true;
  state.flushFailing = true;
  const all = ["draining", "journal_failing", "store_failing"];
  assert.deepEqual(await readiness.reasons(), all);
});

Deno.test("Readiness sees a database that fails, and that it works again", async () => {
  const { clock, readiness, state } = newReadiness();
  state.check = () => Promise.reject(new Error("disk is full"));
  assert.deepEqual(await readiness.reasons(), ["store_failing"]);
  state.check = () => Promise.resolve();
  await clock.advance(1000);
  assert.deepEqual(await readiness.reasons(), []);
});

Deno.test("Readiness asks the database at most once a second", async () => {
  const { clock, readiness, state } = newReadiness();
  await Promise.all([readiness.reasons(), readiness.reasons()]);
  await clock.advance(999);
  await readiness.reasons();
  assert.equal(state.checks, 1);
  await clock.advance(1);
  await readiness.reasons();
  assert.equal(state.checks, 2);
});

Deno.test("Readiness gives up on a database that hangs and does not ask it twice", async () => {
  const { clock, readiness, state } = newReadiness();
  const hanging = Promise.withResolvers<void>();
  state.check = () => hanging.promise;
  let reasons: string[] | undefined;
  const asked = readiness.reasons().then((found) => reasons = found);
  await clock.advance(1999);
  assert.equal(reasons, undefined);
  await clock.advance(1);
  assert.deepEqual(reasons, ["store_failing"]);
  await clock.advance(60_000);
  assert.deepEqual(await readiness.reasons(), ["store_failing"]);
  assert.equal(state.checks, 1);
  hanging.resolve();
  await settle();
  assert.deepEqual(await readiness.reasons(), []);
  assert.equal(state.checks, 2);
  assert.equal(clock.armed, 0);
  await asked;
});
