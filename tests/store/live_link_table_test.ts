import assert from "node:assert/strict";
import type { StoredLiveLink } from "../../src/wire/live_link.ts";
import { T0, testStore } from "./fixture.ts";

function link(
  liveId: string,
  changes: Partial<StoredLiveLink> = {},
): StoredLiveLink {
  return {
    liveId,
    source: "relay",
    isWanted: true,
    isEnded: false,
    addedAt: T0,
    changedAt: T0,
    roomId: null,
    throughSeq: 0,
    memory: "{}",
    ...changes,
  };
}

testStore("saveLinks writes links that links gives back", async ({ store }) => {
  assert.deepEqual(await store.links(), []);
  const memory = JSON.stringify({ 茶: "\0 \ud800 👩‍👩‍👧", long: "x".repeat(9999) });
  const known = [
    link("b", { addedAt: T0 + 1, roomId: "room-1", throughSeq: 7, memory }),
    link("a", { addedAt: T0 + 2, isWanted: false, isEnded: true }),
    link("c", { addedAt: T0 + 2 }),
  ];
  await store.saveLinks(
    [known[2], known[0], known[1]].filter((each) => !!each),
  );
  assert.deepEqual(await store.links(), known);
});

testStore(
  "saveLinks puts all of a link in place of what was",
  async ({ store }) => {
    await store.saveLinks([link("a"), link("b")]);
    const later = link("a", {
      source: "mock",
      isWanted: false,
      isEnded: true,
      addedAt: T0 - 1,
      changedAt: T0 + 5,
      roomId: "room-2",
      throughSeq: 99,
      memory: '{"messages":99}',
    });
    await store.saveLinks([link("a"), later]);
    await store.saveLinks([]);
    assert.deepEqual(await store.links(), [later, link("b")]);
    await store.saveLinks([link("a")]);
    assert.deepEqual(await store.links(), [link("a"), link("b")]);
  },
);

testStore("forgetLinks removes the links that it names", async ({ store }) => {
  await store.saveLinks([link("a"), link("b"), link("c")]);
  await store.forgetLinks([]);
  await store.forgetLinks(["c", "unknown", "a"]);
  assert.deepEqual(await store.links(), [link("b")]);
});
