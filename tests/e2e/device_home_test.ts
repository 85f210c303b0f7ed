import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import {
  DeviceClient,
  deviceUrl,
  expectQuiet,
  sensor,
} from "../support/device_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp } from "../support/test_app.ts";

/** Nothing reaches the database unless it is asked for. */
const NO_FLUSH = { WS_BATCH_SIZE: "10000", WS_FLUSH_INTERVAL: "3600" };

/** Enters without naming a room, and tells how that went. */
async function returnOf(
  server: string,
  deviceId: string,
): Promise<[roomId: string, status: string]> {
  await using client = await DeviceClient.enter(server, sensor(deviceId));
  return [client.roomId, client.status];
}

/** The devices that a database file knows. */
function storedDevices(file: string): string[] {
  using database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT device_id FROM devices").all();
  return rows.map((row) => String(row["device_id"]));
}

Deno.test("Devices go home after a restart, each to where it was last", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let firstId: string;
  let secondId: string;
  {
    await using app = await newTestApp(settings);
    await using one = await DeviceClient.enter(app.url, sensor("1"));
    await using two = await DeviceClient.enter(app.url, sensor("2"));
    [firstId, secondId] = [one.roomId, two.roomId];
    await using _three = await DeviceClient.enter(
      app.url,
      sensor("3", firstId),
    );
    const moved = await DeviceClient.enter(app.url, sensor("4", firstId));
    await moved.close();
    // The clock stands: of two stays of one instant the later one counts.
    await using _moved = await DeviceClient.enter(
      app.url,
      sensor("4", secondId),
    );
  }
  await using app = await newTestApp(settings);
  const wanted = [firstId, secondId, firstId, secondId];
  for (const [index, roomId] of wanted.entries()) {
    const came = await returnOf(app.url, `${index + 1}`);
    assert.deepEqual(came, [roomId, "reconnected"], `device ${index + 1}`);
  }
  const [roomId, status] = await returnOf(app.url, "5");
  assert.equal(status, "created_new");
  assert(!wanted.includes(roomId));
});

Deno.test("Devices go home after kill -9, although only the journal knows where that is", async () => {
  using folder = new TempFolder();
  const options = { cwd: folder.path, env: NO_FLUSH };
  let firstId: string;
  let secondId: string;
  {
    await using server = await ServerProcess.start(options);
    const one = await DeviceClient.enter(server.url, sensor("1"));
    const two = await DeviceClient.enter(server.url, sensor("2", one.roomId));
    const three = await DeviceClient.enter(server.url, sensor("3"));
    [firstId, secondId] = [one.roomId, three.roomId];
    await server.killHard();
    for (const client of [one, two, three]) await client.closed();
  }
  assert.deepEqual(storedDevices(folder.file("parlor.db")), []);
  {
    await using server = await ServerProcess.start(options);
    assert.deepEqual(await returnOf(server.url, "1"), [firstId, "reconnected"]);
    assert.deepEqual(await returnOf(server.url, "2"), [firstId, "reconnected"]);
    assert.deepEqual(await returnOf(server.url, "3"), [
      secondId,
      "reconnected",
    ]);
    await server.killHard();
  }
  // The room that each names is there, too.
  await using server = await ServerProcess.start(options);
  await using one = await DeviceClient.enter(
    server.url,
    sensor("new", firstId),
  );
  assert.equal(one.status, "joined_existing");
  await server.stop();
});

Deno.test("300 devices of 60 rooms that come back at once after kill -9 are all home", async () => {
  using folder = new TempFolder();
  const options = { cwd: folder.path };
  const homes = new Map<string, string>();
  {
    await using server = await ServerProcess.start(options);
    const { url } = server;
    const hosts = await Promise.all(
      Array.from(
        { length: 60 },
        (_, index) => DeviceClient.enter(url, sensor(`r${index}-d0`)),
      ),
    );
    const guests = await Promise.all(
      hosts.flatMap(({ roomId }, room) =>
        [1, 2, 3, 4].map((guest) =>
          DeviceClient.enter(url, sensor(`r${room}-d${guest}`, roomId))
        )
      ),
    );
    for (const [room, { roomId }] of hosts.entries()) {
      for (let device = 0; device < 5; device++) {
        homes.set(`r${room}-d${device}`, roomId);
      }
    }
    await server.killHard();
    for (const client of [...hosts, ...guests]) await client.closed();
  }
  await using server = await ServerProcess.start(options);
  const came = await Promise.all(
    Array.from(homes, async ([deviceId, homeId]) => ({
      homeId,
      client: await DeviceClient.enter(server.url, sensor(deviceId)),
    })),
  );
  for (const { client, homeId } of came) {
    assert.deepEqual([client.roomId, client.status], [homeId, "reconnected"]);
  }
  await Promise.all(came.map(({ client }) => client.close()));
  await server.stop();
});

Deno.test("A device that is banned hears why, and may go home once the ban is lifted", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  const bans = `/management/rooms/${host.roomId}/bans`;
  await using guest = await DeviceClient.enter(
    app.url,
    sensor("guest", host.roomId),
  );
  await app.api(`POST ${bans}`, { body: { "user_id": "guest" } });
  await guest.expectError("user_banned");
  await guest.expectClosed(4503);
  for (const identity of [sensor("guest"), sensor("guest", host.roomId)]) {
    await using again = await DeviceClient.open(deviceUrl(app.url));
    again.identify(identity);
    assert.deepEqual(await again.expectFrame("error"), {
      type: "error",
      message: "You are banned from this room",
      code: "user_banned",
    });
    await again.expectClosed(4503);
  }
  await expectQuiet(host);
  await app.api(`DELETE ${bans}/guest`);
  assert.deepEqual(await returnOf(app.url, "guest"), [
    host.roomId,
    "reconnected",
  ]);
});

Deno.test("A device whose id has 255 characters can be banned and muted like any other", async () => {
  await using app = await newTestApp();
  const deviceId = "é".repeat(255);
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  await using guest = await DeviceClient.enter(
    app.url,
    sensor(deviceId, host.roomId),
  );
  const room = `/management/rooms/${host.roomId}`;
  const body = { "user_id": deviceId };
  const muted = await app.api(`POST ${room}/mutes`, { body });
  assert.equal(muted.status, 200, JSON.stringify(muted.body));
  guest.sendText("{}");
  await guest.expectError("user_muted");
  const path = `${room}/mutes/${encodeURIComponent(deviceId)}`;
  assert.equal((await app.api(`DELETE ${path}`)).status, 200);
  guest.sendText("{}");
  await host.expectText("{}");
  const banned = await app.api(`POST ${room}/bans`, { body });
  assert.equal(banned.status, 200, JSON.stringify(banned.body));
  await guest.expectClosed(4503);
});

Deno.test("The operator ends every connection of a device, which may come back", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  const { roomId } = host;
  const guests = [
    await DeviceClient.enter(app.url, sensor("guest", roomId)),
    await DeviceClient.enter(app.url, sensor("guest")),
  ];
  const answer = await app.api("POST /management/devices/guest/disconnect");
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, { "device_id": "guest", disconnected: 2 });
  for (const guest of guests) {
    assert.deepEqual(await guest.expectFrame("error"), {
      type: "error",
      message: "The operator ended this connection",
      code: "disconnected",
    });
    await guest.expectClosed(4002);
  }
  await app.idle();
  assert.equal((await host.query()).total_clients, 1);
  assert.deepEqual(await returnOf(app.url, "guest"), [roomId, "reconnected"]);
  await expectQuiet(host);
});
