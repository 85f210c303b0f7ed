import assert from "node:assert/strict";
import {
  FEED_CHARS_MAX,
  FeedQueue,
  type Kept,
} from "../../src/live/feed_queue.ts";
import { FEED_MESSAGES_MAX } from "../../src/live/live_room.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { LiveMessage } from "../../src/wire/live.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { ScriptedRoom, type Verdict } from "./scripted_room.ts";

interface Item {
  readonly message: LiveMessage;
}

function newQueue(...script: Verdict[]) {
  const clock = new FakeClock();
  const rooms = [new ScriptedRoom("room-1", script)];
  const kept: Kept<Item>[] = [];
  const queue = new FeedQueue<Item>({
    isUrgent: false,
    clock,
    room: () => {
      const room = rooms[0];
      if (room === undefined) throw new ChatError("too_many_rooms");
      return room;
    },
    onKept: (some) => void kept.push(some),
  });
  function offer(...ids: string[]): void {
    for (const id of ids) queue.offer({ message: messageOf(id) });
    queue.feed();
  }
  const room = new ScriptedRoom();
  return { clock, rooms, room: rooms[0] ?? room, kept, queue, offer };
}

function messageOf(id: string, text = "{}"): LiveMessage {
  return { type: "chat", text, count: 1, upstreamId: id };
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index}`);
}

Deno.test("FeedQueue feeds what is offered and tells what was kept", async () => {
  const { room, kept, queue, offer } = newQueue();
  offer("a", "b");
  assert.equal(queue.size, 2);
  assert.equal(queue.chars, 4);
  await settle();
  assert.deepEqual(room.ids, ["a", "b"]);
  assert.equal(room.feeds[0]?.isUrgent, false);
  assert.equal(kept.length, 1);
  assert.equal(kept[0]?.lastSeq, 2);
  assert.equal(kept[0]?.roomId, "room-1");
  assert.equal(kept[0]?.items.length, 2);
  assert.equal(queue.size, 0);
  assert.equal(queue.chars, 0);
});

Deno.test("FeedQueue gathers what comes while a feed is in flight", async () => {
  const { room, offer } = newQueue();
  room.isHolding = true;
  offer("a");
  offer("b");
  offer("c");
  await settle();
  assert.equal(room.feeds.length, 1);
  room.release();
  await settle();
  assert.deepEqual(room.feeds.map(({ messages }) => messages.length), [1, 2]);
  assert.deepEqual(room.ids, ["a", "b", "c"]);
});

Deno.test("FeedQueue feeds no more than 200 messages at once", async () => {
  const { room, offer } = newQueue();
  offer(...numbered(2 * FEED_MESSAGES_MAX + 1));
  await settle();
  assert.deepEqual(
    room.feeds.map(({ messages }) => messages.length),
    [FEED_MESSAGES_MAX, FEED_MESSAGES_MAX, 1],
  );
});

Deno.test("FeedQueue feeds no more than 1 Mi characters at once", async () => {
  const { room, queue } = newQueue();
  const text = "x".repeat(FEED_CHARS_MAX / 16);
  for (const id of numbered(17)) queue.offer({ message: messageOf(id, text) });
  queue.feed();
  await settle();
  assert.deepEqual(room.feeds.map(({ messages }) => messages.length), [16, 1]);
});

Deno.test("FeedQueue feeds a message that is more than a feed by itself", async () => {
  const { room, queue } = newQueue();
  const text = "x".repeat(FEED_CHARS_MAX + 1);
  for (const id of ["a", "b"]) queue.offer({ message: messageOf(id, text) });
  queue.feed();
  await settle();
  assert.deepEqual(room.feeds.map(({ messages }) => messages.length), [1, 1]);
});

Deno.test("FeedQueue feeds again what was not kept, before anything else", async () => {
  const { room, offer } = newQueue(2, 1);
  offer("a", "b", "c", "d");
  offer("e");
  await settle();
  assert.deepEqual(room.ids, ["a", "b", "c", "d", "e"]);
  assert.deepEqual(
    room.feeds.map(({ messages }) => messages[0]?.upstreamId),
    ["a", "c", "d"],
  );
});

Deno.test("FeedQueue tries again after 100 ms, then less and less often", async () => {
  const busy = new ChatError("busy");
  const { clock, room, queue, offer } = newQueue(...new Array(9).fill(busy));
  offer("a");
  await settle();
  assert.equal(queue.refusal, busy);
  const waits = [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000];
  for (const [index, waitMs] of waits.entries()) {
    assert.equal(room.feeds.length, index + 1);
    await clock.advance(waitMs - 1);
    assert.equal(room.feeds.length, index + 1, `before ${waitMs} ms`);
    await clock.advance(1);
  }
  assert.deepEqual(room.ids, ["a"]);
  assert.equal(queue.refusal, null);
});

Deno.test("FeedQueue begins its waits anew once something was kept", async () => {
  const busy = new ChatError("busy");
  const { clock, room, offer } = newQueue(busy, busy, 1, busy);
  offer("a", "b");
  await clock.advance(300);
  assert.deepEqual(room.ids, ["a"]);
  await clock.advance(100);
  assert.deepEqual(room.ids, ["a", "b"]);
});

Deno.test("FeedQueue takes a feed of which nothing was kept as refused", async () => {
  const { clock, room, queue, offer } = newQueue(0);
  offer("a");
  await settle();
  assert.equal(room.feeds.length, 1);
  assert(queue.refusal instanceof ChatError);
  assert.equal(queue.refusal.code, "storage_unavailable");
  await clock.advance(100);
  assert.deepEqual(room.ids, ["a"]);
});

Deno.test("FeedQueue waits while there is no room", async () => {
  const { clock, rooms, room, queue, offer } = newQueue();
  rooms.pop();
  offer("a");
  await clock.advance(100);
  assert.equal(queue.size, 1);
  rooms.push(room);
  await clock.advance(200);
  assert.deepEqual(room.ids, ["a"]);
});

Deno.test("FeedQueue goes on in another room at once when one has ended", async () => {
  const { rooms, room, kept, offer } = newQueue(1);
  offer("a", "b");
  room.answer(new ChatError("room_ended"));
  const next = new ScriptedRoom("room-2");
  const { feed } = room;
  room.feed = (messages, isUrgent) => {
    if (room.feeds.length === 1) rooms[0] = next;
    return feed.call(room, messages, isUrgent);
  };
  await settle();
  assert.deepEqual(room.ids, ["a"]);
  assert.deepEqual(next.ids, ["b"]);
  assert.deepEqual(kept.map(({ roomId }) => roomId), ["room-1", "room-2"]);
});

Deno.test("FeedQueue does not spin on a room that has ended", async () => {
  const ended = new ChatError("room_ended");
  const { clock, room, offer } = newQueue(ended, ended, ended);
  offer("a");
  await settle();
  assert.equal(room.feeds.length, 2);
  await clock.advance(199);
  assert.equal(room.feeds.length, 2);
  await clock.advance(1);
  assert.equal(room.feeds.length, 3);
});

Deno.test("FeedQueue tries again after an error that is no refusal", async () => {
  const { clock, room, queue, offer } = newQueue(new TypeError("bug"));
  offer("a");
  await settle();
  assert.equal(queue.refusal?.message, "bug");
  await clock.advance(100);
  assert.deepEqual(room.ids, ["a"]);
});

Deno.test("FeedQueue tells nothing after stop, and arms no timer", async () => {
  const { clock, room, kept, queue, offer } = newQueue();
  room.isHolding = true;
  offer("a", "b");
  queue.stop();
  assert.equal(queue.size, 0);
  room.release();
  offer("c");
  await settle();
  assert.deepEqual(room.ids, ["a", "b"], "it was in flight");
  assert.deepEqual(kept, []);
  assert.equal(clock.armed, 0);
});

Deno.test("FeedQueue gives up its next try on stop", async () => {
  const { clock, room, queue, offer } = newQueue(new ChatError("busy"));
  offer("a");
  await settle();
  assert.equal(clock.armed, 1);
  queue.stop();
  assert.equal(clock.armed, 0);
  await clock.advance(10_000);
  assert.equal(room.feeds.length, 1);
});
