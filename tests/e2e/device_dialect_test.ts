// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  DeviceClient,
  deviceUrl,
  expectQuiet,
  type Json,
  sensor,
} from "../support/device_client.ts";
import { newTestApp } from "../support/test_app.ts";

/** JSON that would not survive being parsed and written again. */
const ODD_TEXTS = [
  '{"temperature":21.5}',
  ' {  "a" :\t1 }\n',
  '{"a":1,"a":2}',
  '{"b":1,"a":{"z":1,"b":2}}',
  '{"ratio":1.0,"tiny":1e-7,"zero":-0}',
  '{"big":12345678901234567890,"exact":0.1000000000000000055511151231257827}',
  '{"escaped":"\\u00e9\\/\\ud83d\\ude00","plain":"é/😀"}',
  '{"lone":"\\ud800"}',
  '{"":"","__proto__":{"x":1},"type":"connection"}',
  "[]",
  '[1, [2, {"target_device_id": "nobody"}]]',
  "{}",
  "42",
  "-1.50",
  '"just words"',
  "true",
  "null",
];

/** The `room` frame as it is written. */
function roomText(roomId: string, status: string): string {
  return `{"type":"room","room_id":"${roomId}","status":"${status}",` +
    `"message":"${status}: joined room ${roomId}"}`;
}

Deno.test("A device is greeted, says who it is and is in a new room", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("s-1"));
  assert.match(one.roomId, /^[A-Z0-9]{8}$/);
  assert.deepEqual(one.room, {
    type: "room",
    room_id: one.roomId,
    status: "created_new",
    message: `created_new: joined room ${one.roomId}`,
  });
  assert.deepEqual(one.texts, [
    '{"type":"connection","message":"Connected successfully"}',
    roomText(one.roomId, "created_new"),
  ]);
});

Deno.test("A device comes into the room it names, goes home when it names none, and home is where it was last", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  let ownId: string;
  {
    await using guest = await DeviceClient.enter(app.url, sensor("guest"));
    assert.equal(guest.status, "created_new");
    assert.notEqual(guest.roomId, host.roomId);
    ownId = guest.roomId;
  }
  {
    await using guest = await DeviceClient.enter(app.url, sensor("guest"));
    assert.equal(guest.texts[1], roomText(ownId, "reconnected"));
  }
  {
    const named = sensor("guest", host.roomId);
    await using guest = await DeviceClient.enter(app.url, named);
    assert.equal(guest.texts[1], roomText(host.roomId, "joined_existing"));
  }
  await using guest = await DeviceClient.enter(app.url, sensor("guest"));
  assert.equal(guest.texts[1], roomText(host.roomId, "reconnected"));
  await using third = await DeviceClient.enter(app.url, sensor("3", ownId));
  assert.equal(third.texts[1], roomText(ownId, "joined_existing"));
});

Deno.test("A room id that Python takes for false is as good as none", async () => {
  await using app = await newTestApp();
  for (const room_id of [null, "", false, 0, [], {}]) {
    const name = `of ${JSON.stringify(room_id)}`;
    const identity = { ...sensor(name), room_id };
    await using one = await DeviceClient.enter(app.url, identity);
    assert.equal(one.status, "created_new");
  }
});

Deno.test("What one sends reaches all others of its room byte for byte, and neither itself nor another room", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  await using three = await DeviceClient.enter(
    app.url,
    sensor("3", one.roomId),
  );
  await using apart = await DeviceClient.enter(app.url, sensor("4"));
  for (const text of ODD_TEXTS) one.sendText(text);
  await one.query();
  for (const other of [two, three]) {
    for (const _ of ODD_TEXTS) await other.expectText(() => true);
    assert.deepEqual(other.texts.slice(2), ODD_TEXTS);
  }
  two.sendText('{"answer":  true}');
  await one.expectText('{"answer":  true}');
  await three.expectText('{"answer":  true}');
  await expectQuiet(one, two, three, apart);
});

Deno.test("Nobody is told of devices that come, go and come again", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  for (let visit = 0; visit < 3; visit++) {
    await using _two = await DeviceClient.enter(
      app.url,
      sensor("2", one.roomId),
    );
    await app.clock.advance(2000);
  }
  await app.expectConnections(1);
  await app.clock.advance(2000);
  await expectQuiet(one);
});

Deno.test("query_room tells who asks, and nobody else, how many and which others are there", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  const { roomId } = one;
  one.sendText('{"type":"query_room"}');
  const alone = `{"type":"room_info","room_id":"${roomId}",` +
    `"total_clients":1,"clients":[]}`;
  await one.expectText(alone);
  await using two = await DeviceClient.enter(app.url, {
    device_id: "2",
    identity: "téléphone",
    room_id: roomId,
  });
  await using again = await DeviceClient.enter(app.url, {
    device_id: "1",
    identity: "desktop",
    room_id: roomId,
  });
  // Connections of one device stand together.
  const clients = [
    { device_id: "1", identity: "sensor" },
    { device_id: "1", identity: "desktop" },
    { device_id: "2", identity: "téléphone" },
  ];
  for (const [index, client] of [one, again, two].entries()) {
    assert.deepEqual(await client.query(), {
      type: "room_info",
      room_id: roomId,
      total_clients: 3,
      clients: clients.filter((_, other) => other !== index),
    });
  }
  await again.close();
  await app.expectConnections(2);
  await app.idle();
  assert.equal((await two.query()).total_clients, 2);
  await expectQuiet(one, two);
});

