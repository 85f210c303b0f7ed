// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { LIVE_MAX } from "../../src/http/device_routes.ts";
import { StoreError } from "../../src/store/store.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newStoredDevice } from "../support/fake_devices.ts";
import {
  assertBadRequest,
  assertJson,
  newTestHttp,
  notFoundBody,
} from "../support/test_http.ts";

const DEVICES = "/management/devices";
const NO_DEVICE = { error: "No such device", code: "device_not_found" };

/** A database of as many devices, `d001` and so on. */
function newCrowd(count: number) {
  const world = newTestHttp();
  world.store.knownDevices = Array.from(
    { length: count },
    (_, index) => newStoredDevice(`d${String(index + 1).padStart(4, "0")}`),
  );
  async function list(query = "") {
    const response = await world.ask(`${DEVICES}${query}`);
    assert.equal(response.status, 200);
    const { devices, next } = await response.json();
    const ids = devices.map((one: { device_id: string }) => one.device_id);
    return { ids, next };
  }
  return { ...world, list };
}

Deno.test("GET devices lists them with what is pending and how many are here", async () => {
  const { ask, devices, recorder, store } = newTestHttp();
  store.knownDevices = [
    newStoredDevice("pump-2", { lastIdentity: "泵" }),
    newStoredDevice("pump-1"),
  ];
  devices.connect("pump-1");
  devices.connect("pump-1");
  const row = {
    identity: "sensor",
    room_id: "ROOM0001",
    first_connected_at: START_AT,
    last_connected_at: START_AT + 1000,
  };
  await assertJson(await ask(DEVICES), 200, {
    devices: [
      { device_id: "pump-1", ...row, connections: 2 },
      { device_id: "pump-2", ...row, identity: "泵", connections: 0 },
    ],
    next: null,
  });
  assert.deepEqual(recorder.flushes, ["all"]);
});

Deno.test("GET devices goes on where a page ended", async () => {
  const { list } = newCrowd(5);
  assert.deepEqual(await list("?limit=2"), {
    ids: ["d0001", "d0002"],
    next: "d0002",
  });
  assert.deepEqual(await list("?limit=2&after=d0002"), {
    ids: ["d0003", "d0004"],
    next: "d0004",
  });
  assert.deepEqual(await list("?limit=2&after=d0004"), {
    ids: ["d0005"],
    next: null,
  });
  assert.deepEqual(await list("?limit=5"), {
    ids: ["d0001", "d0002", "d0003", "d0004", "d0005"],
    next: null,
  });
  assert.deepEqual(await list("?after=d0005"), { ids: [], next: null });
});

Deno.test("GET devices has pages of 100, or of 1 to 1000", async () => {
  const { ask, list } = newCrowd(1001);
  assert.equal((await list()).ids.length, 100);
  assert.equal((await list("?limit=1")).ids.length, 1);
  assert.equal((await list("?limit=1000")).ids.length, 1000);
  for (const limit of ["0", "1001", "x", ""]) {
    const response = await ask(`${DEVICES}?limit=${limit}`);
    await assertBadRequest(response, /limit/);
  }
});

Deno.test("GET devices lists those whose last room one is", async () => {
  const { list, store } = newCrowd(2);
  store.knownDevices.push(newStoredDevice("other", { lastRoomId: "ROOM0002" }));
  assert.deepEqual(await list("?room_id=ROOM0002"), {
    ids: ["other"],
    next: null,
  });
  assert.deepEqual(await list("?room_id=NONE"), { ids: [], next: null });
});

Deno.test("GET devices refuses what no device or room is called", async () => {
  const { ask } = newTestHttp();
  const wrong: [query: string, field: string][] = [
    [`after=${"d".repeat(256)}`, "after"],
    ["after=", "after"],
    ["after=%00", "after"],
    [`room_id=${"r".repeat(129)}`, "room_id"],
    ["room_id=", "room_id"],
  ];
  for (const [query, field] of wrong) {
    await assertBadRequest(await ask(`${DEVICES}?${query}`), new RegExp(field));
  }
});

