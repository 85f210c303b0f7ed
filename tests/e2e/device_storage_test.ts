import assert from "node:assert/strict";
import {
  DeviceClient,
  deviceUrl,
  expectQuiet,
  sensor,
} from "../support/device_client.ts";
import { lockDatabase } from "../support/locked_database.ts";
import { hideTable } from "../support/missing_table.ts";
import { readLog } from "../support/room_log.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";

/** How long a device that is adrift waits for the next attempt, in ms. */
const RETRY_MS = 5000;

const REFUSED = {
  type: "error",
  message: "Messages cannot be stored right now",
  code: "storage_unavailable",
  "retry_after_ms": RETRY_MS,
};

/** Nothing is accepted for good, as when the disk is full. */
function refuseRecords({ app }: TestApp) {
  const { recorder } = app.core;
  const { accept } = recorder;
  let count = 0;
  recorder.accept = () => {
    count += 1;
    return false;
  };
  return {
    /** Resolves when so much was refused. */
    expectRefusals: (wanted: number) =>
      eventually(() => count === wanted, { what: `refusal ${wanted}` }),
    [Symbol.dispose]: () => {
      recorder.accept = accept;
    },
  };
}

/** A device that no room was found for. */
async function enterAdrift(
  app: TestApp,
  identity = sensor("adrift"),
  query = {},
): Promise<DeviceClient> {
  const client = await DeviceClient.open(deviceUrl(app.url, query));
  client.identify(identity);
  const room = await client.expectRoom();
  assert.match(client.roomId, /^[A-Z0-9]{8}$/);
  assert.deepEqual(room, {
    type: "room",
    "room_id": client.roomId,
    status: "error",
    message: `error: joined room ${client.roomId}`,
  });
  return client;
}

/** Lets time pass until a device that was adrift is in a room. */
async function expectIn(app: TestApp, client: DeviceClient): Promise<void> {
  const frameCount = client.texts.length;
  await eventually(async () => {
    await app.clock.advance(RETRY_MS);
    return client.texts.length > frameCount;
  }, { what: "a room for a device adrift" });
  await client.expectRoom();
}

/** Asserts what a device hears of what it says while it is adrift. */
async function assertAlone(client: DeviceClient): Promise<void> {
  assert.deepEqual(await client.query(), {
    type: "room_info",
    "room_id": client.roomId,
    "total_clients": 1,
    clients: [],
  });
  for (const text of ['{"n":1}', "[1]", "7", '{"target_device_id":"x"}']) {
    client.sendText(text);
    assert.deepEqual(await client.expectFrame("error"), REFUSED, text);
  }
  client.sendBinary(Uint8Array.of(1));
  assert.deepEqual(await client.expectFrame("error"), REFUSED);
  client.sendText("no json");
  await client.expectError("bad_json");
}

Deno.test("A device that cannot be recorded is alone, hears that nothing is kept, and gets its room 5 s later", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  await using other = await DeviceClient.enter(
    app.url,
    sensor("other", host.roomId),
  );
  let client: DeviceClient;
  let adriftId: string;
  {
    using _fault = refuseRecords(app);
    client = await enterAdrift(app, sensor("guest", host.roomId));
    adriftId = client.roomId;
    await assertAlone(client);
    // Those in the room hear each other no more, and are told so.
    host.sendText('{"n":2}');
    assert.deepEqual(await host.expectFrame("error"), REFUSED);
    assert.equal((await host.query()).total_clients, 2);
  }
  await app.clock.advance(RETRY_MS - 1);
  assert.equal((await client.query()).room_id, adriftId);
  await app.clock.advance(1);
  await client.expectRoom();
  assert.deepEqual([client.roomId, client.status], [
    host.roomId,
    "joined_existing",
  ]);
  client.sendText('{"n":3}');
  for (const each of [host, other]) await each.expectText('{"n":3}');
  assert.equal((await host.query()).total_clients, 3);
  // Nothing that was refused comes later.
  await expectQuiet(host, other, client);
  assert.equal((await readLog(app.url, host.roomId)).length, 1);
  await client.close();
});

Deno.test("A device adrift is tried again every 5 s, and told of it once it is in", async () => {
  await using app = await newTestApp();
  let client: DeviceClient;
  {
    using fault = refuseRecords(app);
    client = await enterAdrift(app);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await fault.expectRefusals(attempt);
      await expectQuiet(client);
      await app.clock.advance(RETRY_MS - 1);
      await expectQuiet(client);
      await fault.expectRefusals(attempt);
      await app.clock.advance(1);
    }
    await fault.expectRefusals(4);
  }
  const adriftId = client.roomId;
  await expectIn(app, client);
  assert.equal(client.status, "created_new");
  assert.notEqual(client.roomId, adriftId);
  await client.close();
  await using again = await DeviceClient.enter(app.url, sensor("adrift"));
  assert.equal(again.roomId, client.roomId);
});

