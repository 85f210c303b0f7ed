import assert from "node:assert/strict";
import { LIVE_ID, LiveWorld } from "./live_world.ts";

Deno.test("LiveEndpoint refuses before the upgrade, in JSON, and counts it", async () => {
  using live = new LiveWorld();
  const response = await live.ask({ liveId: "none" });
  assert.equal(response.status, 404);
  assert.deepEqual(await response.json(), {
    error: "No such live room here",
    code: "live_not_found",
  });
  const query = { since: "x", epoch: "e" };
  assert.equal((await live.ask({ query })).status, 400);
  assert.equal(live.edge.links.length, 0);
  const { body } = await live.edge.world.metrics.text();
  assert.match(body, /parlor_refusals_total\{code="live_not_found"\} 1/);
});

Deno.test("LiveEndpoint finds no room whose link nobody knows", async () => {
  using live = new LiveWorld();
  live.view = undefined;
  const response = await live.ask();
  assert.equal((await response.json()).code, "live_not_found");
});

Deno.test("LiveEndpoint keeps to the server's bounds", async () => {
  using live = new LiveWorld();
  for (let count = 0; count < 10; count++) live.edge.connections.reserve("x");
  const response = await live.ask();
  assert.equal((await response.json()).code, "too_many_connections");
});

Deno.test("LiveEndpoint speaks one dialect to all who watch a room", async () => {
  using live = new LiveWorld();
  await live.watch();
  const link = await live.watch();
  const [first, second] = live.edge.connections.sessions();
  assert.equal(first?.dialect, second?.dialect);
  const [snapshot] = link.heard();
  assert.equal(snapshot?.["live_id"], LIVE_ID);
});

Deno.test("LiveEndpoint batches by the query and by the subprotocol", async () => {
  using live = new LiveWorld();
  const header = { "sec-websocket-protocol": "parlor.v1.batch" };
  const cases = [
    [{}, false],
    [{ query: { batch: "false" } }, false],
    [{ query: { batch: "true" } }, true],
    [{ headers: header }, true],
  ] as const;
  for (const [knock, wanted] of cases) {
    assert.equal((await live.upgrade(knock)).isBatched, wanted);
  }
});

Deno.test("LiveEndpoint is nobody's presence, and beats every 30 s", async () => {
  using live = new LiveWorld();
  const link = await live.watch();
  link.words();
  await live.edge.world.clock.advance(60_000);
  assert.deepEqual(link.words(), ["heartbeat", "heartbeat"]);
  link.say({ type: "heartbeat_ack" });
  assert.deepEqual(link.words(), ["heartbeat_ack"]);
  assert.deepEqual(live.edge.presence.take(), []);
  link.drop();
  await live.settle();
  assert.equal(live.edge.world.clock.armed, 0);
});

Deno.test("LiveEndpoint ends a user's session with their token", async () => {
  using live = new LiveWorld();
  const { token } = await live.edge.minter.mint({
    userId: "ann",
    expiresInSecs: 60,
  });
  const link = await live.watch({ query: { token } });
  await live.edge.world.clock.advance(60_000);
  assert.deepEqual(link.closes, ["4401 token_expired"]);
  await live.settle();
  assert.equal(live.edge.world.actor.state.presence.sessionCount, 0);
});
