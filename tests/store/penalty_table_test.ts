import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import { created, entry, newRoom, T0, testStore } from "./fixture.ts";

testStore("penalty_table holds a kick as a ban for good", async ({ store }) => {
  await store.apply([
    created(),
    entry("ban", 1, { userId: "bob", until: START_AT + 1 }),
    entry("kick", 2, { userId: "bob" }),
  ]);
  const [room] = await store.recover({ sendsSinceAt: 0 });
  assert.deepEqual(room?.bans, [
    { userId: "bob", until: null, at: T0 + 2000 },
  ]);
  assert.deepEqual(room?.mutes, []);
});

testStore(
  "penalty_table keeps the last ban and mute of each user",
  async ({ store }) => {
    await store.apply([
      created(),
      entry("ban", 1, { userId: "bob", until: null }),
      entry("mute", 2, { userId: "bob", until: null }),
      entry("ban", 3, { userId: "bob", until: START_AT + 5000 }),
      entry("mute", 4, { userId: "cat", until: START_AT + 6000 }),
    ]);
    const [room] = await store.recover({ sendsSinceAt: 0 });
    assert.deepEqual(room?.bans, [
      { userId: "bob", until: START_AT + 5000, at: T0 + 3000 },
    ]);
    assert.deepEqual(room?.mutes, [
      { userId: "bob", until: null, at: T0 + 2000 },
      { userId: "cat", until: START_AT + 6000, at: T0 + 4000 },
    ]);
  },
);

testStore("penalty_table lifts the one that is named", async ({ store }) => {
  await store.apply([
    created(),
    entry("ban", 1, { userId: "bob", until: null }),
    entry("mute", 2, { userId: "bob", until: null }),
    entry("ban", 3, { userId: "cat", until: null }),
    entry("unban", 4, { userId: "bob" }),
    entry("unmute", 5, { userId: "nobody" }),
  ]);
  const [first] = await store.recover({ sendsSinceAt: 0 });
  assert.deepEqual(first?.bans.map(({ userId }) => userId), ["cat"]);
  assert.deepEqual(first?.mutes.map(({ userId }) => userId), ["bob"]);
  await store.apply([entry("unmute", 6, { userId: "bob" })]);
  const [second] = await store.recover({ sendsSinceAt: 0 });
  assert.deepEqual(second?.mutes, []);
});

testStore(
  "penalty_table gives a timed penalty until its end, and not at it",
  async ({ store, clock }) => {
    await store.apply([
      created(),
      entry("ban", 1, { userId: "bob", until: START_AT + 1000 }),
      entry("mute", 2, { userId: "bob", until: START_AT + 1000 }),
    ]);
    await clock.advance(999);
    const [before] = await store.recover({ sendsSinceAt: 0 });
    assert.equal(before?.bans.length, 1);
    assert.equal(before?.mutes.length, 1);
    await clock.advance(1);
    const [after] = await store.recover({ sendsSinceAt: 0 });
    assert.deepEqual(after?.bans, []);
    assert.deepEqual(after?.mutes, []);
  },
);

testStore(
  "penalty_table does not set a lifted ban again when records come again",
  async ({ store }) => {
    const records = [
      created(),
      entry("kick", 1, { userId: "bob" }),
      entry("unban", 2, { userId: "bob" }),
    ];
    await store.apply(records);
    await store.apply(records.slice(0, 2));
    const [room] = await store.recover({ sendsSinceAt: 0 });
    assert.deepEqual(room?.bans, []);
  },
);

testStore(
  "penalty_table keeps a user whose id holds NUL apart from another",
  async ({ store }) => {
    await store.apply([
      created(),
      entry("kick", 1, { userId: "bob\0" }),
      entry("kick", 2, { userId: "zed" }),
      entry("unban", 3, { userId: "bob" }),
    ]);
    const [room] = await store.recover({ sendsSinceAt: 0 });
    const userIds = room?.bans.map(({ userId }) => userId);
    assert.deepEqual(userIds, ["bob\uFFFD", "zed"]);
  },
);

testStore(
  "penalty_table knows who is banned, also from a room that has ended",
  async ({ store, clock }) => {
    await store.apply([
      created(),
      entry("ban", 1, { userId: "bob", until: null }),
      entry("ban", 2, { userId: "cat", until: START_AT + 1000 }),
      entry("mute", 3, { userId: "dan", until: null }),
      entry("ban", 4, { userId: "eve", until: null }),
      entry("unban", 5, { userId: "eve" }),
      entry("end", 6, { reason: "closed" }),
    ]);
    async function banned(): Promise<string[]> {
      const found: string[] = [];
      for (const userId of ["bob", "cat", "dan", "eve"]) {
        if (await store.isBanned(newRoom().id, userId)) {
          found.push(userId);
        }
      }
      return found;
    }
    await clock.advance(999);
    assert.deepEqual(await banned(), ["bob", "cat"]);
    await clock.advance(1);
    assert.deepEqual(await banned(), ["bob"]);
    assert.equal(await store.isBanned("other", "bob"), false);
  },
);
