import assert from "node:assert/strict";
import type { LiveClient } from "../support/live_client.ts";
import type { Misbehaviour } from "../support/live_misbehaviour.ts";
import { startLiveUpstream } from "../support/live_upstream.ts";
import type { UpstreamConnection } from "../support/live_upstream_connection.ts";
import { chat, type LiveWorld, newLiveWorld } from "../support/live_world.ts";

/** A link that works, beside whatever goes wrong. */
interface Healthy {
  readonly connection: UpstreamConnection;
  readonly viewer: LiveClient;
}

async function startHealthy(world: LiveWorld): Promise<Healthy> {
  const connection = await world.start("healthy");
  return { connection, viewer: await world.watch("healthy") };
}

/** Asserts that it was left alone, and works while the other does not. */
async function assertUntouched(
  world: LiveWorld,
  { connection, viewer }: Healthy,
): Promise<void> {
  const content = `still here ${viewer.contents.length}`;
  connection.send(chat(content));
  await viewer.expectChat(content);
  assert.equal(world.upstream.triedCount("healthy"), 1);
}

for (const code of [1000, 1001, 1006, 1008, 1012, 1013]) {
  Deno.test(`A link that is closed with ${code} is back after 1 s, and says with what`, async () => {
    await using world = await newLiveWorld();
    const healthy = await startHealthy(world);
    const first = await world.start("77");
    const viewer = await world.watch("77");
    first.send(chat("before"));
    await viewer.expectChat("before");
    first.close(code, "bye");
    const waiting = await world.expectState("77", "waiting");
    assert.deepEqual([waiting.fault, waiting.fault_code], ["closed", code]);
    assert.equal(waiting.retry_at, world.app.clock.now() + 1000);
    await assertUntouched(world, healthy);
    await world.pass(1000);
    const second = await world.connected("77");
    second.send(chat("after"));
    await viewer.expectChat("after");
    assert.deepEqual(viewer.contents, ["before", "after"]);
    assert.deepEqual(await world.logged("77"), ["before", "after"]);
    assert.deepEqual(viewer.states, [
      "waiting",
      "checking",
      "connecting",
      "live",
    ]);
    await assertUntouched(world, healthy);
  });
}

Deno.test("A link that drops again and again loses nothing and says nothing twice", async () => {
  await using world = await newLiveWorld();
  const healthy = await startHealthy(world);
  let connection = await world.start("77");
  const viewer = await world.watch("77");
  const said: string[] = [];
  for (let round = 0; round < 30; round++) {
    // The last ones come again, as after a reconnect.
    for (const content of said.slice(-3)) connection.send(chat(content));
    for (const part of ["a", "b"]) {
      said.push(`${round}${part}`);
      connection.send(chat(`${round}${part}`));
    }
    await viewer.expectChat(`${round}b`);
    connection.drop();
    await world.expectState("77", "waiting");
    await world.pass(1000);
    connection = await world.connected("77");
  }
  assert.deepEqual(viewer.contents, said);
  assert.deepEqual(await world.logged("77"), said);
  await assertUntouched(world, healthy);
});

Deno.test("What was sent right before a drop is in the log and with viewers", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  const said = Array.from({ length: 500 }, (_, index) => `n${index}`);
  for (const content of said) connection.send(chat(content));
  await connection.sent();
  connection.drop();
  await viewer.expectChat("n499");
  await world.expectState("77", "waiting");
  assert.deepEqual(viewer.contents, said);
  assert.deepEqual(await world.logged("77"), said);
});

const REFUSALS: readonly {
  readonly how: Misbehaviour;
  readonly fault: string;
  readonly code: number | null;
}[] = [
  {
    how: { kind: "refuse", status: 401 },
    fault: "handshake_refused",
    code: 401,
  },
  {
    how: { kind: "refuse", status: 403 },
    fault: "handshake_refused",
    code: 403,
  },
  {
    how: { kind: "refuse", status: 503 },
    fault: "handshake_refused",
    code: 503,
  },
  { how: { kind: "no_http" }, fault: "connect_failed", code: null },
];

