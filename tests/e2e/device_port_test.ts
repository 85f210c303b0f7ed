import assert from "node:assert/strict";
import { DeviceClient, expectQuiet, sensor } from "../support/device_client.ts";
import { RawSocket, refusedUpgrade } from "../support/raw_socket.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

/** A server with a port for devices alone. */
function newTwoPorts(): Promise<TestApp> {
  return newTestApp({ DEVICE_BIND_ADDRESS: "127.0.0.1:0" });
}

function devicePortOf(app: TestApp): number {
  const { devicePort } = app.app;
  assert(devicePort);
  assert.notEqual(devicePort, app.app.port);
  return devicePort;
}

Deno.test("The devices' own port takes them at any path, into the rooms of the main port", async () => {
  await using app = await newTwoPorts();
  const address = `ws://127.0.0.1:${devicePortOf(app)}`;
  await using main = await DeviceClient.enter(app.url, sensor("main"));
  const paths = [
    "",
    "/",
    "/any/path",
    "/ws/rooms/x",
    "/management/rooms",
    "/?q",
  ];
  for (const path of paths) {
    await using one = await DeviceClient.open(`${address}${path}`);
    one.identify(sensor("other", main.roomId));
    const { room_id: roomId } = await one.expectRoom();
    assert.equal(roomId, main.roomId);
    one.sendText(JSON.stringify(path));
    await main.expectText(JSON.stringify(path));
    await expectQuiet(main, one);
  }
});

Deno.test("The devices' own port understands what the query opts in to", async () => {
  await using app = await newTwoPorts();
  const address = `ws://127.0.0.1:${devicePortOf(app)}/?envelope=true&ack=true`;
  await using one = await DeviceClient.open(address);
  one.identify(sensor("1"));
  const { last_seq: lastSeq } = await one.expectRoom();
  assert.equal(lastSeq, 0);
  one.sendText('{"client_msg_id":"m-1"}');
  assert.equal((await one.expectAck("m-1")).seq, 1);
});

Deno.test("The devices' own port answers a request that is no upgrade with 426, whatever it asks for", async () => {
  await using app = await newTwoPorts();
  const server = `http://127.0.0.1:${devicePortOf(app)}`;
  const lines = [
    "GET /",
    "GET /health/live",
    "GET /metrics",
    "GET /management/rooms",
    "POST /management/rooms",
    "GET /ws/devices",
  ];
  for (const line of lines) {
    const [method = "", path = ""] = line.split(" ");
    const response = await fetch(`${server}${path}`, {
      method,
      headers: { "X-Api-Key": "a-key-for-tests" },
    });
    assert.equal(response.status, 426, line);
    assert.deepEqual(await response.json(), {
      error: "Expected a WebSocket upgrade",
      code: "upgrade_required",
    });
  }
  const main = await app.api("GET /ws/devices");
  assert.equal(main.status, 426);
});

Deno.test("Without a setting there is no such port, and devices are served at their path alone", async () => {
  await using app = await newTestApp();
  assert.equal(app.app.devicePort, undefined);
  for (const path of ["/", "/ws/devicesx", "/ws/devices/room"]) {
    using socket = await RawSocket.upgrade(`${app.url}${path}`);
    assert.notEqual(socket.status, 101, path);
  }
});

Deno.test("A page of another origin is refused on both ports when origins are listed", async () => {
  await using app = await newTestApp({
    DEVICE_BIND_ADDRESS: "127.0.0.1:0",
    ALLOWED_ORIGINS: "https://ok.example",
  });
  const ports = [
    `http://127.0.0.1:${devicePortOf(app)}/`,
    `${app.url}/ws/devices`,
  ];
  for (const url of ports) {
    const { status, body } = await refusedUpgrade(url, {
      Origin: "https://evil.example",
    });
    assert.equal(status, 403);
    assert.deepEqual(body, {
      error: "Origin not allowed",
      code: "origin_refused",
    });
    const headers = { Origin: "https://ok.example" };
    await using one = await DeviceClient.open(
      url.replace("http", "ws"),
      { headers },
    );
    one.identify(sensor("1"));
    await one.expectRoom();
  }
});

Deno.test("The devices' own port lets go with the main one", async () => {
  let one: DeviceClient;
  {
    await using app = await newTwoPorts();
    one = await DeviceClient.open(`ws://127.0.0.1:${devicePortOf(app)}/`);
    one.identify(sensor("1"));
    await one.expectRoom();
    const stopping = app.app.stop();
    await one.expectClosed(4001);
    await stopping;
  }
});
