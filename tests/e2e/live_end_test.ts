import assert from "node:assert/strict";
import { chat, gift, newLiveWorld } from "../support/live_world.ts";

const ENDED = { type: "control", id: "end", status: "ended" };

Deno.test("A room that is over stops, says so, and is not connected again", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send(chat("goodbye"));
  connection.send(ENDED);
  const { data } = await viewer.expectMessage("control");
  assert.equal(data.status, "ended");
  await viewer.expectState("ended");
  assert.deepEqual(viewer.contents, ["goodbye"]);
  await connection.over();
  const ended = await world.ask("77");
  assert.deepEqual([ended.state, ended.active, ended.wanted, ended.retry_at], [
    "ended",
    false,
    false,
    null,
  ]);
  await world.pass(1_200_000);
  assert.equal(world.upstream.triedCount("77"), 1);
  const { body } = await world.app.api("GET /api/live/status");
  assert.deepEqual(body.active_rooms, ["77"]);
  assert.equal(body.connections["77"].state, "ended");
  // It is watched still, and may be started again: the same room goes on.
  const late = await world.watch("77");
  assert.equal(late.snapshot.status.state, "ended");
  assert.equal(late.snapshot.messages.length, 2);
  const again = await world.start("77");
  again.send(chat("hello again"));
  for (const each of [viewer, late]) await each.expectChat("hello again");
  assert.equal(viewer.snapshot.room_id, (await world.ask("77")).room_id);
});

Deno.test("What came in one breath with the end is in the log", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send([
    ...Array.from({ length: 300 }, (_, index) => chat(`n${index}`)),
    gift("g1"),
    ENDED,
  ]);
  await viewer.expectState("ended");
  await viewer.expectChat("n299");
  await world.expectKept("77", 302);
  const types = (await world.log("77")).map(({ data }) => data.type);
  assert.equal(types.filter((type) => type === "chat").length, 300);
  assert.equal(types.filter((type) => type === "control").length, 1);
});

Deno.test("A room that its status says is over twice in a row has ended", async () => {
  await using world = await newLiveWorld({ hasStatus: true });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send(chat("before"));
  await viewer.expectChat("before");
  world.upstream.setStatus("77", 2);
  connection.drop();
  await world.expectState("77", "waiting");
  await world.pass(1000);
  // Once is not enough: the platform errs now and then.
  const once = await world.expectState("77", "waiting");
  assert.equal(once.reconnect_count, 1);
  await world.pass(2000);
  const ended = await world.expectState("77", "ended");
  assert.equal(ended.wanted, false);
  await viewer.expectState("ended");
  await world.pass(600_000);
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("One answer that a room is over is not believed", async () => {
  await using world = await newLiveWorld({ hasStatus: true });
  const connection = await world.start("77");
  world.upstream.setStatus("77", 2);
  connection.drop();
  await world.expectState("77", "waiting");
  await world.pass(1000);
  await world.expectState("77", "waiting");
  world.upstream.setStatus("77", 0);
  await world.pass(2000);
  await world.connected("77");
});

Deno.test("With LIVE_FOLLOW a room that is over is looked at every 60 s until it is live", async () => {
  await using world = await newLiveWorld({
    hasStatus: true,
    settings: { LIVE_FOLLOW: "true" },
  });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  world.upstream.setStatus("77", 2);
  connection.send(ENDED);
  await viewer.expectState("ended");
  const ended = await world.ask("77");
  assert.deepEqual([ended.wanted, ended.retry_at], [
    true,
    world.app.clock.now() + 60_000,
  ]);
  for (let minute = 1; minute <= 5; minute++) {
    await world.pass(60_000);
    // The answer is on its way; time has to wait for it.
    const { retry_at: retryAt } = await viewer.expectState("ended");
    assert.equal(retryAt, world.app.clock.now() + 60_000);
  }
  assert.equal(world.upstream.triedCount("77"), 1);
  world.upstream.setStatus("77", 0);
  await world.pass(59_999);
  assert.equal(world.upstream.triedCount("77"), 1);
  await world.pass(1);
  const again = await world.connected("77");
  again.send(chat("live again"));
  await viewer.expectChat("live again");
  assert.equal((await world.ask("77")).state, "live");
});

Deno.test("With LIVE_FOLLOW a room that is not live yet is accepted, and connected once it is", async () => {
  await using world = await newLiveWorld({
    hasStatus: true,
    settings: { LIVE_FOLLOW: "true" },
  });
  world.upstream.setStatus("77", 2);
  const { status, body } = await world.post("start", "77");
  assert.deepEqual([status, body.success, body.state], [200, true, "ended"]);
  const viewer = await world.watch("77");
  assert.equal(viewer.snapshot.status.state, "ended");
  world.upstream.setStatus("77", 0);
  await world.pass(60_000);
  const connection = await world.connected("77");
  connection.send(chat("good evening"));
  await viewer.expectChat("good evening");
});

Deno.test("An ended room is tried at once when an operator asks for it", async () => {
  await using world = await newLiveWorld({ hasStatus: true });
  const connection = await world.start("77");
  connection.send(ENDED);
  await world.expectState("77", "ended");
  world.upstream.setStatus("77", 2);
  const { body } = await world.app.api("POST /api/live/77/retry");
  assert.equal(body.success, true);
  await world.expectState("77", "ended");
  world.upstream.setStatus("77", 0);
  await world.app.api("POST /api/live/77/retry");
  await world.connected("77");
  assert.equal((await world.ask("77")).wanted, true);
});
