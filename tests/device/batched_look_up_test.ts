import assert from "node:assert/strict";
import { BatchedLookUp } from "../../src/device/batched_look_up.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { settle } from "../support/fake_clock.ts";

interface Read {
  readonly keys: readonly string[];
  answer(values: Record<string, number>): Promise<void>;
  fail(message: string): Promise<void>;
}

/** A look-up whose every read the test answers. */
function newLookUp(bounds: { keysMax?: number; waitingMax?: number } = {}) {
  const reads: Read[] = [];
  const lookUp = new BatchedLookUp<number>({
    read: (keys) => {
      const gate = Promise.withResolvers<ReadonlyMap<string, number>>();
      reads.push({
        keys,
        answer: (values) => {
          gate.resolve(new Map(Object.entries(values)));
          return settle();
        },
        fail: (message) => {
          gate.reject(new Error(message));
          return settle();
        },
      });
      return gate.promise;
    },
    keysMax: 100,
    waitingMax: 100,
    ...bounds,
  });
  return { lookUp, reads };
}

function keysOf(reads: readonly Read[]): (readonly string[])[] {
  return reads.map(({ keys }) => keys);
}

/** Fails where a promise has no rejection of this code. */
async function assertRefused(found: Promise<unknown>): Promise<void> {
  await assert.rejects(found, (error) => {
    assert(error instanceof ChatError);
    assert.equal(error.code, "busy");
    assert.equal(error.retryAfterMs, 1000);
    return true;
  });
}

Deno.test("BatchedLookUp reads a single key at once", async () => {
  const { lookUp, reads } = newLookUp();
  const found = lookUp.find("a");
  assert.deepEqual(keysOf(reads), [["a"]]);
  await reads[0]?.answer({ a: 1 });
  assert.equal(await found, 1);
});

Deno.test("BatchedLookUp finds nothing where the read has no value", async () => {
  const { lookUp, reads } = newLookUp();
  const found = lookUp.find("a");
  await reads[0]?.answer({ b: 1 });
  assert.equal(await found, undefined);
});

Deno.test("BatchedLookUp reads together what is asked for during a read", async () => {
  const { lookUp, reads } = newLookUp();
  const found = ["a", "b", "c", "d"].map((key) => lookUp.find(key));
  assert.deepEqual(keysOf(reads), [["a"]]);
  await reads[0]?.answer({ a: 1 });
  assert.deepEqual(keysOf(reads), [["a"], ["b", "c", "d"]]);
  await reads[1]?.answer({ b: 2, d: 4 });
  assert.deepEqual(await Promise.all(found), [1, 2, undefined, 4]);
});

Deno.test("BatchedLookUp reads again once it was idle", async () => {
  const { lookUp, reads } = newLookUp();
  for (const value of [1, 2]) {
    const found = lookUp.find("a");
    await reads[value - 1]?.answer({ a: value });
    assert.equal(await found, value);
  }
  assert.equal(reads.length, 2);
});

Deno.test("BatchedLookUp reads a key once for all who wait for it", async () => {
  const { lookUp, reads } = newLookUp();
  void lookUp.find("a");
  const found = [lookUp.find("b"), lookUp.find("b"), lookUp.find("b")];
  await reads[0]?.answer({});
  assert.deepEqual(keysOf(reads), [["a"], ["b"]]);
  await reads[1]?.answer({ b: 2 });
  assert.deepEqual(await Promise.all(found), [2, 2, 2]);
});

Deno.test("BatchedLookUp answers from a read that began after the question", async () => {
  const { lookUp, reads } = newLookUp();
  const before = lookUp.find("a");
  const after = lookUp.find("a");
  await reads[0]?.answer({ a: 1 });
  await reads[1]?.answer({ a: 2 });
  assert.deepEqual(await Promise.all([before, after]), [1, 2]);
});

Deno.test("BatchedLookUp reads at most so many keys at once", async () => {
  const { lookUp, reads } = newLookUp({ keysMax: 3 });
  const keys = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const found = keys.map((key) => lookUp.find(key));
  for (let read = 0; read < 4; read++) {
    assert.equal(reads.length, read + 1);
    await reads[read]?.answer({ a: 1, d: 4, e: 5, h: 8 });
  }
  assert.deepEqual(keysOf(reads), [
    ["a"],
    ["b", "c", "d"],
    ["e", "f", "g"],
    ["h"],
  ]);
  const none = undefined;
  const values = await Promise.all(found);
  assert.deepEqual(values, [1, none, none, 4, 5, none, none, 8]);
});

Deno.test("BatchedLookUp rejects those of a failed read, and no others", async () => {
  const { lookUp, reads } = newLookUp({ keysMax: 2 });
  const found = ["a", "b", "b", "c", "d"].map((key) => lookUp.find(key));
  const outcomes = Promise.allSettled(found);
  await reads[0]?.answer({ a: 1 });
  await reads[1]?.fail("no luck");
  assert.deepEqual(reads[2]?.keys, ["d"]);
  await reads[2]?.answer({ d: 4 });
  const said = (await outcomes).map((one) =>
    one.status === "fulfilled" ? one.value : one.reason.message
  );
  assert.deepEqual(said, [1, "no luck", "no luck", "no luck", 4]);
});

Deno.test("BatchedLookUp rejects when the read throws at once, and goes on", async () => {
  let isBroken = true;
  const lookUp = new BatchedLookUp<number>({
    read: (keys) => {
      if (isBroken) throw new Error("closed");
      return Promise.resolve(new Map(keys.map((key) => [key, 1])));
    },
    keysMax: 1,
    waitingMax: 1,
  });
  await assert.rejects(lookUp.find("a"), /closed/);
  await settle();
  isBroken = false;
  assert.equal(await lookUp.find("a"), 1);
});

Deno.test("BatchedLookUp refuses a key when as many wait as may", async () => {
  const { lookUp, reads } = newLookUp({ waitingMax: 2 });
  const found = ["a", "b", "c"].map((key) => lookUp.find(key));
  await assertRefused(lookUp.find("d"));
  const shared = lookUp.find("c");
  await reads[0]?.answer({ a: 1 });
  const late = lookUp.find("d");
  await reads[1]?.answer({ b: 2, c: 3 });
  await reads[2]?.answer({ d: 4 });
  const values = await Promise.all([...found, shared, late]);
  assert.deepEqual(values, [1, 2, 3, 3, 4]);
});