Deno.test("A text that is no JSON is answered by an error, reaches nobody, and the connection stays", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  const refusal =
    '{"type":"error","message":"Invalid JSON format","code":"bad_json"}';
  const texts = ["", "no json", "{", "{'a':1}", "[1,]", "NaN", '{"a":1}}'];
  for (const text of texts) {
    one.sendText(text);
    await one.expectText(refusal);
  }
  one.sendText("7");
  await two.expectText("7");
  await expectQuiet(one, two);
});

Deno.test("A message in a frame's clothes is passed on like any other", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  const texts = [
    '{"type":"Ping"}',
    '{"type":"heartbeat"}',
    '{"type":"room_info","total_clients":99}',
    '{"type":"Query_Room"}',
    '[{"type":"query_room"}]',
    '{"client_msg_id":"m-1","text":"hi"}',
    '{"client_msg_id":17}',
    '{"type":"SendMessage","payload":{"content":"hi"}}',
  ];
  for (const text of texts) {
    one.sendText(text);
    await two.expectText(text);
  }
  await expectQuiet(one, two);
});

Deno.test("Several connections of one device hear each other; one too many takes the oldest one's place", async () => {
  await using app = await newTestApp({ DEVICE_SESSIONS_MAX: "2" });
  await using other = await DeviceClient.enter(app.url, sensor("other"));
  const { roomId } = other;
  await using first = await DeviceClient.enter(app.url, sensor("s", roomId));
  await using second = await DeviceClient.enter(app.url, sensor("s"));
  first.sendText('{"n":1}');
  await second.expectText('{"n":1}');
  await other.expectText('{"n":1}');
  other.sendText('{"n":2}');
  for (const client of [first, second]) await client.expectText('{"n":2}');
  await expectQuiet(first, second, other);
  await using third = await DeviceClient.enter(app.url, sensor("s"));
  await first.expectError("session_replaced");
  const closing = await first.expectClosed(4500);
  assert.equal(closing.reason, "session_replaced");
  assert.deepEqual(first.takeAll(), []);
  assert.equal((await other.query()).total_clients, 3);
  other.sendText('{"n":3}');
  for (const client of [second, third]) await client.expectText('{"n":3}');
  await expectQuiet(second, third, other);
});

Deno.test("Who takes another's device id is in its room and hears what it hears, and puts nobody out", async () => {
  await using app = await newTestApp();
  await using owner = await DeviceClient.enter(app.url, sensor("s-1"));
  await using peer = await DeviceClient.enter(
    app.url,
    sensor("peer", owner.roomId),
  );
  await using taker = await DeviceClient.enter(app.url, {
    device_id: "s-1",
    identity: "someone else",
  });
  assert.deepEqual([taker.status, taker.roomId], [
    "reconnected",
    owner.roomId,
  ]);
  peer.sendText('{"target_device_id":"s-1"}');
  for (const client of [owner, taker]) {
    assert.equal(
      (await client.expectJson(isDirect, "it")).from_device_id,
      "peer",
    );
  }
  taker.sendText("1");
  for (const client of [owner, peer]) await client.expectText("1");
  const { clients } = await peer.query();
  assert.deepEqual(clients, [
    { device_id: "s-1", identity: "sensor" },
    { device_id: "s-1", identity: "someone else" },
  ]);
  await expectQuiet(owner, peer, taker);
});

function isDirect(value: Json): boolean {
  return value?.message_type === "direct";
}

Deno.test("Each of 60 devices that come at once has a room of its own", async () => {
  await using app = await newTestApp();
  const names = Array.from({ length: 60 }, (_, index) => `d${index}`);
  const clients = await Promise.all(
    names.map((name) => DeviceClient.enter(app.url, sensor(name))),
  );
  const ids = clients.map(({ roomId }) => roomId);
  assert.equal(new Set(ids).size, 60);
  for (const id of ids) assert.match(id, /^[A-Z0-9]{8}$/);
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("Connections of one new device that come at once are in one room", async () => {
  await using app = await newTestApp();
  const clients = await Promise.all(
    Array.from(
      { length: 20 },
      () => DeviceClient.enter(app.url, sensor("one")),
    ),
  );
  assert.equal(new Set(clients.map(({ roomId }) => roomId)).size, 1);
  const made = clients.filter(({ status }) => status === "created_new");
  assert.equal(made.length, 1);
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("An address with a slash at its end is the same", async () => {
  await using app = await newTestApp();
  const url = deviceUrl(app.url).replace(/devices$/, "devices/");
  await using one = await DeviceClient.open(url);
  one.identify(sensor("1"));
  await one.expectRoom();
});
