import assert from "node:assert/strict";
import type { Json } from "../support/live_client.ts";
import { chat, type LiveWorld, newLiveWorld } from "../support/live_world.ts";
import { eventually } from "../support/within.ts";

const MINUTE_MS = 60_000;

/** The link after so many attempts that all failed. */
async function expectFailed(
  world: LiveWorld,
  liveId: string,
  attempts: number,
): Promise<Json> {
  let link: Json;
  return await eventually(async () => {
    link = await world.ask(liveId);
    return link.state === "waiting" && link.reconnect_count === attempts &&
      link;
  }, { what: () => `failure ${attempts}, not ${JSON.stringify(link)}` });
}

/** The waits before so many attempts, each failing, in seconds. */
async function waitsOf(
  world: LiveWorld,
  liveId: string,
  [first, last]: [first: number, last: number],
): Promise<number[]> {
  const waits: number[] = [];
  for (let attempt = first; attempt <= last; attempt++) {
    const { retry_at: retryAt } = await expectFailed(world, liveId, attempt);
    const waitMs = retryAt - world.app.clock.now();
    waits.push(waitMs / 1000);
    const tried = world.upstream.triedCount(liveId);
    await world.pass(waitMs - 1);
    assert.equal((await world.ask(liveId)).state, "waiting");
    assert.equal(world.upstream.triedCount(liveId), tried);
    await world.pass(1);
    await world.upstream.tried(liveId, tried + 1);
  }
  return waits;
}

Deno.test("A link that cannot connect is tried after 1, 2, 4, 8, 16, 32, 60, 60 s, and after an hour 120, 240, 300, 300 s", async () => {
  await using world = await newLiveWorld();
  world.upstream.misbehave({ kind: "refuse", status: 503 });
  assert.equal((await world.post("start", "77")).status, 200);
  const failingSince = world.app.clock.now();
  assert.deepEqual(await waitsOf(world, "77", [0, 7]), [
    1,
    2,
    4,
    8,
    16,
    32,
    60,
    60,
  ]);
  // By then it has been failing for 183 s, and 57 more minutes are one hour.
  assert.deepEqual(
    await waitsOf(world, "77", [8, 64]),
    Array.from({ length: 57 }, () => 60),
  );
  assert.deepEqual(await waitsOf(world, "77", [65, 68]), [120, 240, 300, 300]);
  const failed = await expectFailed(world, "77", 69);
  assert.equal(failed.failing_since, failingSince);
  // It works again: a message, and all of it is over.
  world.upstream.behave();
  await world.app.api("POST /api/live/77/retry");
  const connection = await world.connected("77");
  const viewer = await world.watch("77");
  connection.send(chat("back"));
  await viewer.expectChat("back");
  const live = await world.ask("77");
  assert.deepEqual([live.reconnect_count, live.failing_since], [0, null]);
  connection.drop();
  const again = await world.expectState("77", "waiting");
  assert.equal(again.retry_at, world.app.clock.now() + 1000);
});

Deno.test("The ladder goes on over links that open and say nothing, and begins anew with a message", async () => {
  await using world = await newLiveWorld();
  let connection = await world.start("77");
  const viewer = await world.watch("77");
  for (const seconds of [1, 2, 4, 8, 16, 32, 60]) {
    connection.drop();
    const waiting = await world.expectState("77", "waiting");
    assert.equal(waiting.retry_at, world.app.clock.now() + seconds * 1000);
    await world.pass(seconds * 1000);
    connection = await world.connected("77");
  }
  assert.equal((await world.ask("77")).reconnect_count, 7);
  const attempts = world.linesOf("live_link_retried");
  assert.equal(
    attempts.at(-1),
    "检测到直播间 77 连接断开，尝试重连（第 7 次）",
  );
  connection.send(chat("said"));
  await viewer.expectChat("said");
  assert.deepEqual(world.linesOf("live_link_restored"), [
    "直播间 77 连接已恢复正常",
  ]);
  connection.drop();
  const waiting = await world.expectState("77", "waiting");
  assert.deepEqual([waiting.reconnect_count, waiting.retry_at], [
    0,
    world.app.clock.now() + 1000,
  ]);
});

Deno.test("With jitter each wait is within a tenth of its step", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_BACKOFF_JITTER: "0.1" },
  });
  world.upstream.misbehave({ kind: "refuse", status: 503 });
  await world.post("start", "77");
  const waits = await waitsOf(world, "77", [0, 7]);
  const steps = [1, 2, 4, 8, 16, 32, 60, 60];
  waits.forEach((wait, index) => {
    const step = steps[index] ?? 0;
    assert(wait >= step * 0.9 && wait <= step * 1.1, `${wait} for ${step} s`);
  });
  assert.notDeepEqual(waits, steps);
});

Deno.test("A retry that an operator asks for is made at once, whatever the ladder says", async () => {
  await using world = await newLiveWorld();
  world.upstream.misbehave({ kind: "refuse", status: 503 });
  await world.post("start", "77");
  await waitsOf(world, "77", [0, 5]);
  const waiting = await expectFailed(world, "77", 6);
  assert.equal(waiting.retry_at, world.app.clock.now() + MINUTE_MS);
  const tried = world.upstream.triedCount("77");
  const { status, body } = await world.app.api("POST /api/live/77/retry");
  assert.equal(status, 200);
  assert.equal(body.success, true);
  assert.equal(body.message, "正在重新连接直播间 77");
  await world.upstream.tried("77", tried + 1);
  await expectFailed(world, "77", 7);
  world.upstream.behave();
  await world.app.api("POST /api/live/77/retry");
  await world.connected("77");
  // A link that is live is left alone.
  const { body: left } = await world.app.api("POST /api/live/77/retry");
  assert.deepEqual(left, {
    success: true,
    state: "live",
    message: "直播间 77 已在监听中",
  });
  await world.pass(5 * MINUTE_MS);
  assert.equal(world.upstream.triedCount("77"), tried + 2);
  const unknown = await world.app.api("POST /api/live/nobody/retry");
  assert.deepEqual([unknown.status, unknown.body.code], [
    404,
    "live_not_found",
  ]);
});

Deno.test("A silent link is connected anew when an operator asks for it", async () => {
  await using world = await newLiveWorld();
  const first = await world.start("77");
  await world.pass(MINUTE_MS);
  assert.equal((await world.ask("77")).state, "silent");
  await world.app.api("POST /api/live/77/retry");
  const second = await world.connected("77");
  await first.over();
  assert(second.isOpen);
  assert.equal(world.upstream.openCount("77"), 1);
});
