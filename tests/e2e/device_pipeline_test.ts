import assert from "node:assert/strict";
import {
  DeviceClient,
  deviceUrl,
  expectQuiet,
  type Heard,
  sensor,
} from "../support/device_client.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";

/** Frames that a device may send while its room is being found. */
const WAITING_MAX = 100;

/** Holds up all who look for a room, as a slow database does. */
function holdAssignments({ app }: TestApp) {
  const { assigner } = app.core.devices;
  const assign = assigner.assign.bind(assigner);
  const gate = Promise.withResolvers<void>();
  let count = 0;
  assigner.assign = async (identity) => {
    count += 1;
    await gate.promise;
    return await assign(identity);
  };
  return {
    release: () => gate.resolve(),
    /** Resolves when so many devices wait. */
    expectWaiting: (wanted: number) =>
      eventually(() => count >= wanted, { what: `${wanted} who wait` }),
  };
}

/** What was heard, as numbers. */
function numbersOf(heard: readonly Heard[]): number[] {
  return heard.map((one) => "bytes" in one ? one.bytes[0] ?? -1 : one.json.n);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Sends so many numbers, every tenth of them as a byte. */
function sendNumbers(client: DeviceClient, from: number, to: number): void {
  for (const number of range(from, to)) {
    if (number % 10 === 0) client.sendBinary(Uint8Array.of(number));
    else client.sendText(`{"n": ${number}}`);
  }
}

Deno.test("50 messages right behind an identity are passed on in order, and none is lost", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  for (let run = 0; run < 5; run++) {
    await using client = await DeviceClient.open(deviceUrl(app.url));
    client.identify(sensor("guest", host.roomId));
    sendNumbers(client, 1, 50);
    // The answer to what was sent last: all else was passed on before.
    await client.query();
    await host.query();
    assert.deepEqual(numbersOf(host.takeAll()), range(1, 50));
    assert.deepEqual(client.texts.slice(1).map(typeOf), ["room", "room_info"]);
  }
});

function typeOf(text: string): string {
  return JSON.parse(text).type;
}

Deno.test("What is sent while the room is being found waits there, and is heard in order", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  const held = holdAssignments(app);
  await using client = await DeviceClient.open(deviceUrl(app.url));
  client.identify(sensor("guest", host.roomId));
  sendNumbers(client, 1, 49);
  client.sendJson({ type: "query_room" });
  await held.expectWaiting(1);
  // Nobody is in a room yet: to the others nothing has happened.
  await expectQuiet(host);
  assert.equal(client.texts.length, 1);
  held.release();
  await client.expectRoom();
  await client.expectFrame("room_info");
  await host.query();
  assert.deepEqual(numbersOf(host.takeAll()), range(1, 49));
  await expectQuiet(host, client);
});

Deno.test("Past 100 frames that wait each is answered by busy, and what was taken is the beginning", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  const held = holdAssignments(app);
  await using client = await DeviceClient.open(deviceUrl(app.url));
  client.identify(sensor("guest", host.roomId));
  await held.expectWaiting(1);
  sendNumbers(client, 1, WAITING_MAX + 2);
  for (let refused = 0; refused < 2; refused++) {
    assert.deepEqual(await client.expectError("busy"), {
      type: "error",
      message: "The room is busy",
      code: "busy",
      retry_after_ms: 1000,
    });
  }
  held.release();
  await client.expectRoom();
  client.sendText('{"n": 200}');
  await client.query();
  await host.query();
  const wanted = [...range(1, WAITING_MAX), 200];
  assert.deepEqual(numbersOf(host.takeAll()), wanted);
  await expectQuiet(host, client);
});

Deno.test("A second identity while the room is being found is a message too", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  const held = holdAssignments(app);
  await using client = await DeviceClient.open(deviceUrl(app.url));
  client.identify(sensor("guest", host.roomId));
  client.identify(sensor("another"));
  await held.expectWaiting(1);
  held.release();
  await client.expectRoom();
  await host.expectText(JSON.stringify(sensor("another")));
  const { clients } = await host.query();
  assert.deepEqual(clients, [{ device_id: "guest", identity: "sensor" }]);
});

Deno.test("An identity is in time although its room takes longer than it may", async () => {
  await using app = await newTestApp();
  const held = holdAssignments(app);
  await using client = await DeviceClient.open(deviceUrl(app.url));
  client.identify(sensor("1"));
  await held.expectWaiting(1);
  await app.clock.advance(15_000);
  held.release();
  assert.equal((await client.expectRoom()).status, "created_new");
});

Deno.test("A device that hangs up while its room is being found is in none", async () => {
  await using app = await newTestApp();
  await using host = await DeviceClient.enter(app.url, sensor("host"));
  const held = holdAssignments(app);
  const client = await DeviceClient.open(deviceUrl(app.url));
  client.identify(sensor("guest", host.roomId));
  client.sendText('{"n": 1}');
  await held.expectWaiting(1);
  await client.close();
  await app.expectConnections(1);
  held.release();
  await app.idle();
  assert.equal((await host.query()).total_clients, 1);
  await expectQuiet(host);
  const { status } = await app.api("GET /management/devices/guest");
  assert.equal(status, 404);
});
