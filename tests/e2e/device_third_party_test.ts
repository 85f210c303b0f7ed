import assert from "node:assert/strict";
import { DeviceClient, sensor } from "../support/device_client.ts";
import { hasWebsockets, PYTHON } from "../support/python.ts";
import { newTestApp } from "../support/test_app.ts";
import { within } from "../support/within.ts";

const SCRIPT = new URL("device_third_party.py", import.meta.url).pathname;

/** Every byte, two hundred times. */
const BYTES = Uint8Array.from({ length: 256 * 200 }, (_, index) => index % 256);

Deno.test({
  name:
    "A device made of Python's websockets says and hears text and binary, and goes home (needs Python's websockets)",
  ignore: !hasWebsockets(),
  async fn() {
    await using app = await newTestApp(
      { DEVICE_BIND_ADDRESS: "127.0.0.1:0" },
      { isRealTime: true },
    );
    const address = `ws://127.0.0.1:${app.app.devicePort}`;
    await using host = await DeviceClient.enter(app.url, sensor("host"));
    const { roomId } = host;
    const python = new Deno.Command(PYTHON, {
      args: [SCRIPT, address, roomId],
      stdout: "piped",
      stderr: "piped",
    });
    const output = python.output();
    const text = '{"type": "text", "content": "héllo 👋"}';
    await sayBack(host, text);
    await sayBack(host, `{"content": "${"ab".repeat(30_000)}"}`);
    await sayBackBytes(host, BYTES);
    await sayBackBytes(host, new TextEncoder().encode(text));
    await host.expectText('"home"');
    await app.api("POST /management/devices/py/disconnect");
    const { stdout, stderr } = await within(output, { what: "Python's end" });
    assert.equal(new TextDecoder().decode(stderr), "");
    assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {
      greeting: '{"type":"connection","message":"Connected successfully"}',
      room: roomText(roomId, "joined_existing"),
      said_back: [true, true, true],
      fragments_said_back: true,
      query:
        `{"type":"room_info","room_id":"${roomId}","total_clients":2,"clients":[{"device_id":"host","identity":"sensor"}]}`,
      home: roomText(roomId, "reconnected"),
      last:
        '{"type":"error","message":"The operator ended this connection","code":"disconnected"}',
      closed: [4002, "disconnected"],
    });
  },
});

/** What the one who comes into a room hears. */
function roomText(roomId: string, status: string): string {
  return `{"type":"room","room_id":"${roomId}","status":"${status}",` +
    `"message":"${status}: joined room ${roomId}"}`;
}

async function sayBack(host: DeviceClient, text: string): Promise<void> {
  await host.expectText((heard) => heard === text, text.slice(0, 40));
  host.sendText(text);
}

async function sayBackBytes(
  host: DeviceClient,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const heard = await host.expectBinary();
  assert.deepEqual(heard, bytes);
  host.sendBinary(heard);
}
