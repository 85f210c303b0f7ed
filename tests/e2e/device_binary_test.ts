import assert from "node:assert/strict";
import { DeviceClient, expectQuiet, sensor } from "../support/device_client.ts";
import { newTestApp } from "../support/test_app.ts";

const KIB_64 = 65_536;

/** Sizes at the bounds of a frame. */
const SIZES = [0, 1, KIB_64 - 1, KIB_64];

/** As many bytes, of every value. */
function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31) % 256);
}

/** JSON of as many bytes; the characters take 1 to 4 of them. */
function jsonOf(size: number): string {
  if (size === 1) return "7";
  const quad = "😀".repeat(Math.floor((size - 2) / 4));
  return `"${quad}${"x".repeat((size - 2) % 4)}"`;
}

Deno.test("A binary frame of any size up to 64 KiB reaches the others as binary, byte for byte", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  await using three = await DeviceClient.enter(
    app.url,
    sensor("3", one.roomId),
  );
  for (const size of SIZES) {
    one.sendBinary(bytesOf(size));
    for (const client of [two, three]) {
      assert.deepEqual(await client.expectBinary(), bytesOf(size));
    }
  }
  await expectQuiet(one, two, three);
  const metrics = await app.api("GET /metrics");
  const counted = metrics.body.split("\n").filter((line: string) =>
    line.includes("relay_")
  );
  const text = counted.join("\n");
  assert.match(text, /relay_messages_total\{form="binary"\} 4/);
  assert.match(text, /relay_recipients_total 8/);
});

Deno.test("A text of any size up to 64 KiB reaches the others byte for byte", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  for (const size of SIZES.slice(1)) {
    const text = jsonOf(size);
    assert.equal(new TextEncoder().encode(text).length, size);
    one.sendText(text);
    await two.expectText((heard) => heard === text, `${size} bytes`);
  }
  await expectQuiet(one, two);
});

Deno.test("A frame of one byte more ends its own connection, and nobody hears of it", async () => {
  await using app = await newTestApp();
  await using two = await DeviceClient.enter(app.url, sensor("2"));
  const sends = [
    (one: DeviceClient) => one.sendBinary(bytesOf(KIB_64 + 1)),
    (one: DeviceClient) => one.sendText(jsonOf(KIB_64 + 1)),
  ];
  for (const send of sends) {
    await using one = await DeviceClient.enter(
      app.url,
      sensor("1", two.roomId),
    );
    send(one);
    await one.expectText(
      '{"type":"error","message":"Frame too large","code":"frame_too_large"}',
    );
    await one.expectClosed(1009);
  }
  await app.expectConnections(1);
  await expectQuiet(two);
});

Deno.test("Binary frames mean nothing: a query or a target in one is passed on", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  const texts = [
    '{"type":"query_room"}',
    '{"target_device_id":"nobody"}',
    "no json",
  ];
  for (const text of texts) {
    one.sendBinary(new TextEncoder().encode(text));
    assert.equal(new TextDecoder().decode(await two.expectBinary()), text);
  }
  await expectQuiet(one, two);
});

Deno.test("Texts and binary frames keep their order", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  for (let number = 0; number < 100; number++) {
    if (number % 3 === 0) one.sendBinary(Uint8Array.of(number));
    else one.sendText(`${number}`);
  }
  await two.expectBinary();
  await two.expectText("98");
  await expectBinaries(two, 33);
  const heard = two.received.slice(2).map((one) =>
    "bytes" in one ? one.bytes[0] : Number(one.text)
  );
  assert.deepEqual(heard, Array.from({ length: 100 }, (_, index) => index));
});

async function expectBinaries(
  client: DeviceClient,
  count: number,
): Promise<void> {
  for (let taken = 0; taken < count; taken++) await client.expectBinary();
}