Deno.test("Devices adrift are alone each, and one that hangs up leaves nothing behind", async () => {
  await using app = await newTestApp();
  {
    using _fault = refuseRecords(app);
    const clients = [
      await enterAdrift(app, sensor("1")),
      await enterAdrift(app, sensor("1")),
      await enterAdrift(app, sensor("2")),
    ];
    const ids = clients.map(({ roomId }) => roomId);
    assert.equal(new Set(ids).size, 3);
    for (const client of clients) await assertAlone(client);
    const timers = app.clock.armed;
    for (const client of clients) await client.close();
    await app.expectConnections(0);
    // Each had one, for the next attempt.
    assert(app.clock.armed <= timers - 3, `${timers}, ${app.clock.armed}`);
  }
  await app.clock.advance(RETRY_MS);
  assert.deepEqual((await app.api("GET /management/rooms")).body, []);
});

Deno.test("A message with a name is refused by its name while a device is adrift", async () => {
  await using app = await newTestApp();
  const query = { ack: "true", envelope: "true" };
  let client: DeviceClient;
  {
    using _fault = refuseRecords(app);
    client = await enterAdrift(app, sensor("1"), query);
    client.sendText('{"client_msg_id":"m-1"}');
    assert.deepEqual(await client.expectFrame("error"), {
      ...REFUSED,
      "client_msg_id": "m-1",
    });
  }
  await app.clock.advance(RETRY_MS);
  const room = await client.expectRoom();
  assert.equal(room.last_seq, 0);
  client.sendText('{"client_msg_id":"m-1"}');
  assert.equal((await client.expectAck("m-1")).seq, 1);
  await client.close();
});

Deno.test("A message whose sender got no receipt may be sent again, and is heard once", async () => {
  await using app = await newTestApp();
  const query = { ack: "true" };
  await using one = await DeviceClient.enter(app.url, sensor("1"), query);
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  const text = '{"client_msg_id":"m-1"}';
  {
    using _fault = refuseRecords(app);
    one.sendText(text);
    assert.deepEqual(await one.expectFrame("error"), {
      ...REFUSED,
      "client_msg_id": "m-1",
    });
  }
  one.sendText(text);
  assert.equal((await one.expectAck("m-1")).seq, 1);
  await two.expectText(text);
  await expectQuiet(one, two);
});

Deno.test("While homes cannot be read a device with no room in mind is adrift, and others are not", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  const settings = { DATABASE_URL: `sqlite:${file}` };
  let homeId: string;
  {
    await using app = await newTestApp(settings);
    await using one = await DeviceClient.enter(app.url, sensor("1"));
    homeId = one.roomId;
  }
  await using app = await newTestApp(settings);
  let lost: DeviceClient;
  {
    using _fault = hideTable(file, "device");
    lost = await enterAdrift(app, sensor("1"));
    // A live room that is named needs no look-up.
    await using two = await DeviceClient.enter(app.url, sensor("2", homeId));
    assert.equal(two.status, "joined_existing");
    // From then on it is known where that device is.
    await using again = await DeviceClient.enter(app.url, sensor("2"));
    assert.deepEqual([again.roomId, again.status], [homeId, "reconnected"]);
    await app.clock.advance(RETRY_MS);
    await expectQuiet(lost);
  }
  await expectIn(app, lost);
  assert.deepEqual([lost.roomId, lost.status], [homeId, "reconnected"]);
  await lost.close();
});

Deno.test("While rooms cannot be read a device that names one is adrift, and is refused or let in later", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  await using app = await newTestApp({ DATABASE_URL: `sqlite:${file}` });
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  await app.api("POST /management/flush");
  let known: DeviceClient;
  let unknown: DeviceClient;
  {
    using _fault = hideTable(file, "room");
    unknown = await enterAdrift(app, sensor("1", "NOTTHERE"));
    known = await enterAdrift(app, sensor("2"));
  }
  await app.clock.advance(RETRY_MS);
  const refusal = await unknown.expectError("room_not_found");
  assert.equal(refusal.message, "Room NOTTHERE does not exist");
  await unknown.expectClosed(1000);
  await known.expectRoom();
  assert.equal(known.status, "created_new");
  assert.notEqual(known.roomId, host.roomId);
  await known.close();
});

Deno.test("A database that another process locks delays no device, and gets all in the end", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  await using app = await newTestApp(
    { DATABASE_URL: `sqlite:${file}`, WS_BATCH_SIZE: "5" },
    { isRealTime: true },
  );
  const query = { ack: "true" };
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  await app.api("POST /management/flush");
  {
    using _lock = lockDatabase(file);
    await using one = await DeviceClient.enter(
      app.url,
      sensor("1", host.roomId),
      query,
    );
    await using two = await DeviceClient.enter(app.url, sensor("2"));
    assert.deepEqual([one.status, two.status], [
      "joined_existing",
      "created_new",
    ]);
    for (let number = 1; number <= 50; number++) {
      one.sendJson({ "client_msg_id": `m-${number}` });
      await one.expectAck(`m-${number}`);
    }
    one.sendBinary(Uint8Array.of(51));
    await one.query();
    await host.expectBinary();
  }
  const log = await readLog(app.url, host.roomId);
  assert.deepEqual(
    log.map(({ seq }) => seq),
    Array.from({ length: 51 }, (_, index) => index + 1),
  );
});
