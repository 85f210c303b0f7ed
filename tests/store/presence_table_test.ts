import assert from "node:assert/strict";
import {
  allOffline,
  purgePresence,
  selectPresence,
} from "../../src/store/presence_table.ts";
import type { StoredPresence } from "../../src/store/store.ts";
import { T0, testStore } from "./fixture.ts";
import { planOf } from "./query_plan.ts";

function newPresence(changes: Partial<StoredPresence> = {}): StoredPresence {
  return {
    userId: "ann",
    nickname: "Ann",
    lastSeenAt: T0,
    roomId: null,
    isOnline: true,
    ...changes,
  };
}

testStore(
  "presence_table keeps the newest of a user, and the last room",
  async ({ store }) => {
    const ann = newPresence({ nickname: 'A "n" 茶' });
    const bob = newPresence({ userId: "bob", roomId: "room-1" });
    await store.savePresence([ann, bob]);
    const gone = { ...bob, isOnline: false, lastSeenAt: T0 - 1, roomId: null };
    await store.savePresence([{ ...bob, nickname: "Robert" }, gone]);
    const users = await store.presence(["bob", "ann", "cat", "bob"]);
    const byId = new Map(users.map((user) => [user.userId, user]));
    assert.equal(users.length, 2);
    assert.deepEqual(byId.get("ann"), ann);
    assert.deepEqual(byId.get("bob"), { ...gone, roomId: "room-1" });
  },
);

testStore("presence_table takes and answers no users", async ({ store }) => {
  await store.savePresence([]);
  assert.deepEqual(await store.presence([]), []);
});

testStore(
  "presence_table says that everyone was there until the server was last",
  async ({ store }) => {
    const gone = newPresence({ userId: "gone", isOnline: false });
    const here = newPresence({ userId: "here", roomId: "room-1" });
    const later = newPresence({ userId: "later", lastSeenAt: T0 + 2000 });
    await store.savePresence([gone, here]);
    await store.touch(T0 + 1000);
    await store.allOffline();
    const [one] = await store.presence(["here"]);
    const there = { ...here, isOnline: false };
    assert.deepEqual(one, { ...there, lastSeenAt: T0 + 1000 });
    assert.deepEqual(await store.presence(["gone"]), [gone]);
    await store.savePresence([later]);
    await store.allOffline();
    const [other] = await store.presence(["later"]);
    assert.equal(other?.lastSeenAt, T0 + 2000);
    const [again] = await store.presence(["here"]);
    assert.equal(again?.lastSeenAt, T0 + 1000, "it was said before");
  },
);

testStore(
  "presence_table shows that the server was alive",
  async ({ store }) => {
    await store.savePresence([newPresence({ lastSeenAt: T0 + 7 })]);
    assert.equal((await store.closeOrphans()).at, T0 + 7);
  },
);

/** Offline users, each seen a second after the one before. */
function newGone(count: number): StoredPresence[] {
  return Array.from({ length: count }, (_, index) =>
    newPresence({
      userId: `gone-${index}`,
      lastSeenAt: T0 + index * 1000,
      isOnline: false,
    }));
}

testStore(
  "presence_table forgets those who are gone too long, longest gone first",
  async ({ store }) => {
    const gone = newGone(4);
    const here = newPresence({ userId: "here", lastSeenAt: T0 - 1000 });
    await store.savePresence([...gone.toReversed(), here]);
    async function known(): Promise<string[]> {
      const ids = [...gone.map(({ userId }) => userId), "here"];
      return (await store.presence(ids)).map(({ userId }) => userId);
    }
    const bounds = { seenBefore: T0 + 2000, rowsMax: 100 };
    assert.equal(await store.purgePresence({ ...bounds, limit: 1 }), 1);
    assert.deepEqual(await known(), ["gone-1", "gone-2", "gone-3", "here"]);
    assert.equal(await store.purgePresence({ ...bounds, limit: 9 }), 1);
    assert.deepEqual(await known(), ["gone-2", "gone-3", "here"]);
    assert.equal(await store.purgePresence({ ...bounds, limit: 9 }), 0);
  },
);

testStore(
  "presence_table forgets those gone longest when they are too many",
  async ({ store }) => {
    const online = newPresence({ userId: "here", lastSeenAt: 0 });
    await store.savePresence([...newGone(5), online]);
    const bounds = { seenBefore: 0, limit: 2 };
    assert.equal(await store.purgePresence({ ...bounds, rowsMax: 6 }), 0);
    assert.equal(await store.purgePresence({ ...bounds, rowsMax: 3 }), 2);
    assert.equal(await store.purgePresence({ ...bounds, rowsMax: 3 }), 1);
    assert.equal(await store.purgePresence({ ...bounds, rowsMax: 3 }), 0);
    const ids = [...newGone(5), online].map(({ userId }) => userId);
    const left = await store.presence(ids);
    assert.deepEqual(left.map(({ userId }) => userId), [
      "gone-3",
      "gone-4",
      "here",
    ]);
  },
);

Deno.test("presence_table looks for those who are gone by an index", async () => {
  const query = { seenBefore: T0, rowsMax: 9, limit: 9 };
  const plan = await planOf(purgePresence(query)[0] ?? { sql: "" });
  assert.match(plan, /INDEX presence_offline \(last_seen_at<\?\)/);
  assert.doesNotMatch(plan, /TEMP B-TREE/);
});

Deno.test("presence_table looks at nobody but those it is asked for", async () => {
  const wanted = await planOf(selectPresence(["ann"]));
  assert.match(wanted, /SEARCH presence USING PRIMARY KEY \(user_id=\?\)/);
  const offline = await planOf(allOffline()[0] ?? { sql: "" });
  assert.match(offline, /presence USING (COVERING )?INDEX presence_online/);
});
