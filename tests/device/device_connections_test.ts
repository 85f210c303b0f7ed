import assert from "node:assert/strict";
import {
  type DeviceConnection,
  DeviceConnections,
} from "../../src/device/device_connections.ts";

interface Opened extends Disposable {
  readonly connection: DeviceConnection;
}

/** Names of sessions are numbered. */
let openedCount = 0;

/** Opens a connection that is closed by its end, as a socket's is. */
function open(
  connections: DeviceConnections,
  deviceId: string,
  { ended = [] }: { ended?: string[] } = {},
): Opened {
  const sessionId = `session ${++openedCount} of ${deviceId}`;
  const connection: DeviceConnection = {
    deviceId,
    sessionId,
    identity: "sensor",
    ip: "192.0.2.1",
    roomId: "ROOM0001",
    connectedAt: 0,
    end: () => {
      ended.push(sessionId);
      opened[Symbol.dispose]();
    },
  };
  const opened = connections.open(connection);
  return { connection, [Symbol.dispose]: () => opened[Symbol.dispose]() };
}

Deno.test("DeviceConnections knows a device's connections, oldest first", () => {
  const connections = new DeviceConnections();
  const first = open(connections, "dev1");
  open(connections, "dev2");
  const second = open(connections, "dev1");
  const known = connections.of("dev1");
  assert.deepEqual(known, [first.connection, second.connection]);
  assert.deepEqual(connections.of("dev3"), []);
  assert.equal(connections.deviceCount, 2);
});

Deno.test("DeviceConnections forgets a connection that closed", () => {
  const connections = new DeviceConnections();
  const first = open(connections, "dev1");
  const second = open(connections, "dev1");
  first[Symbol.dispose]();
  assert.deepEqual(connections.of("dev1"), [second.connection]);
  assert.equal(connections.deviceCount, 1);
  second[Symbol.dispose]();
  assert.deepEqual(connections.of("dev1"), []);
  assert.equal(connections.deviceCount, 0);
});

Deno.test("DeviceConnections closes a connection once, however often it is told", () => {
  const connections = new DeviceConnections();
  const first = open(connections, "dev1");
  first[Symbol.dispose]();
  open(connections, "dev1");
  first[Symbol.dispose]();
  assert.equal(connections.deviceCount, 1);
});

Deno.test("DeviceConnections ends all connections of a device and no others", () => {
  const connections = new DeviceConnections();
  const ended: string[] = [];
  const first = open(connections, "dev1", { ended });
  open(connections, "dev2", { ended });
  const third = open(connections, "dev1", { ended });
  assert.equal(connections.disconnect("dev1"), 2);
  const sessions = [first, third].map((one) => one.connection.sessionId);
  assert.deepEqual(ended, sessions);
  assert.deepEqual(connections.of("dev1"), []);
  assert.equal(connections.deviceCount, 1);
  assert.equal(connections.disconnect("dev1"), 0);
  assert.equal(connections.disconnect("dev3"), 0);
});

Deno.test("DeviceConnections hands out a list that does not change", () => {
  const connections = new DeviceConnections();
  const first = open(connections, "dev1");
  const known = connections.of("dev1");
  first[Symbol.dispose]();
  assert.equal(known.length, 1);
});
