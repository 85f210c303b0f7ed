import assert from "node:assert/strict";
import { BATCH_PROTOCOL } from "../../src/edge/batch_protocol.ts";
import {
  DeviceClient,
  deviceUrl,
  expectQuiet,
  sensor,
} from "../support/device_client.ts";
import { newTestApp } from "../support/test_app.ts";

const ACK = { ack: "true" };

Deno.test("With ack=true a named message gets a receipt, and is passed on as it is", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"), ACK);
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  const text = '{ "client_msg_id":"m-1", "n":1.0}';
  one.sendText(text);
  await two.expectText(text);
  const { id, ...rest } = await one.expectAck("m-1");
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    type: "ack",
    client_msg_id: "m-1",
    seq: 1,
    durability: "memory",
  });
  // What has no name, or is no object, gets none.
  for (const unnamed of ["{}", "[1]", '{"client_msg_id":null}', "7"]) {
    one.sendText(unnamed);
    await two.expectText(unnamed);
  }
  one.sendBinary(new TextEncoder().encode('{"client_msg_id":"m-2"}'));
  await two.expectBinary();
  // Who did not ask for receipts is sent none.
  two.sendText('{"client_msg_id":"m-1"}');
  await one.expectText('{"client_msg_id":"m-1"}');
  await expectQuiet(one, two);
});

Deno.test("A named message that is sent again gets the same receipt and is heard once, for 10 minutes", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"), ACK);
  await using two = await DeviceClient.enter(
    app.url,
    sensor("2", one.roomId),
    ACK,
  );
  const text = '{"client_msg_id":"m-1"}';
  one.sendText(text);
  await two.expectText(text);
  const first = await one.expectAck("m-1");
  // By another connection of the device too, with whatever it now says.
  await using again = await DeviceClient.enter(app.url, sensor("1"), ACK);
  for (const client of [one, again]) {
    client.sendText('{"client_msg_id":"m-1","n":2}');
    assert.deepEqual(await client.expectAck("m-1"), first);
  }
  // Another device's name is another's.
  two.sendText(text);
  assert.equal((await two.expectAck("m-1")).seq, 2);
  for (const client of [one, again]) await client.expectText(text);
  await app.clock.advance(600_001);
  one.sendText(text);
  assert.equal((await one.expectAck("m-1")).seq, 3);
  for (const client of [two, again]) await client.expectText(text);
  await expectQuiet(one, two, again);
});

Deno.test("A named message that is refused is answered by its name, and may be sent again", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"), ACK);
  const text = '{"client_msg_id":"m-1","target_device_id":"2"}';
  one.sendText(text);
  assert.deepEqual(await one.expectFrame("error"), {
    type: "error",
    message: "Device 2 is not in this room",
    code: "target_not_found",
    client_msg_id: "m-1",
  });
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  one.sendText(text);
  assert.equal((await one.expectAck("m-1")).seq, 1);
  await two.expectJson((json) => json.from_device_id === "1", "it");
  const names = ["17", "{}", '"a\\u0000"', '""', `"${"x".repeat(129)}"`];
  for (const name of names) {
    one.sendText(`{"client_msg_id":${name}}`);
    const { message } = await one.expectError("bad_request");
    assert.match(message, /^Invalid client_msg_id: /, name);
  }
  const longest = "x".repeat(128);
  one.sendJson({ "client_msg_id": longest });
  await one.expectAck(longest);
  await two.expectJson((json) => json.client_msg_id === longest, "it");
  await expectQuiet(one, two);
});

Deno.test("A device that is muted is told so, by its name for the message, and is heard again later", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"), ACK);
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  const mutes = `/management/rooms/${one.roomId}/mutes`;
  await app.api(`POST ${mutes}`, { body: { "user_id": "1" } });
  one.sendText('{"client_msg_id":"m-1"}');
  assert.deepEqual(await one.expectError("user_muted"), {
    type: "error",
    message: "You are muted in this room",
    code: "user_muted",
    "client_msg_id": "m-1",
    until: null,
  });
  one.sendBinary(Uint8Array.of(1));
  await one.expectError("user_muted");
  assert.equal((await one.query()).total_clients, 2);
  await app.api(`DELETE ${mutes}/1`);
  one.sendText('{"client_msg_id":"m-1"}');
  await one.expectAck("m-1");
  await two.expectText('{"client_msg_id":"m-1"}');
  await expectQuiet(one, two);
});

Deno.test("With batch=true, or the subprotocol, texts come in lines and binary between them, in order", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  const { roomId } = one;
  await using plain = await DeviceClient.enter(app.url, sensor("2", roomId));
  const query = { batch: "true" };
  await using byQuery = await DeviceClient.enter(
    app.url,
    sensor("3", roomId),
    query,
  );
  await using byProtocol = await DeviceClient.open(deviceUrl(app.url), {
    protocols: [BATCH_PROTOCOL],
  });
  assert.equal(byProtocol.protocol, BATCH_PROTOCOL);
  byProtocol.identify(sensor("4", roomId));
  await byProtocol.expectRoom();
  const sent: (string | number)[] = [];
  for (let number = 1; number <= 60; number++) {
    sent.push(number % 7 === 0 ? number : `{"n":\n\r\n${number}}`);
  }
  for (const each of sent) {
    if (typeof each === "string") one.sendText(each);
    else one.sendBinary(Uint8Array.of(each));
  }
  await one.query();
  await plain.query();
  assert.deepEqual(plain.takeAll().map(shown), sent);
  // A line is one message: line ends inside of one have become spaces.
  const lines = sent.map((each) =>
    typeof each === "string" ? each.replaceAll("\n", " ") : each
  );
  for (const client of [byQuery, byProtocol]) {
    await client.query();
    assert.deepEqual(client.takeAll().map(shown), lines);
  }
});

function shown(
  heard: { readonly text: string } | { readonly bytes: Uint8Array },
): string | number | undefined {
  return "text" in heard ? heard.text : heard.bytes[0];
}

Deno.test("A resume with batch=true comes in few frames", async () => {
  await using app = await newTestApp();
  const query = { batch: "true", envelope: "true" };
  await using one = await DeviceClient.enter(app.url, sensor("1"), query);
  for (let number = 1; number <= 40; number++) one.sendText(`[\n${number}]`);
  one.sendBinary(Uint8Array.of(41));
  await one.query();
  const first = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  await first.close();
  await using back = await DeviceClient.enter(app.url, sensor("2"), {
    batch: "true",
    since: "0",
    epoch: one.room.epoch,
  });
  await back.expectJson((json) => json.seq === 41, "message 41");
  const messages = back.received.filter((heard) =>
    "text" in heard && heard.json.type === "message"
  );
  assert.equal(messages.length, 41);
  // The greeting, the room, and all the rest at once.
  assert.equal(back.texts.length, 3);
});

Deno.test("An option is on when its value is true, 1 or yes, and off otherwise", async () => {
  await using app = await newTestApp();
  for (const value of ["true", "1", "yes"]) {
    await using one = await DeviceClient.enter(app.url, sensor("1"), {
      envelope: value,
    });
    assert.equal("epoch" in one.room, true);
  }
  for (const value of ["false", "0", "", "TRUE", "on"]) {
    await using one = await DeviceClient.enter(app.url, sensor("1"), {
      envelope: value,
    });
    assert.equal("epoch" in one.room, false);
  }
});