for (const { how, fault, code } of REFUSALS) {
  const name = "status" in how ? `${how.status}` : "what is no HTTP";
  Deno.test(`A handshake that is answered with ${name} is ${fault}, and tried again by the ladder`, async () => {
    await using world = await newLiveWorld();
    const healthy = await startHealthy(world);
    world.upstream.misbehave(how, { liveId: "77", times: 2 });
    const { status, body } = await world.post("start", "77");
    assert.deepEqual([status, body.success], [200, true]);
    const refused = await world.expectState("77", "waiting");
    assert.deepEqual([refused.fault, refused.fault_code], [fault, code]);
    assert.equal(refused.retry_at, world.app.clock.now() + 1000);
    await world.pass(1000);
    await world.upstream.tried("77", 2);
    const again = await world.expectState("77", "waiting");
    assert.equal(again.retry_at, world.app.clock.now() + 2000);
    await assertUntouched(world, healthy);
    await world.pass(2000);
    const connection = await world.connected("77");
    const viewer = await world.watch("77");
    connection.send(chat("at last"));
    await viewer.expectChat("at last");
    await assertUntouched(world, healthy);
  });
}

Deno.test("A handshake that takes longer than 10 s is given up and tried again", async () => {
  await using world = await newLiveWorld();
  const healthy = await startHealthy(world);
  world.upstream.misbehave({ kind: "slow" }, { liveId: "77", times: 1 });
  await world.post("start", "77");
  await world.upstream.tried("77", 1);
  await world.pass(9999);
  assert.equal((await world.ask("77")).state, "connecting");
  await assertUntouched(world, healthy);
  await world.pass(1);
  const waiting = await world.expectState("77", "waiting");
  assert.equal(waiting.fault, "connect_timeout");
  assert.equal(waiting.retry_at, world.app.clock.now() + 1000);
  await world.pass(1000);
  const connection = await world.connected("77");
  const viewer = await world.watch("77");
  connection.send(chat("at last"));
  await viewer.expectChat("at last");
});

Deno.test("A link waits while its status is odd or unknown, and connects once that says live", async () => {
  await using world = await newLiveWorld({ hasStatus: true });
  const healthy = await startHealthy(world);
  const connection = await world.start("77");
  world.upstream.setStatus("77", 7);
  connection.drop();
  await world.expectState("77", "waiting");
  await world.pass(1000);
  const abnormal = await world.expectState("77", "waiting");
  assert.deepEqual([abnormal.fault, abnormal.fault_code], [
    "status_abnormal",
    7,
  ]);
  world.upstream.setStatus("77", { no: "state" });
  await world.pass(2000);
  const unknown = await world.expectState("77", "waiting");
  assert.deepEqual([unknown.fault, unknown.fault_code], [
    "status_unknown",
    null,
  ]);
  world.upstream.setStatus("77", 0);
  await world.pass(4000);
  await world.connected("77");
  await assertUntouched(world, healthy);
});

Deno.test("A status that is not told in 10 s fails a start, and delays no other", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const status = {
    url: `http://127.0.0.1:${silent.addr.port}/{live_id}`,
    field: "status",
    live: [0],
  };
  await using world = await newLiveWorld({ source: { status } });
  const start = world.post("start", "77");
  using _held = await silent.accept();
  const other = await world.app.api("GET /api/live/status");
  assert.deepEqual(other.body.active_rooms, []);
  await world.pass(10_000);
  const { status: code, body } = await start;
  assert.deepEqual([code, body], [500, {
    success: false,
    message: "启动失败: 无法获取直播间状态",
    code: "live_status_unknown",
  }]);
  const left = await world.app.api("GET /api/live/77");
  assert.equal(left.status, 404);
});

Deno.test("A server that is not there is tried by the ladder until it is", async () => {
  const port = freePort();
  await using world = await newLiveWorld({
    source: { url: `ws://localhost:${port}/{live_id}` },
  });
  await world.post("start", "77");
  const waiting = await world.expectState("77", "waiting");
  assert.deepEqual([waiting.fault, waiting.fault_code], [
    "connect_failed",
    null,
  ]);
  await using late = startLiveUpstream({ port });
  await world.pass(1000);
  const connection = await late.connection("77");
  await world.expectState("77", "live");
  const viewer = await world.watch("77");
  connection.send(chat("at last"));
  await viewer.expectChat("at last");
});

/** A port on which nobody listens. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
