import assert from "node:assert/strict";
import {
  DeviceClient,
  expectQuiet,
  type Json,
  sensor,
} from "../support/device_client.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const UUID = /^[0-9a-f-]{36}$/;
const LOCAL = "127.0.0.1";

/** What the API answers; fails unless it is a success. */
async function ask(app: TestApp, line: string): Promise<Json> {
  const { status, body } = await app.api(line);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Fields without a session's id, which is random. */
function withoutId(row: Json): Json {
  const { session_id: id, ...rest } = row;
  assert.match(id, UUID);
  return rest;
}

Deno.test("GET devices lists each device with its last room and how many connections it has", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("pump-1"));
  const { roomId } = one;
  await app.clock.advance(1000);
  await using _again = await DeviceClient.enter(app.url, {
    "device_id": "pump-1",
    identity: "desktop",
  });
  const gone = await DeviceClient.enter(app.url, sensor("pump-2"));
  await gone.close();
  await app.expectConnections(2);
  const rows = [
    {
      "device_id": "pump-1",
      identity: "desktop",
      "room_id": roomId,
      "first_connected_at": START_AT,
      "last_connected_at": START_AT + 1000,
      connections: 2,
    },
    {
      "device_id": "pump-2",
      identity: "sensor",
      "room_id": gone.roomId,
      "first_connected_at": START_AT + 1000,
      "last_connected_at": START_AT + 1000,
      connections: 0,
    },
  ];
  const devices = "GET /management/devices";
  assert.deepEqual(await ask(app, devices), { devices: rows, next: null });
  assert.deepEqual(await ask(app, `${devices}?limit=1`), {
    devices: [rows[0]],
    next: "pump-1",
  });
  assert.deepEqual(await ask(app, `${devices}?limit=1&after=pump-1`), {
    devices: [rows[1]],
    next: null,
  });
  assert.deepEqual(await ask(app, `${devices}?room_id=${roomId}`), {
    devices: [rows[0]],
    next: null,
  });
});

Deno.test("GET devices/{id} tells where a device is and was, newest first", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  const deviceId = "Küche / 1";
  const first = await DeviceClient.enter(app.url, sensor(deviceId));
  await app.clock.advance(1000);
  await first.close();
  await app.expectConnections(1);
  await app.clock.advance(1000);
  await using second = await DeviceClient.enter(
    app.url,
    sensor(deviceId, host.roomId),
  );
  const path = `/management/devices/${encodeURIComponent(deviceId)}`;
  const { live, history, ...device } = await ask(app, `GET ${path}`);
  assert.deepEqual(device, {
    "device_id": deviceId,
    identity: "sensor",
    "room_id": host.roomId,
    "first_connected_at": START_AT,
    "last_connected_at": START_AT + 2000,
    connections: 1,
  });
  assert.deepEqual(live.map(withoutId), [
    {
      "room_id": second.roomId,
      identity: "sensor",
      ip: LOCAL,
      "connected_at": START_AT + 2000,
    },
  ]);
  const stay = { identity: "sensor", "client_ip": LOCAL };
  assert.deepEqual(history.map(withoutId), [
    {
      ...stay,
      "room_id": host.roomId,
      "connected_at": START_AT + 2000,
      "disconnected_at": null,
      "close_code": null,
    },
    {
      ...stay,
      "room_id": first.roomId,
      "connected_at": START_AT,
      "disconnected_at": START_AT + 1000,
      "close_code": 1000,
    },
  ]);
  assert.equal(history[0].session_id, live[0].session_id);
  const short = await ask(app, `GET ${path}?limit=1`);
  assert.equal(short.history.length, 1);
});

Deno.test("GET rooms/{id}/devices tells who is in a device room now, and of no other room", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  const { roomId } = one;
  await using _two = await DeviceClient.enter(app.url, sensor("2", roomId));
  await using _again = await DeviceClient.enter(app.url, sensor("2"));
  const path = `/management/rooms/${roomId}/devices`;
  const { devices, ...counts } = await ask(app, `GET ${path}`);
  assert.deepEqual(counts, {
    "room_id": roomId,
    "total_clients": 3,
    total: 2,
  });
  const connection = { ip: LOCAL, "connected_at": START_AT };
  assert.deepEqual(
    devices.map(({ connections, ...device }: Json) => ({
      ...device,
      connections: connections.map(withoutId),
    })),
    [
      { "device_id": "1", identity: "sensor", connections: [connection] },
      {
        "device_id": "2",
        identity: "sensor",
        connections: [connection, connection],
      },
    ],
  );
  assert.equal((await ask(app, `GET ${path}?limit=1`)).devices.length, 1);
  const managedId = await app.createRoom();
  for (const other of [managedId, "NOTTHERE"]) {
    const answer = await app.api(`GET /management/rooms/${other}/devices`);
    assert.equal(answer.status, 404);
    assert.equal(answer.body.code, "room_not_found");
  }
});

Deno.test("The routes of devices know no device that never came, and want the operator's key", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  const lines = [
    "GET /management/devices",
    "GET /management/devices/1",
    "POST /management/devices/1/disconnect",
    `GET /management/rooms/${one.roomId}/devices`,
  ];
  for (const line of lines) {
    const { status } = await app.api(line, { headers: {} });
    assert.equal(status, 401, line);
  }
  for (const line of lines.slice(1, 3)) {
    const { status, body } = await app.api(line.replace("/1", "/9"));
    assert.deepEqual([status, body], [
      404,
      { error: "No such device", code: "device_not_found" },
    ]);
  }
  await expectQuiet(one);
  // A device that is known and not here has no connection to end.
  await one.close();
  await app.expectConnections(0);
  assert.deepEqual(
    await ask(app, "POST /management/devices/1/disconnect"),
    { "device_id": "1", disconnected: 0 },
  );
});

Deno.test("The management API has device rooms among the others, with their messages and sessions", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  const { roomId } = one;
  one.sendText('{"n":1.0}');
  one.sendBinary(Uint8Array.of(0, 255));
  await one.query();
  const room = `/management/rooms/${roomId}`;
  const detail = await ask(app, `GET ${room}`);
  assert.equal(detail.last_seq, 2);
  assert.equal(detail.settings.name, roomId);
  const rooms = await ask(app, "GET /management/rooms");
  assert.deepEqual(rooms.map((row: Json) => row.room_id), [roomId]);
  const { entries } = await ask(app, `GET ${room}/messages`);
  assert.deepEqual(entries.map(({ seq }: Json) => seq), [1, 2]);
  assert(JSON.stringify(entries[0]).includes('{\\"n\\":1.0}'));
  assert(JSON.stringify(entries[1]).includes("AP8="));
  const { records } = await ask(app, `GET ${room}/sessions`);
  assert.equal(records.length, 1);
});
