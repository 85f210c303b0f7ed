import assert from "node:assert/strict";
import { readConfig } from "../src/config.ts";
import { openOffline } from "../src/offline.ts";
import { CallbackWorld } from "./support/callback_world.ts";
import { runProgram, ServerProcess } from "./support/server_process.ts";
import { TempFolder } from "./support/temp_folder.ts";

/** An address of this machine at which nothing listens. */
function freeAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${listener.addr.port}`;
}

Deno.test("openOffline answers the management API over a file", async () => {
  using folder = new TempFolder();
  const DATABASE_URL = `sqlite:${folder.file("parlor.db")}`;
  const config = readConfig({ DATABASE_URL });
  const spec = { "room_name": "Lounge", "admin_user_ids": [] };
  const first = await openOffline(config);
  const made = await first.request("POST", "/management/rooms", spec);
  const { room_id: roomId } = await made.json();
  await first.close();
  const second = await openOffline(config);
  const listed = await second.request("GET", "/management/rooms");
  const [room] = await listed.json();
  assert.equal(room.room_id, roomId);
  await assert.rejects(openOffline(config), /another process holds it/);
  await second.close();
});

Deno.test("The command line works on the file, and not while a server holds it", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  const env = {
    DATABASE_URL: "sqlite:parlor.db",
    BIND_ADDRESS: freeAddress(),
  };
  {
    await using server = await ServerProcess.start({ cwd });
    const refused = await runProgram({ cwd, env, args: ["rooms", "list"] });
    assert.equal(refused.code, 1);
    assert.equal(
      refused.stderr,
      "Cannot open parlor.db: a server holds it; give its address with --url\n",
    );
    await server.stop();
  }
  const create = ["rooms", "create", "Lounge", "--json"];
  const made = await runProgram({ cwd, env, args: create });
  assert.equal(made.code, 0, made.stderr);
  const { room_id: roomId } = JSON.parse(made.stdout);
  const list = await runProgram({
    cwd,
    env,
    args: ["rooms", "list", "--json"],
  });
  assert.equal(JSON.parse(list.stdout)[0].room_id, roomId);
});

Deno.test("openOffline without URLs leaves its events to the next server", async () => {
  using folder = new TempFolder();
  const databaseFile = folder.file("parlor.db");
  await using world = new CallbackWorld({
    databaseFile,
    urls: ["DATA_CALLBACK_URL", "ROOM_EVENT_CALLBACK_URL"],
  });
  await world.begin();
  await world.end();
  const config = readConfig({ DATABASE_URL: `sqlite:${databaseFile}` });
  const offline = await openOffline(config);
  const spec = { "room_name": "Lounge", "admin_user_ids": [] };
  const made = await offline.request("POST", "/management/rooms", spec);
  const { room_id: roomId } = await made.json();
  await offline.close();
  assert.deepEqual(world.typesOf(roomId), []);
  await world.begin();
  await world.receiver.expectEvent("RoomCreated", roomId);
  await world.receiver.expectEvent("RoomSync", roomId);
});
