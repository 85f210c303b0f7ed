import assert from "node:assert/strict";
import { catchUp, countOn } from "../../src/live/link_catch_up.ts";
import { settle } from "../support/fake_clock.ts";
import { FakeLiveStore } from "../support/fake_live_store.ts";
import { chatOf } from "../support/fake_source.ts";
import { newLinkWorld } from "./link_world.ts";

function newBehind() {
  const world = newLinkWorld();
  const store = new FakeLiveStore();
  const room = world.rooms.create("7");
  store.ids.set(room.id, ["x"]);
  store.counted.set(room.id, {
    counts: [{ type: "chat", messages: 2, count: 2 }],
    lastSeq: 5,
  });
  return { ...world, store, room };
}

Deno.test("catchUp counts what was kept and remembers ids, once", async () => {
  const world = newBehind();
  const { link, record, store, room } = world;
  await catchUp(link, world);
  await catchUp(link, world);
  assert.equal(record.memory.stats().chats, 2);
  assert.deepEqual([record.roomId, record.throughSeq], [room.id, 5]);
  assert.equal(store.calls.length, 2);
  link.feed.take([chatOf("twice", "x"), chatOf("new", "y")]);
  await settle();
  assert.deepEqual(room.contents, ["new"]);
});

Deno.test("catchUp tells a source that wants to know it which gifts are kept", async () => {
  const { link, record, store, room, ...world } = newBehind();
  store.gifts.set(room.id, ["a", "b"]);
  const recalled: string[] = [];
  const source = {
    recall: (liveId: string, texts: readonly string[]) =>
      void recalled.push(liveId, ...texts),
  };
  const { feed } = link;
  await catchUp({ record, feed, source }, { ...world, store });
  assert.deepEqual(recalled, [record.liveId, "a", "b"]);
});

Deno.test("catchUp has nothing to read where there never was a room", async () => {
  const world = newBehind();
  world.room.isEnded = true;
  await catchUp(world.link, world);
  assert.deepEqual(world.store.calls, []);
  assert.equal(world.record.isCaughtUp, true);
});

Deno.test("catchUp says when the log cannot be read", async () => {
  const world = newBehind();
  world.store.broken.add("upstreamIds");
  assert.equal(await catchUp(world.link, world), false);
  assert.equal(world.record.isCaughtUp, false);
  assert.equal(world.record.memory.stats().chats, 0);
  assert.equal(world.log.lines[0]?.fields["event"], "live_link_unread");
});

Deno.test("countOn counts what was kept last, and remembers no ids", async () => {
  const world = newBehind();
  const { link, record, store, room } = world;
  assert.equal(await countOn(link, world), true);
  assert.deepEqual(store.calls, []);
  record.moveTo(room.id);
  assert.equal(await countOn(link, world), true);
  assert.equal(record.memory.stats().chats, 2);
  assert.equal(record.throughSeq, 5);
  assert.equal(record.isCaughtUp, false);
  assert.equal(store.calls.length, 1);
});

Deno.test("countOn counts nothing twice that was counted meanwhile", async () => {
  const world = newBehind();
  world.record.moveTo(world.room.id);
  await Promise.all([countOn(world.link, world), catchUp(world.link, world)]);
  assert.equal(world.record.memory.stats().chats, 2);
});

Deno.test("countOn says when the log cannot be read", async () => {
  const world = newBehind();
  world.record.moveTo(world.room.id);
  world.store.broken.add("countLive");
  assert.equal(await countOn(world.link, world), false);
  assert.equal(world.log.lines[0]?.fields["event"], "live_link_unread");
});
