import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { GroupSync } from "../../src/record/group_sync.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

function newGroupSync() {
  const syncs: PromiseWithResolvers<void>[] = [];
  const log = new RecordingLog();
  const metrics = new Metrics();
  const group = new GroupSync({
    sync: () => {
      const sync = Promise.withResolvers<void>();
      syncs.push(sync);
      return sync.promise;
    },
    clock: new FakeClock(),
    log,
    metrics,
    waitersMax: 3,
  });
  const told: string[] = [];
  function wait(name: string): void {
    group.wait((ok) => void told.push(`${name} ${ok}`));
  }
  return { group, syncs, log, metrics, told, wait };
}

Deno.test("GroupSync releases all waiters of a turn with one sync", async () => {
  const { syncs, told, wait } = newGroupSync();
  wait("a");
  wait("b");
  await settle();
  assert.equal(syncs.length, 1);
  assert.deepEqual(told, []);
  syncs[0]?.resolve();
  await settle();
  assert.deepEqual(told, ["a true", "b true"]);
  assert.equal(syncs.length, 1);
});

Deno.test("GroupSync lets who comes during a sync share the next one", async () => {
  const { group, syncs, told, wait } = newGroupSync();
  wait("a");
  await settle();
  wait("b");
  wait("c");
  await settle();
  assert.equal(syncs.length, 1, "one sync at a time");
  syncs[0]?.resolve();
  await settle();
  assert.deepEqual(told, ["a true"]);
  assert.equal(syncs.length, 2);
  syncs[1]?.resolve();
  await group.idle();
  assert.deepEqual(told, ["a true", "b true", "c true"]);
});

Deno.test("GroupSync fails the waiters of a sync that fails, and only them", async () => {
  const { group, syncs, log, metrics, told, wait } = newGroupSync();
  wait("a");
  await settle();
  wait("b");
  syncs[0]?.reject(new Error("Input/output error"));
  await settle();
  assert.deepEqual(told, ["a false"]);
  assert.equal(group.failing?.error, "Input/output error");
  syncs[1]?.resolve();
  await settle();
  assert.deepEqual(told, ["a false", "b true"]);
  assert.equal(group.failing, null);
  assert.deepEqual(log.texts, [
    "error Failed to sync the journal: Input/output error",
    "info The journal syncs again",
  ]);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_journal_failures_total 1$/m);
  assert.match(body, /^parlor_journal_sync_seconds_count 2$/m);
});

Deno.test("GroupSync tells false at once who comes past its bound", async () => {
  const { syncs, metrics, told, wait } = newGroupSync();
  for (const name of ["a", "b", "c"]) wait(name);
  assert.deepEqual(told, []);
  wait("d");
  assert.deepEqual(told, ["d false"]);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_journal_failures_total 1$/m);
  await settle();
  syncs[0]?.resolve();
  await settle();
  wait("e");
  await settle();
  syncs[1]?.resolve();
  await settle();
  assert.equal(told.at(-1), "e true");
});

Deno.test("GroupSync releases the others when a waiter throws", async () => {
  const { group, syncs, log, told, wait } = newGroupSync();
  group.wait(() => {
    throw new Error("a bug");
  });
  wait("b");
  await settle();
  syncs[0]?.resolve();
  await settle();
  assert.deepEqual(told, ["b true"]);
  assert.deepEqual(log.texts, ["error A waiter for the journal failed"]);
});

Deno.test("GroupSync is idle at once when nobody waits", async () => {
  const { group, syncs } = newGroupSync();
  await group.idle();
  assert.equal(syncs.length, 0);
});