Deno.test("GET device shows who it is, is connected as, and was", async () => {
  const { ask, devices, recorder, store } = newTestHttp();
  store.knownDevices = [newStoredDevice("pump-1")];
  devices.connect("pump-1", { sessionId: "s2", connectedAt: START_AT + 1000 });
  const stay = { roomId: "ROOM0001", identity: "sensor", ip: "192.0.2.1" };
  store.stays = [{
    deviceId: "pump-1",
    sessionId: "s1",
    ...stay,
    connectedAt: START_AT,
    disconnectedAt: START_AT + 500,
    closeCode: 1006,
  }, {
    deviceId: "pump-1",
    sessionId: "s2",
    ...stay,
    connectedAt: START_AT + 1000,
    disconnectedAt: null,
    closeCode: null,
  }];
  const where = { room_id: "ROOM0001", identity: "sensor" };
  await assertJson(await ask(`${DEVICES}/pump-1`), 200, {
    device_id: "pump-1",
    identity: "sensor",
    room_id: "ROOM0001",
    first_connected_at: START_AT,
    last_connected_at: START_AT + 1000,
    connections: 1,
    live: [{
      session_id: "s2",
      ...where,
      ip: "192.0.2.1",
      connected_at: START_AT + 1000,
    }],
    history: [{
      session_id: "s2",
      ...where,
      client_ip: "192.0.2.1",
      connected_at: START_AT + 1000,
      disconnected_at: null,
      close_code: null,
    }, {
      session_id: "s1",
      ...where,
      client_ip: "192.0.2.1",
      connected_at: START_AT,
      disconnected_at: START_AT + 500,
      close_code: 1006,
    }],
  });
  assert.deepEqual(recorder.flushes, ["all"]);
});

Deno.test("GET device tells of 50 stays, or of 1 to 200", async () => {
  const { ask, store } = newTestHttp();
  store.knownDevices = [newStoredDevice("pump-1")];
  store.stays = Array.from({ length: 201 }, (_, index) => ({
    deviceId: "pump-1",
    sessionId: `s${index}`,
    roomId: "ROOM0001",
    identity: "sensor",
    ip: "192.0.2.1",
    connectedAt: START_AT + index,
    disconnectedAt: null,
    closeCode: null,
  }));
  const counts: [query: string, count: number][] = [
    ["", 50],
    ["?limit=1", 1],
    ["?limit=200", 200],
  ];
  for (const [query, count] of counts) {
    const { history } = await (await ask(`${DEVICES}/pump-1${query}`)).json();
    assert.equal(history.length, count);
    assert.equal(history[0].session_id, "s200");
  }
  for (const limit of ["0", "201"]) {
    const response = await ask(`${DEVICES}/pump-1?limit=${limit}`);
    await assertBadRequest(response, /limit/);
  }
});

Deno.test("GET device names so many open connections, the newest, and counts all", async () => {
  const { ask, devices, store } = newTestHttp();
  store.knownDevices = [newStoredDevice("pump-1")];
  for (let index = 0; index <= LIVE_MAX; index++) devices.connect("pump-1");
  const body = await (await ask(`${DEVICES}/pump-1`)).json();
  assert.equal(body.connections, LIVE_MAX + 1);
  assert.equal(body.live.length, LIVE_MAX);
  assert.equal(body.live.at(-1).session_id, `pump-1-${LIVE_MAX + 1}`);
});

Deno.test("GET device shows one that is in no room that is kept", async () => {
  const { ask, devices } = newTestHttp();
  const at = { roomId: "ADRIFT01", identity: "pump" };
  devices.connect("pump-1", at);
  devices.connect("pump-1", { ...at, identity: "valve" });
  const body = await (await ask(`${DEVICES}/pump-1`)).json();
  assert.deepEqual(
    [body.room_id, body.identity, body.connections, body.history],
    ["ADRIFT01", "valve", 2, []],
  );
  assert.deepEqual(
    [body.first_connected_at, body.last_connected_at],
    [START_AT, START_AT + 1],
  );
});

Deno.test("GET device knows no other", async () => {
  const { ask } = newTestHttp();
  await assertJson(await ask(`${DEVICES}/none`), 404, NO_DEVICE);
});

