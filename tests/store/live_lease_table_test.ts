import assert from "node:assert/strict";
import { type TestStore, testStore } from "./fixture.ts";

const NOW = 100_000;

/** Asks for 15 s, as `now` is. */
function hold(
  { store }: TestStore,
  owner: string,
  liveIds: readonly string[],
  now = NOW,
): Promise<string[]> {
  return store.holdLeases({ owner, liveIds, now, untilAt: now + 15_000 });
}

testStore(
  "holdLeases gives what nobody has, in the order asked",
  async (test) => {
    assert.deepEqual(await hold(test, "one", ["b", "a", "c"]), ["b", "a", "c"]);
    assert.deepEqual(await hold(test, "two", ["d", "a"]), ["d"]);
    assert.deepEqual(await hold(test, "two", []), []);
  },
);

testStore(
  "holdLeases answers a live id once, however often asked",
  async (test) => {
    assert.deepEqual(await hold(test, "one", ["a", "a", "b"]), ["a", "b"]);
  },
);

testStore(
  "holdLeases renews for its owner alone, until it runs out",
  async (test) => {
    await hold(test, "one", ["a"]);
    assert.deepEqual(await hold(test, "one", ["a"], NOW + 5000), ["a"]);
    const endAt = NOW + 20_000;
    assert.deepEqual(await hold(test, "two", ["a"], endAt - 1), []);
    assert.deepEqual(await hold(test, "two", ["a"], endAt), ["a"]);
    assert.deepEqual(await hold(test, "one", ["a"], endAt), []);
  },
);

testStore(
  "holdLeases keeps its own beyond their end, if nobody took them",
  async (test) => {
    await hold(test, "one", ["a"]);
    assert.deepEqual(await hold(test, "one", ["a"], NOW + 15_001), ["a"]);
    assert.deepEqual(await hold(test, "two", ["a"], NOW + 15_001), []);
  },
);

testStore(
  "holdLeases gives each lease to one of those who ask at once",
  async (test) => {
    const liveIds = Array.from({ length: 50 }, (_, index) => `id-${index}`);
    const owners = ["one", "two", "three"];
    const held = await Promise.all(
      owners.map((owner, index) => {
        return hold(test, owner, index === 1 ? liveIds.toReversed() : liveIds);
      }),
    );
    assert.deepEqual(held.flat().sort(), liveIds.sort());
  },
);

testStore(
  "dropLeases gives up what the owner has, and no other's",
  async (test) => {
    await hold(test, "one", ["a", "b"]);
    await hold(test, "two", ["c"]);
    await test.store.dropLeases("one", ["a", "c", "unknown"]);
    await test.store.dropLeases("one", []);
    assert.deepEqual(await hold(test, "three", ["a", "b", "c"]), ["a"]);
  },
);
