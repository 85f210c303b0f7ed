import assert from "node:assert/strict";
import type { LiveClient } from "../support/live_client.ts";
import {
  chat,
  gift,
  like,
  type LiveWorld,
  newLiveWorld,
} from "../support/live_world.ts";

/** A member notice as an upstream says it. */
function member(id: string): object {
  return {
    type: "member",
    id,
    "user_id": "7005",
    "user_name": "Chloé",
    gender: "女",
    "user_avatar": "",
  };
}

/** What a viewer was told of a type: `from..to messages count`. */
function told(viewer: LiveClient, type: string): string[] {
  return viewer.messages.filter(({ data }) => data.type === type)
    .map(({ seq, from_seq: from, conflated, data }) =>
      conflated === undefined
        ? `${seq}`
        : `${from}..${seq} ${conflated} ${data.count}`
    );
}

/** The sum of the likes that a viewer was told of. */
function likesOf(viewer: LiveClient): number {
  return viewer.messages.filter(({ data }) => data.type === "like")
    .reduce((sum, { data }) => sum + data.count, 0);
}

/** The numbers in the log of a type. */
async function numbersOf(world: LiveWorld, type: string): Promise<number[]> {
  const log = await world.log("77");
  return log.filter(({ data }) => data.type === type).map(({ seq }) => seq);
}

Deno.test("Likes of a second are told as one with their sum, and are in the log one by one", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  for (let number = 1; number <= 100; number++) {
    connection.send(like(`l${number}`, number));
  }
  await world.expectKept("77", 100);
  await world.pass(999);
  await viewer.caughtUp();
  assert.deepEqual(viewer.messages, []);
  await world.pass(1);
  const burst = await viewer.expectMessage("like");
  assert.deepEqual(told(viewer, "like"), ["1..100 100 5050"]);
  const log = await world.log("77");
  assert.deepEqual(log.map(({ data }) => data.count), [
    ...Array.from({ length: 100 }, (_, index) => index + 1),
  ]);
  // It has the fields of the last one.
  assert.deepEqual(burst.data, { ...log[99]?.data, count: 5050 });
  assert.deepEqual([burst.id, burst.at], [log[99]?.id, log[99]?.at]);
  assert.equal((await world.ask("77")).stats.likes, 5050);
});

Deno.test("A single like of a second is told as it is", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send(like("l", 3));
  await world.expectKept("77", 1);
  await world.pass(1000);
  const { type: _, ...item } = await viewer.expectMessage("like");
  assert.deepEqual([item], await world.log("77"));
});

Deno.test("Likes and members are gathered apart, and chats and gifts between them are told at once", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  for (let number = 0; number < 10; number++) {
    connection.send([
      like(`l${number}`, 2),
      member(`m${number}`),
      chat(`n${number}`),
      gift(`g${number}`),
    ]);
  }
  await world.expectKept("77", 40);
  await viewer.expectChat("n9");
  await viewer.caughtUp();
  assert.equal(viewer.contents.length, 10);
  assert.equal(told(viewer, "gift").length, 10);
  assert.deepEqual(told(viewer, "like"), []);
  await world.pass(1000);
  await viewer.expectMessage("member");
  await viewer.expectMessage("like");
  const likes = await numbersOf(world, "like");
  const members = await numbersOf(world, "member");
  assert.deepEqual(told(viewer, "like"), [
    `${likes[0]}..${likes.at(-1)} 10 20`,
  ]);
  assert.deepEqual(told(viewer, "member"), [
    `${members[0]}..${members.at(-1)} 10 10`,
  ]);
  assert.deepEqual([likes.length, members.length], [10, 10]);
});

Deno.test("Each second of likes has its own sum, and all of them make the whole", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  let sent = 0;
  for (let second = 1; second <= 5; second++) {
    for (let number = 0; number < 20; number++) {
      connection.send(like(`l${++sent}`, 5));
    }
    await world.expectKept("77", sent);
    await world.pass(1000);
    await viewer.expectMessage("like");
    assert.equal(likesOf(viewer), 100 * second);
  }
  assert.equal(told(viewer, "like").length, 5);
});

Deno.test("Who comes within a second of likes has them from the log, and nobody counts them twice", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const early = await world.watch("77");
  for (let number = 1; number <= 10; number++) {
    connection.send(like(`a${number}`, 1));
  }
  await world.expectKept("77", 10);
  const late = await world.watch("77");
  assert.equal(late.snapshot.messages.length, 10);
  for (let number = 1; number <= 10; number++) {
    connection.send(like(`b${number}`, 1));
  }
  await world.expectKept("77", 20);
  await world.pass(1000);
  await late.expectMessage("like");
  await early.caughtUp();
  assert.deepEqual([likesOf(early), likesOf(late)], [20, 10]);
  assert.deepEqual(told(late, "like"), ["11..20 10 10"]);
});

Deno.test("A gift goes ahead of a backlog of chats", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  const chats = Array.from({ length: 3000 }, (_, index) => chat(`n${index}`));
  connection.send([...chats, gift("rocket")]);
  await viewer.expectMessage("gift");
  await viewer.expectChat("n2999");
  const index = viewer.messages.findIndex(({ data }) => data.type === "gift");
  // All of it came in one frame; a feed or two may be under way already.
  assert(index < 1000, `${index} messages were told before it`);
  assert.equal((await world.log("77")).length, 3001);
});

Deno.test("Who was away for a burst is given the messages of it one by one", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const first = await world.watch("77");
  for (let number = 1; number <= 10; number++) {
    connection.send(like(`a${number}`, 1));
  }
  await world.expectKept("77", 10);
  await world.pass(1000);
  const { seq } = await first.expectMessage("like");
  const { epoch } = first.snapshot;
  await first.close();
  for (let number = 1; number <= 10; number++) {
    connection.send(like(`b${number}`, 1));
  }
  await world.expectKept("77", 20);
  const query = { since: `${seq}`, epoch };
  const second = await world.watch("77", { query });
  await second.caughtUp();
  assert.deepEqual(
    told(second, "like"),
    Array.from({ length: 10 }, (_, index) => `${index + 11}`),
  );
  await world.pass(2000);
  await second.caughtUp();
  assert.equal(likesOf(first) + likesOf(second), 20);
});

Deno.test("Bursts on all sides of a flood of chats have the right sum for a viewer who comes and goes", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  let viewer = await world.watch("77");
  const { epoch } = viewer.snapshot;
  const chats: string[] = [];
  let likes = 0;
  let sent = 0;
  for (let round = 0; round < 20; round++) {
    for (let number = 0; number < 7; number++) {
      connection.send(like(`l${++sent}`, 2));
    }
    await world.expectKept("77", sent);
    await world.pass(1000);
    // The last second's sum is told: nothing is gathered when it leaves.
    await viewer.expectMessage("like");
    connection.send(chat(`n${++sent}`));
    await viewer.expectChat(`n${sent}`);
    await viewer.close();
    chats.push(...viewer.contents);
    likes += likesOf(viewer);
    viewer = await world.watch("77", { query: { since: `${sent}`, epoch } });
  }
  assert.equal(likes, 20 * 7 * 2);
  assert.equal(chats.length, 20);
  assert.equal(new Set(chats).size, 20);
});
