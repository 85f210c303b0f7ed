import assert from "node:assert/strict";
import { chat, newLiveWorld } from "../support/live_world.ts";
import { KEY_HEADERS } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";

Deno.test("A start connects a live room, and another start changes nothing", async () => {
  await using world = await newLiveWorld();
  const first = await world.post("start", "77");
  assert.deepEqual([first.status, first.body], [200, {
    success: true,
    message: "成功开始监听直播间 77",
    "live_id": "77",
    state: "connecting",
  }]);
  await world.connected("77");
  const second = await world.post("start", "77");
  assert.deepEqual([second.status, second.body], [200, {
    success: true,
    message: "直播间 77 已在监听中",
    "live_id": "77",
    state: "live",
  }]);
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("Starts at the same time make one connection, and one of them says that it began", async () => {
  await using world = await newLiveWorld({ hasStatus: true });
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => world.post("start", "77")),
  );
  const messages = answers.map(({ status, body }) => {
    assert.equal(status, 200, JSON.stringify(body));
    return body.message;
  });
  const news = messages.filter((one) => one === "成功开始监听直播间 77");
  assert.equal(news.length, 1);
  await world.connected("77");
  await world.pass(60_000);
  assert.equal(world.upstream.triedCount("77"), 1);
  const { body } = await world.app.api("GET /api/live/status");
  assert.deepEqual([body.count, body.active_rooms], [1, ["77"]]);
});

Deno.test("A live id may be a number, and is the same as its digits", async () => {
  await using world = await newLiveWorld();
  const { body } = await world.post("start", 261378947940);
  assert.equal(body.live_id, "261378947940");
  await world.connected("261378947940");
  const again = await world.post("start", "261378947940");
  assert.equal(again.body.message, "直播间 261378947940 已在监听中");
  const { body: stopped } = await world.post("stop", 261378947940);
  assert.deepEqual(stopped, {
    success: true,
    message: "已停止监听直播间 261378947940",
  });
  await world.upstream.gone("261378947940");
});

Deno.test("A start without a live id, or with none that can be, is refused", async () => {
  await using world = await newLiveWorld();
  for (const liveId of [undefined, null, ""]) {
    const { status, body } = await world.post("start", liveId);
    assert.deepEqual([status, body], [400, {
      success: false,
      message: "缺少直播间ID",
      code: "live_id_missing",
    }]);
  }
  for (const liveId of ["a/b", "../x", "x".repeat(51), 1.5, -1, {}, "a b"]) {
    const { status, body } = await world.post("start", liveId);
    assert.deepEqual([status, body.code], [400, "live_id_invalid"]);
  }
  const longest = "x".repeat(50);
  await world.start(longest);
  const { status, body } = await world.app.api("POST /api/live/start", {
    body: { "live_id": "77", source: "nowhere" },
  });
  assert.deepEqual([status, body.code], [400, "live_source_unknown"]);
});

Deno.test("The start of a room that is not live fails and leaves nothing", async () => {
  await using world = await newLiveWorld({ hasStatus: true });
  const cases = [
    [2, "启动失败: 直播间未开播或已结束", "live_ended"],
    [4, "启动失败: 直播间状态异常: 4", "live_abnormal"],
    ["?", "启动失败: 无法获取直播间状态", "live_status_unknown"],
  ] as const;
  for (const [said, message, code] of cases) {
    world.upstream.setStatus("77", said);
    const { status, body } = await world.post("start", "77");
    assert.deepEqual([status, body], [500, { success: false, message, code }]);
    assert.equal((await world.app.api("GET /api/live/77")).status, 404);
  }
  await world.pass(300_000);
  const { body } = await world.app.api("GET /api/live/status");
  assert.deepEqual(body, {
    success: true,
    "active_rooms": [],
    count: 0,
    connections: {},
  });
  assert.deepEqual((await world.app.api("GET /management/rooms")).body, []);
  assert.equal(world.upstream.triedCount("77"), 0);
  world.upstream.setStatus("77", 0);
  await world.start("77");
});