Deno.test("GET device finds any id that a device may have", async () => {
  const { ask, store } = newTestHttp();
  const ids = [
    "传感器/1",
    "100%",
    "%41",
    "a b+c?d#e&f",
    "…",
    "泵".repeat(255),
    "😀".repeat(255),
    "disconnect",
  ];
  store.knownDevices = ids.map((id) => newStoredDevice(id));
  for (const id of ids) {
    const response = await ask(`${DEVICES}/${encodeURIComponent(id)}`);
    assert.equal(response.status, 200, id);
    assert.equal((await response.json()).device_id, id);
  }
  const long = await ask(`${DEVICES}/${"d".repeat(256)}`);
  await assertBadRequest(long, /device_id/);
});

Deno.test("POST disconnect puts a device out, however many connections it has", async () => {
  const { ask, devices, recorder } = newTestHttp();
  devices.connect("a/b");
  devices.connect("a/b");
  // Nothing of it needs the database.
  recorder.failure = new StoreError("full", "no space");
  const path = `${DEVICES}/a%2Fb/disconnect`;
  await assertJson(await ask(path, { method: "POST" }), 200, {
    device_id: "a/b",
    disconnected: 2,
  });
  assert.deepEqual(devices.of("a/b"), []);
});

Deno.test("POST disconnect answers 0 for a device that is away, 404 for none", async () => {
  const { ask, store } = newTestHttp();
  store.knownDevices = [newStoredDevice("pump-1")];
  const path = `${DEVICES}/pump-1/disconnect`;
  await assertJson(await ask(path, { method: "POST" }), 200, {
    device_id: "pump-1",
    disconnected: 0,
  });
  const none = await ask(`${DEVICES}/none/disconnect`, { method: "POST" });
  await assertJson(none, 404, NO_DEVICE);
});

Deno.test("GET devices says when the database cannot answer", async () => {
  const { ask, devices, store } = newTestHttp();
  store.failure = new StoreError("io", "/a/path");
  devices.connect("pump-1");
  for (const path of [DEVICES, `${DEVICES}/pump-1`]) {
    const response = await ask(path);
    assert.equal(response.status, 503);
    assert.equal((await response.json()).code, "storage_unavailable");
  }
});

Deno.test("GET devices of a room names who is in it", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("ROOM0001", {
    kind: "device",
    currentUsers: 2,
    sessions: 3,
  });
  const plain = { isAdmin: false, isMuted: false };
  function session(id: string) {
    return { id, ip: "192.0.2.1", joinedAt: START_AT };
  }
  function connection(session_id: string) {
    return { session_id, ip: "192.0.2.1", connected_at: START_AT };
  }
  room.people = [
    {
      userId: "pump-1",
      nickname: "泵",
      ...plain,
      sessions: [session("s1"), session("s2")],
    },
    { userId: "d2", nickname: "phone", ...plain, sessions: [session("s3")] },
  ];
  const first = {
    device_id: "pump-1",
    identity: "泵",
    connections: [connection("s1"), connection("s2")],
  };
  const second = {
    device_id: "d2",
    identity: "phone",
    connections: [connection("s3")],
  };
  const path = "/management/rooms/ROOM0001/devices";
  const counts = { room_id: "ROOM0001", total_clients: 3, total: 2 };
  await assertJson(await ask(path), 200, {
    ...counts,
    devices: [first, second],
  });
  await assertJson(await ask(`${path}?limit=1`), 200, {
    ...counts,
    devices: [first],
  });
  for (const limit of ["0", "1001"]) {
    await assertBadRequest(await ask(`${path}?limit=${limit}`), /limit/);
  }
});

Deno.test("GET devices of a room knows live device rooms alone", async () => {
  const { ask, rooms } = newTestHttp();
  rooms.open("chat", { kind: "chat" });
  rooms.open("managed");
  for (const roomId of ["chat", "managed", "none"]) {
    const response = await ask(`/management/rooms/${roomId}/devices`);
    await assertJson(response, 404, notFoundBody(roomId));
  }
});
