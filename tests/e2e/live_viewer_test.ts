import assert from "node:assert/strict";
import { liveUrl } from "../support/live_client.ts";
import { chat, gift, newLiveWorld } from "../support/live_world.ts";
import { WsClient } from "../support/ws_client.ts";

/** Each shape of COMPAT 4.3 as an upstream says it. */
const SHAPES = [
  {
    type: "chat",
    timestamp: 1_767_225_600.25,
    "user_id": "98765432109876543210",
    "user_name": "小雨",
    content: "主播好!",
    "user_avatar": "https://example.com/a.jpg",
  },
  {
    type: "gift",
    timestamp: 1_767_225_601,
    "user_id": "7003",
    "user_name": "老王",
    "gift_name": "玫瑰",
    "gift_count": 3,
    "user_avatar": "",
  },
  {
    type: "follow",
    timestamp: 1_767_225_602,
    "user_id": "7004",
    "user_name": "Ben",
    "user_avatar": "",
  },
  {
    type: "stats",
    timestamp: 1_767_225_603,
    "current_viewers": 412,
    "total_viewers": "43.6万",
  },
  {
    type: "fansclub",
    timestamp: 1_767_225_604,
    content: "Ben joined the club",
  },
  { type: "control", timestamp: 1_767_225_605, status: "paused" },
  {
    type: "like",
    timestamp: 1_767_225_606,
    "user_id": "7002",
    "user_name": "Alice",
    count: 12,
    "user_avatar": "",
  },
  {
    type: "member",
    timestamp: 1_767_225_607,
    "user_id": "7005",
    "user_name": "Chloé",
    gender: "女",
    "user_avatar": "",
  },
];

Deno.test("A viewer is told each message in the reference's shape, with the live id, a number and no gap", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  for (const shape of SHAPES) connection.send(shape);
  await world.expectKept("77", SHAPES.length);
  // Likes and members are told once their second is over.
  await world.pass(1000);
  await viewer.expectMessage("member");
  assert.equal(viewer.messages.length, SHAPES.length);
  const told = viewer.messages.toSorted((a, b) => a.seq - b.seq);
  const log = await world.log("77");
  assert.deepEqual(told.map(({ type: _, ...item }) => item), log);
  for (const { seq, id, at, data } of log) {
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.equal(at, world.app.clock.now() - 1000);
    const shape = SHAPES.find(({ type }) => type === data.type);
    assert.deepEqual(data, { ...shape, "live_id": "77" }, `of ${seq}`);
  }
});

Deno.test("A message without a time is given that of its arrival, in unix seconds", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  await world.pass(1250);
  connection.send(chat("now"));
  const { data, at } = await viewer.expectChat("now");
  assert.equal(data.timestamp, world.app.clock.now() / 1000);
  assert.equal(at, world.app.clock.now());
});

Deno.test("A snapshot has how the link stands, the sums, and the last 50 messages", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const early = await world.watch("77");
  assert.deepEqual(early.snapshot.messages, []);
  assert.deepEqual([early.snapshot.last_seq, early.snapshot.recovered], [
    0,
    false,
  ]);
  for (let number = 1; number <= 60; number++) {
    connection.send(chat(`${number}`));
  }
  await early.expectChat("60");
  const late = await world.watch("77");
  const { messages, epoch, user, ...rest } = late.snapshot;
  const link = await world.ask("77");
  assert.equal(epoch, link.epoch);
  assert.match(user.user_id, /^viewer-/);
  assert.equal(user.nickname, user.user_id);
  const { session_id: _, status, stats, ...others } = rest;
  assert.deepEqual(others, {
    type: "snapshot",
    "live_id": "77",
    "room_id": link.room_id,
    "last_seq": 60,
    recovered: false,
  });
  assert.deepEqual([status.state, status.active], ["live", true]);
  assert.equal(stats.chats, 60);
  assert.deepEqual(messages, (await world.log("77")).slice(10));
  // What follows is told once, to both.
  connection.send(chat("61"));
  for (const viewer of [early, late]) {
    assert.equal((await viewer.expectChat("61")).seq, 61);
  }
  assert.deepEqual(late.contents, ["61"]);
});

Deno.test("Many viewers are told the same, each of it once", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewers = await Promise.all(
    Array.from({ length: 30 }, () => world.watch("77")),
  );
  assert.equal((await world.ask("77")).watchers, 30);
  const said = Array.from({ length: 100 }, (_, index) => `n${index}`);
  for (const content of said) connection.send(chat(content));
  for (const viewer of viewers) {
    await viewer.expectChat("n99");
    assert.deepEqual(viewer.contents, said);
  }
  // Nobody is told of the others.
  await viewers[0]?.close();
  await viewers[1]?.caughtUp();
  const types = new Set(viewers[1]?.received.map(({ type }) => type));
  assert.deepEqual([...types].sort(), ["live_message", "pong", "snapshot"]);
});

Deno.test("Viewers are told the sums at most once a second, and how many watch", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  for (let number = 1; number <= 5; number++) {
    connection.send(chat(`${number}`));
  }
  connection.send(gift("g", 7));
  await viewer.expectMessage("gift");
  await viewer.expectChat("5");
  await world.pass(999);
  await viewer.caughtUp();
  assert(!viewer.received.some(({ type }) => type === "live_stats"));
  await world.pass(1);
  const { stats, watchers } = await viewer.expectFrame("live_stats");
  assert.equal(watchers, 1);
  assert.deepEqual([stats.messages, stats.chats, stats.gifts], [6, 5, 7]);
  viewer.takeAll();
  await world.pass(5000);
  await viewer.expectSilence();
});

Deno.test("Several frames of a turn come as one where the viewer wants that", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77", { query: { batch: "true" } });
  connection.send(["1", "2", "3"].map((content) => chat(content)));
  await viewer.expectChat("3");
  assert.deepEqual(viewer.contents, ["1", "2", "3"]);
  assert.equal(viewer.texts.at(-1)?.split("\n").length, 3);
});

Deno.test("A live id that nobody started cannot be watched", async () => {
  await using world = await newLiveWorld();
  const url = liveUrl(world.app.url, "unheard-of");
  const response = await fetch(url.replace(/^ws/, "http"), {
    headers: { Connection: "Upgrade", Upgrade: "websocket" },
  });
  const body = await response.json();
  assert.equal(response.status, 404, JSON.stringify(body));
  assert.equal(body.code, "live_not_found");
  await assert.rejects(WsClient.open(url), /Cannot connect/);
});
