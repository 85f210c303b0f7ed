import assert from "node:assert/strict";
import { chat, newLiveWorld } from "../support/live_world.ts";
import { eventually } from "../support/within.ts";

Deno.test("The state of all links has what the reference says, and more", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  const startedAt = world.app.clock.now();
  await world.pass(2000);
  connection.send(chat("hi"));
  connection.send({
    type: "stats",
    id: "s",
    "current_viewers": 412,
    "total_viewers": "43.6万",
  });
  await viewer.expectMessage("stats");
  await eventually(async () => {
    return (await world.ask("77")).stats.messages === 2;
  }, { what: "two messages to be counted" });
  const { status, body } = await world.app.api("GET /api/live/status", {
    headers: {},
  });
  assert.equal(status, 200);
  const { "77": link, ...others } = body.connections;
  assert.deepEqual(others, {});
  assert.deepEqual(body, {
    success: true,
    "active_rooms": ["77"],
    count: 1,
    connections: { "77": link },
  });
  const { messages_per_minute: perMinute, quality, ...rest } = link;
  assert.deepEqual(rest, {
    "live_id": "77",
    source: "demo",
    state: "live",
    active: true,
    wanted: true,
    "reconnect_count": 0,
    "last_message_time": (startedAt + 2000) / 1000,
    "retry_at": null,
    fault: null,
    "fault_code": null,
    warning: null,
    watchers: 1,
    stats: {
      messages: 2,
      chats: 1,
      gifts: 0,
      likes: 0,
      members: 0,
      follows: 0,
      "current_viewers": 412,
      "total_viewers": "43.6万",
      "total_viewers_count": 436_000,
    },
    "added_at": startedAt,
  });
  assert.deepEqual(perMinute, [...Array(59).fill(0), 2]);
  assert.equal(quality, 100);
  const detail = await world.ask("77");
  assert.deepEqual(Object.keys(detail.quality.parts), [
    "live_share",
    "reconnects_per_hour",
    "longest_silence_ms",
    "lag_ms",
  ]);
  assert.equal(detail.exists, true);
  assert.deepEqual([detail.epoch, detail.last_seq], [
    viewer.snapshot.epoch,
    2,
  ]);
});

Deno.test("A live room that nobody started is unknown to all routes", async () => {
  await using world = await newLiveWorld();
  for (const path of ["/api/live/77", "/api/live/77/messages"]) {
    const { status, body } = await world.app.api(`GET ${path}`);
    assert.deepEqual([status, body], [404, {
      success: false,
      exists: false,
      message: "No such live room here",
      code: "live_not_found",
    }]);
  }
  for (const path of ["/api/live/start", "/api/live/stop"]) {
    const options = await fetch(world.app.url + path, { method: "OPTIONS" });
    assert.equal(options.status, 204);
    await options.body?.cancel();
  }
});

Deno.test("Any live id that may be is a field of its own in the list of all", async () => {
  await using world = await newLiveWorld();
  for (const liveId of ["__proto__", "constructor", "-"]) {
    await world.start(liveId);
  }
  const { body } = await world.app.api("GET /api/live/status");
  assert.deepEqual(body.active_rooms, ["__proto__", "constructor", "-"]);
  assert.deepEqual(Object.keys(body.connections), body.active_rooms);
  assert.equal((await world.ask("__proto__")).state, "live");
});