Deno.test("A stop closes the connection politely, and nothing is tried again", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  const { status, body } = await world.post("stop", "77");
  assert.deepEqual([status, body], [200, {
    success: true,
    message: "已停止监听直播间 77",
  }]);
  assert.equal((await viewer.expectState("stopped")).wanted, false);
  await connection.over();
  assert.equal(connection.goodbyes.all.length, 1);
  await world.pass(600_000);
  assert.equal(world.upstream.triedCount("77"), 1);
  const { body: list } = await world.app.api("GET /api/live/status");
  assert.deepEqual(list.active_rooms, []);
  // A stop of what is not there succeeds as well.
  assert.equal((await world.post("stop", "77")).status, 200);
  assert.deepEqual((await world.post("stop", "unheard-of")).body, {
    success: true,
    message: "已停止监听直播间 unheard-of",
  });
  // The same room goes on when it is started again.
  const again = await world.start("77");
  again.send(chat("hello again"));
  await viewer.expectChat("hello again");
});

Deno.test("A stop while it waits, or while it connects, is final too", async () => {
  await using world = await newLiveWorld();
  world.upstream.misbehave({ kind: "refuse", status: 503 }, { liveId: "a" });
  world.upstream.misbehave({ kind: "slow" }, { liveId: "b" });
  await world.post("start", "a");
  await world.post("start", "b");
  await world.expectState("a", "waiting");
  await world.upstream.tried("b", 1);
  for (const liveId of ["a", "b"]) {
    await world.post("stop", liveId);
    assert.equal((await world.ask(liveId)).state, "stopped");
  }
  await world.pass(600_000);
  assert.equal(world.upstream.triedCount("a"), 1);
  assert.equal(world.upstream.triedCount("b"), 1);
});

Deno.test("Viewers that come, leave and reload change nothing upstream", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  for (let round = 0; round < 10; round++) {
    const viewer = await world.watch("77");
    connection.send(chat(`n${round}`));
    await viewer.expectChat(`n${round}`);
    await viewer.close();
  }
  await world.app.expectConnections(0);
  await world.pass(30_000);
  assert.equal(world.upstream.triedCount("77"), 1);
  assert(connection.isOpen);
  assert.equal((await world.log("77")).length, 10);
});

Deno.test("Of more live rooms than LIVE_MAX_LINKS the last is refused, until one stops", async () => {
  await using world = await newLiveWorld({ settings: { LIVE_MAX_LINKS: "2" } });
  await world.start("1");
  await world.start("2");
  const { status, body } = await world.post("start", "3");
  assert.deepEqual([status, body], [500, {
    success: false,
    message: "启动失败: The server keeps as many live links as it may",
    code: "live_links_full",
  }]);
  // One that is there is no further one.
  assert.equal((await world.post("start", "2")).status, 200);
  await world.post("stop", "1");
  await world.start("3");
  assert.equal((await world.post("start", "1")).status, 500);
});

Deno.test("Starts and stops that chase each other leave one connection, or none", async () => {
  await using world = await newLiveWorld({ hasStatus: true });
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        return world.post(index % 2 === 0 ? "start" : "stop", "77");
      }),
    );
  }
  await world.post("start", "77");
  await world.expectState("77", "live");
  await eventually(() => world.upstream.openCount("77") === 1, {
    what: "one connection",
  });
  await world.pass(30_000);
  assert.equal(world.upstream.openCount("77"), 1);
  await world.post("stop", "77");
  await world.upstream.gone("77");
  await world.pass(30_000);
  assert.equal(world.upstream.openCount("77"), 0);
});

Deno.test("A stop while the start asks for the status ends that start", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const status = {
    url: `http://127.0.0.1:${silent.addr.port}/{live_id}`,
    field: "status",
    live: [0],
  };
  await using world = await newLiveWorld({ source: { status } });
  const start = world.post("start", "77");
  using _held = await silent.accept();
  const stop = await world.post("stop", "77");
  assert.equal(stop.status, 200);
  const { status: code, body } = await start;
  assert.deepEqual([code, body.code], [404, "live_not_found"]);
  assert.equal((await world.app.api("GET /api/live/77")).status, 404);
});

Deno.test("A number that JSON cannot say exactly is no live id", async () => {
  await using world = await newLiveWorld();
  const response = await fetch(`${world.app.url}/api/live/start`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...KEY_HEADERS },
    body: '{"live_id": 73456789012345678901}',
  });
  const body = await response.json();
  assert.deepEqual([response.status, body.code], [400, "live_id_invalid"]);
});
