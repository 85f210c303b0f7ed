import assert from "node:assert/strict";
import { goneFacts, neverHere } from "../../src/presence/gone_facts.ts";
import { FakePresenceStore } from "./presence_world.ts";

Deno.test("goneFacts has what the database knows, and nobody online", async () => {
  const store = new FakePresenceStore();
  const row = { userId: "ann", nickname: "安", lastSeenAt: 5, roomId: "r1" };
  store.rows.set("ann", { ...row, isOnline: true });
  const facts = await goneFacts(store, ["ann", "bob"]);
  assert.deepEqual([...facts], [
    ["ann", { ...row, status: "offline", isOnline: false }],
  ]);
});

Deno.test("goneFacts asks for 500 users at a time, and for none not at all", async () => {
  const store = new FakePresenceStore();
  await goneFacts(store, []);
  assert.equal(store.reads.length, 0);
  const userIds = Array.from({ length: 1001 }, (_, index) => `u${index}`);
  await goneFacts(store, userIds);
  assert.deepEqual(store.reads.map((ids) => ids.length), [500, 500, 1]);
  assert.deepEqual(store.reads.flat(), userIds);
});

Deno.test("neverHere is offline and was never seen", () => {
  assert.deepEqual(neverHere("bob"), {
    userId: "bob",
    nickname: "bob",
    status: "offline",
    isOnline: false,
    lastSeenAt: null,
    roomId: null,
  });
});
