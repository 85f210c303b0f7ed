import assert from "node:assert/strict";
import { DeviceClient } from "../support/device_client.ts";
import { newTestApp } from "../support/test_app.ts";
import { HAS_NODE, NodeSnippet } from "./device_snippet_node.ts";
import {
  BROADCAST_TEXT,
  GREETING,
  ROOM_INFO_TEXT,
  roomText,
} from "./device_snippets.ts";

/** With spaces and a number that would not survive being written again. */
const ODD_TEXT = '{ "temperature": 21.50, "unit": "°C" }';

Deno.test({
  name:
    "The reference's JavaScript runs in Node word for word, and hears what its document says (needs node)",
  ignore: !HAS_NODE,
  async fn() {
    await using app = await newTestApp({
      DEVICE_BIND_ADDRESS: "127.0.0.1:0",
      DEVICE_CREATE_NAMED_ROOMS: "true",
    }, { isRealTime: true });
    const address = `ws://127.0.0.1:${app.app.devicePort}`;
    await using node = new NodeSnippet(address);
    await node.expect(roomText("created_new"));
    await using desktop = await DeviceClient.open(address);
    desktop.sendText(
      '{"device_id":"device_456","identity":"desktop_user","room_id":"ABC123"}',
    );
    await desktop.expectText(roomText("joined_existing"));
    await using sensor = await DeviceClient.open(address);
    sensor.sendText(
      '{"device_id":"device_789","identity":"sensor","room_id":"ABC123"}',
    );
    await sensor.expectText(roomText("joined_existing"));
    await node.do("broadcast");
    await desktop.expectText(BROADCAST_TEXT);
    await sensor.expectText(BROADCAST_TEXT);
    sensor.sendText(ODD_TEXT);
    await node.expect(ODD_TEXT);
    await node.do("query");
    await node.expect(ROOM_INFO_TEXT);
    await node.do("close");
    await node.expect("closed with 1000");
    assert.deepEqual(node.heard, [
      GREETING,
      roomText("created_new"),
      ODD_TEXT,
      ROOM_INFO_TEXT,
      "closed with 1000",
    ]);
  },
});

Deno.test({
  name:
    "The reference's JavaScript is told in Node that nobody made its room (needs node)",
  ignore: !HAS_NODE,
  async fn() {
    await using app = await newTestApp({
      DEVICE_BIND_ADDRESS: "127.0.0.1:0",
    }, { isRealTime: true });
    await using node = new NodeSnippet(
      `ws://127.0.0.1:${app.app.devicePort}`,
    );
    await node.expect("closed with 1000");
    assert.deepEqual(node.heard, [
      GREETING,
      '{"type":"error","message":"Room ABC123 does not exist","code":"room_not_found"}',
      "closed with 1000",
    ]);
  },
});
