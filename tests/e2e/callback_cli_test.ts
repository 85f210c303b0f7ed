// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  CallbackReceiver,
  type Delivery,
} from "../support/callback_receiver.ts";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { START_AT } from "../support/fake_clock.ts";
import { runProgram, ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi, createRoom, TEST_KEY } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";
import { joinRoom } from "../support/ws_client.ts";

/** Runs words against a server, and answers what they printed. */
async function cli(
  world: CallbackWorld,
  ...words: string[]
): Promise<{ code: number; out: string; err: string }> {
  const env = { PARLOR_URL: world.app.url, ADMIN_API_KEY: TEST_KEY };
  return await new FakeCli({ env }).run(...words);
}

/** The same, as JSON; fails unless all went well. */
async function cliJson(world: CallbackWorld, ...words: string[]) {
  const { code, out, err } = await cli(world, ...words, "--json");
  assert.deepEqual([code, err], [0, ""]);
  return JSON.parse(out);
}

Deno.test("The command line shows what failed, and sends it again", async () => {
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    settings: { CALLBACK_LONG_RETRY: "false", CALLBACK_MAX_RETRIES: "0" },
  });
  const { app, receiver } = world;
  receiver.failWith({ kind: "status", status: 500 });
  const rooms = [
    await app.createRoom(),
    await app.createRoom(),
    await app.createRoom(),
  ];
  await world.quiet();
  const status = await cliJson(world, "callbacks", "status");
  assert.deepEqual(status, await world.api("GET /management/callbacks"));
  assert.equal(status.endpoints[0].dead, 3);
  const { dead } = await cliJson(world, "callbacks", "dead");
  const ids = rooms.map((room_id) => `created_${room_id}`);
  assert.deepEqual(dead.map(({ id }: { id: string }) => id), ids);
  const page = await cli(world, "callbacks", "dead", "--limit", "1");
  assert.match(page.out, new RegExp(`room-events.*${ids[0]}.*HTTP 500`));
  assert.match(page.err, /There is more: --after 1/);
  receiver.recover();
  const [one, two] = ids;
  assert(one !== undefined && two !== undefined);
  const byId = await cli(world, "callbacks", "replay", "--id", one);
  assert.deepEqual(byId, { code: 0, out: "Replayed 1 events\n", err: "" });
  await world.quiet();
  const room = rooms[1] ?? "";
  await cliJson(world, "callbacks", "replay", "--room", room);
  await world.quiet();
  const from = `${START_AT / 1000}`;
  await cliJson(world, "callbacks", "replay", "--from", from);
  await world.quiet();
  assert.deepEqual(receiver.effects.map(({ id }) => id), ids);
});

Deno.test("The command line holds an endpoint back and lets it go on", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app, receiver } = world;
  const paused = await cli(world, "callbacks", "pause", "room-events");
  const out = "Paused room-events: 0 events wait\n";
  assert.deepEqual(paused, { code: 0, out, err: "" });
  const first = await app.createRoom();
  await world.quiet();
  assert.equal(receiver.deliveries.length, 0);
  const status = await cli(world, "callbacks", "status");
  assert.match(status.out, /room-events +paused +closed +1 /);
  assert.match(status.err, /callbacks resume room-events/);
  const resumed = await cliJson(world, "callbacks", "resume", "room-events");
  assert.equal(resumed.state, "active");
  await receiver.expectEvent("RoomCreated", first);
  receiver.failWith({ kind: "status", status: 410 }, { times: 1 });
  const second = await app.createRoom();
  await world.quiet();
  const refused = await cli(world, "callbacks", "resume", "room-events");
  assert.equal(refused.code, 1);
  assert.match(refused.err, /410/);
  await cliJson(world, "callbacks", "enable", "room-events");
  await receiver.expectEvent("RoomCreated", second);
});

Deno.test("The command line sends a sample, and has everything told now", async () => {
  await using world = await CallbackWorld.start();
  const { app, receiver } = world;
  const url = receiver.url("/api/chat-history");
  const tried = await cli(world, "callbacks", "test", url);
  assert.deepEqual([tried.code, tried.err], [0, ""]);
  assert.match(tried.out, /status +200/);
  assert.match(tried.out, /Test received/);
  await receiver.down();
  const failed = await cli(world, "callbacks", "test", url);
  assert.equal(failed.code, 1);
  assert.match(failed.err, /did not arrive: Connection refused/);
  receiver.up();
  const room_id = await app.createRoom();
  const ann = await app.joinRoom(room_id, "ann");
  ann.sendChat("hello", "m-1");
  await ann.expectAck("m-1");
  const told = await cli(world, "sync", "now");
  assert.deepEqual([told.code, told.err], [0, ""]);
  await receiver.expectEvent("ChatHistoryBatch", room_id);
  await receiver.expectEvent("PeriodicSync", room_id);
});

/** An address of this machine at which nothing listens. */
function freeAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${listener.addr.port}`;
}

/** Waits until a server has written that all it sent has arrived. */
async function allWritten(server: string): Promise<void> {
  await eventually(async () => {
    const { body } = await askApi(server, "GET /management/callbacks");
    return body.endpoints.every(({ backlog }: { backlog: number }) =>
      backlog === 0
    );
  }, { what: "the end of all deliveries" });
}

/** The types of what came for a room's events, in order. */
function typesOf(deliveries: readonly Delivery[]): string[] {
  return deliveries
    .filter(({ path }) => path === "/api/room-events")
    .map(({ type }) => type);
}

Deno.test("The command line works on the file of a server that is down, and the next start sends what it queued", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  await using receiver = CallbackReceiver.start();
  const env = {
    DATABASE_URL: "sqlite:parlor.db",
    BIND_ADDRESS: freeAddress(),
    ...receiver.settings(),
  };
  let room_id: string;
  {
    await using server = await ServerProcess.start({ cwd, env });
    room_id = await createRoom(server.url);
    await using ann = await joinRoom(server.url, room_id, "ann");
    ann.sendChat("hello", "m-1");
    await ann.expectAck("m-1");
    await receiver.expectEvent("UserJoined", room_id);
    await allWritten(server.url);
    await server.killHard();
  }
  const before = receiver.deliveries.length;
  const lines = [
    ["callbacks", "replay", "--room", room_id, "--delivered"],
    ["sync", "now"],
  ];
  for (const args of lines) {
    const { code, stderr } = await runProgram({ cwd, env, args });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /when the server starts/);
  }
  const args = ["callbacks", "status", "--json"];
  const { stdout } = await runProgram({ cwd, env, args });
  const { endpoints } = JSON.parse(stdout);
  const backlogs = endpoints.map((
    row: { endpoint: string; backlog: number },
  ) => [row.endpoint, row.backlog]);
  assert.deepEqual(backlogs.slice(0, 3), [
    // The creation and the joining again, and that the user has left.
    ["room-events", 3],
    ["chat-history", 1],
    ["session-history", 1],
  ]);
  // Nothing goes out by the command line's hand.
  assert.equal(receiver.deliveries.length, before);
  await using server = await ServerProcess.start({ cwd, env });
  await receiver.expectEvent("ChatHistoryBatch", room_id);
  await receiver.expectEvent("UserLeft", room_id);
  assert.deepEqual(typesOf(receiver.deliveries.slice(before)), [
    "RoomCreated",
    "UserJoined",
    "UserLeft",
  ]);
  const { status } = await askApi(server.url, "GET /health/ready");
  assert.equal(status, 200);
  await server.stop();
});
