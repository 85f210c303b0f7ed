import assert from "node:assert/strict";
import type { Settlement } from "../../src/callback/outbox.ts";
import { Settler } from "../../src/callback/settler.ts";
import { FakeClock, settle, START_AT } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

/** A database of settlements that answers as the test says. */
class FakeQueue {
  readonly rounds: string[][] = [];
  attempts = 0;
  isBroken = false;
  /** What each round waits for. */
  gate: Promise<void> | undefined;
  #isUnderWay = false;

  async settle(settlements: readonly Settlement[]): Promise<void> {
    assert(!this.#isUnderWay, "two transactions at a time");
    this.#isUnderWay = true;
    this.attempts += 1;
    await this.gate;
    this.#isUnderWay = false;
    if (this.isBroken) throw new Error("the disk is full");
    this.rounds.push(settlements.map(({ roomId }) => roomId));
  }
}

function newWorld() {
  const queue = new FakeQueue();
  const clock = new FakeClock();
  const log = new RecordingLog();
  const ids = { uuid: () => "id", fraction: () => 0 };
  const settler = new Settler({ queue, clock, ids, log });
  const ended: string[] = [];
  function add(...roomIds: string[]): void {
    for (const roomId of roomIds) {
      const settlement: Settlement = {
        endpoint: "room-events",
        roomId,
        at: START_AT,
        delivered: [1],
        failure: null,
      };
      settler.settle(settlement).then((isWritten) =>
        ended.push(`${roomId} ${isWritten}`)
      );
    }
  }
  return { settler, queue, clock, log, ended, add };
}

Deno.test("Settler writes what one turn settles in one transaction", async () => {
  const { queue, ended, add, clock } = newWorld();
  add("a", "b", "c");
  await settle();
  assert.deepEqual(queue.rounds, [["a", "b", "c"]]);
  assert.deepEqual(ended, ["a true", "b true", "c true"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Settler gathers while a transaction is under way", async () => {
  const { queue, ended, add } = newWorld();
  const { promise, resolve } = Promise.withResolvers<void>();
  queue.gate = promise;
  add("a");
  await settle();
  add("b");
  await settle();
  add("c");
  await settle();
  assert.deepEqual(ended, []);
  resolve();
  await settle();
  assert.deepEqual(queue.rounds, [["a"], ["b", "c"]]);
  assert.deepEqual(ended, ["a true", "b true", "c true"]);
});

Deno.test("Settler keeps what a failing database refuses, in order, and says so once", async () => {
  const { queue, clock, log, ended, add } = newWorld();
  queue.isBroken = true;
  add("a");
  await settle();
  add("b");
  await clock.advance(999);
  assert.equal(queue.attempts, 1);
  await clock.advance(1);
  assert.equal(queue.attempts, 2);
  await clock.advance(2000);
  assert.equal(queue.attempts, 3);
  assert.deepEqual(ended, []);
  queue.isBroken = false;
  await clock.advance(4000);
  assert.deepEqual(queue.rounds, [["a", "b"]]);
  assert.deepEqual(ended, ["a true", "b true"]);
  assert.deepEqual(log.texts, [
    "error Cannot write what came of callbacks",
    "info What comes of callbacks is written again",
  ]);
  assert.equal(clock.armed, 0);
});

Deno.test("Settler waits 30 s at most between two attempts", async () => {
  const { settler, queue, clock, add } = newWorld();
  queue.isBroken = true;
  add("a");
  await clock.advance(3_600_000);
  const before = queue.attempts;
  await clock.advance(300_000);
  assert.equal(queue.attempts - before, 10);
  await settler.stop();
});

Deno.test("Settler, stopped, tries once more at once and writes", async () => {
  const { settler, queue, clock, ended, add } = newWorld();
  queue.isBroken = true;
  add("a");
  await clock.advance(10_000);
  queue.isBroken = false;
  await settler.stop();
  assert.deepEqual(queue.rounds, [["a"]]);
  await settle();
  assert.deepEqual(ended, ["a true"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Settler, stopped, gives up after one more attempt", async () => {
  const { settler, queue, clock, ended, add } = newWorld();
  queue.isBroken = true;
  add("a");
  await clock.advance(10_000);
  const before = queue.attempts;
  await settler.stop();
  await settle();
  assert.equal(queue.attempts, before + 1);
  assert.deepEqual(ended, ["a false"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Settler, stopped while a transaction fails, tries once more", async () => {
  const { settler, queue, clock, ended, add } = newWorld();
  const { promise, resolve } = Promise.withResolvers<void>();
  queue.isBroken = true;
  queue.gate = promise;
  add("a");
  await settle();
  const stopped = settler.stop();
  resolve();
  await stopped;
  await settle();
  assert.equal(queue.attempts, 2);
  assert.deepEqual(ended, ["a false"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Settler tries once for what comes after it was stopped", async () => {
  const { settler, queue, clock, ended, add } = newWorld();
  await settler.stop();
  add("a");
  await settle();
  queue.isBroken = true;
  add("b");
  await settle();
  assert.deepEqual(ended, ["a true", "b false"]);
  assert.equal(queue.attempts, 2);
  assert.equal(clock.armed, 0);
});
