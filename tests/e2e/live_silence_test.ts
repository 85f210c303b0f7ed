import assert from "node:assert/strict";
import { chat, newLiveWorld } from "../support/live_world.ts";
import { eventually } from "../support/within.ts";

const WARNING = "直播间 77 超过60秒未收到消息，可能连接异常";

Deno.test("A link that is silent for 60 s is warned of once, and is live again with the next message", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send(chat("first"));
  await viewer.expectChat("first");
  await world.pass(55_000);
  assert.equal((await world.ask("77")).state, "live");
  await world.pass(5000);
  const silent = await world.ask("77");
  assert.deepEqual(
    [silent.state, silent.active, silent.warning, silent.fault],
    ["silent", true, WARNING, null],
  );
  assert.equal((await viewer.expectState("silent")).warning, WARNING);
  await world.pass(120_000);
  assert.deepEqual(world.linesOf("live_link_silent"), [WARNING]);
  connection.send(chat("second"));
  await viewer.expectChat("second");
  const live = await world.ask("77");
  assert.deepEqual([live.state, live.warning], ["live", null]);
  // The next silence is another one.
  await world.pass(60_000);
  assert.equal((await world.ask("77")).state, "silent");
  assert.deepEqual(world.linesOf("live_link_silent"), [WARNING, WARNING]);
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("A link that answers pings and says nothing is cut at LIVE_STALL_SECONDS and connected anew", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_STALL_SECONDS: "120" },
  });
  const other = await world.start("other");
  const healthy = await world.watch("other");
  world.upstream.misbehave({ kind: "stall" }, { liveId: "77", times: 1 });
  await world.start("77");
  const viewer = await world.watch("77");
  for (let seconds = 5; seconds < 120; seconds += 5) {
    await world.pass(5000);
    other.send(chat(`after ${seconds}`));
    await healthy.expectChat(`after ${seconds}`);
  }
  assert.equal((await world.ask("77")).state, "silent");
  await world.pass(5000);
  const waiting = await world.expectState("77", "waiting");
  assert.deepEqual([waiting.fault, waiting.active], ["stalled", false]);
  assert.equal(waiting.retry_at, world.app.clock.now() + 1000);
  await world.upstream.gone("77");
  await world.pass(1000);
  const connection = await world.connected("77");
  connection.send(chat("back"));
  await viewer.expectChat("back");
  assert.equal((await world.ask("77")).reconnect_count, 0);
  assert.deepEqual(viewer.states, [
    "silent",
    "waiting",
    "checking",
    "connecting",
    "live",
  ]);
  assert.equal(world.upstream.triedCount("other"), 1);
});

Deno.test("With LIVE_STALL_SECONDS=0 a silent link is only warned of", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  await world.pass(1_200_000);
  assert.equal((await world.ask("77")).state, "silent");
  assert.deepEqual(world.linesOf("live_link_silent"), [WARNING]);
  connection.send(chat("at last"));
  await viewer.expectChat("at last");
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("A half-open link is found by ping within LIVE_PING_SECONDS and 10 s, and another is not touched", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_PING_SECONDS: "20" },
  });
  world.upstream.misbehave({ kind: "half_open" }, { liveId: "77", times: 1 });
  await world.start("77");
  const viewer = await world.watch("77");
  const other = await world.start("other");
  const healthy = await world.watch("other");
  // The first ping is sent after 20 s; what follows is the time to find out.
  await world.pass(20_000);
  await other.pings.take(() => true, "a ping");
  // Behind the pong, so that is there when this is.
  other.send(chat("alive"));
  await healthy.expectChat("alive");
  await world.pass(25_000);
  assert.equal((await world.ask("77")).state, "live");
  await other.pings.take(() => true, "a ping");
  other.send(chat("still"));
  await healthy.expectChat("still");
  await world.pass(5000);
  const waiting = await world.expectState("77", "waiting");
  assert.equal(waiting.fault, "half_open");
  await world.pass(1000);
  const connection = await world.connected("77");
  connection.send(chat("back"));
  await viewer.expectChat("back");
  assert.equal(world.upstream.triedCount("other"), 1);
});

Deno.test("A link that answers pings and says nothing else is not half-open", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_PING_SECONDS: "20" },
  });
  const { liveFeedFaults } = world.app.app.core.metrics;
  const connection = await world.start("77");
  for (let round = 1; round <= 10; round++) {
    await world.pass(20_000);
    await connection.pings.take(() => true, "a ping");
    // Behind the pong, and no sign of life itself.
    connection.send("no JSON");
    await eventually(async () => {
      const { values } = await liveFeedFaults.get();
      return values.some(({ value }) => value === round);
    }, { what: `fault ${round}` });
  }
  assert.equal((await world.ask("77")).state, "silent");
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("A stall of less than 60 s is cut without a warning", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_STALL_SECONDS: "30" },
  });
  await world.start("77");
  await world.pass(25_000);
  assert.equal((await world.ask("77")).state, "live");
  await world.pass(5000);
  assert.equal((await world.expectState("77", "waiting")).fault, "stalled");
  assert.deepEqual(world.linesOf("live_link_silent"), []);
});
