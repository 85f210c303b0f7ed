import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import {
  DeviceClient,
  deviceUrl,
  expectQuiet,
  type Json,
  sensor,
} from "../support/device_client.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const INVALID = "Invalid JSON format for identity";
const NO_IDENTITY = "Missing identity field";
const NO_DEVICE_ID = "Missing device_id field";
const WANT_TEXT = "want text or a number";

/** What Python takes for false. */
const NOTHING = ["null", '""', "0", "0.0", "false", "[]", "{}"];

/** Values of a field that are there, and no text. */
const NO_TEXT = ["true", "[1]", '{"a":1}', '["sensor"]'];

/** Texts that name nobody, and what is wrong with each. */
const UNFIT = [
  ['"a\\u0000b"', "want no NUL character"],
  ['"\\ud800"', "want well-formed Unicode"],
  [`"${"x".repeat(256)}"`, "want at most 255 characters"],
  [`"${"😀".repeat(256)}"`, "want at most 255 characters"],
] as const;

const CODES: Readonly<Record<string, string>> = {
  [NO_IDENTITY]: "identity_missing",
  [NO_DEVICE_ID]: "device_id_missing",
};

/** A first frame that is refused, and the whole text of the refusal. */
interface Refused {
  readonly sent: string | Uint8Array<ArrayBuffer>;
  readonly message: string;
}

/** A room with two devices in it, to see that they hear of nothing. */
async function withRoom(run: (room: TwoDevices) => Promise<void>) {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  await run({ app, roomId: one.roomId, one, two });
  await app.expectConnections(2);
  one.sendText("1");
  await two.expectText("1");
  await expectQuiet(one, two);
  const { body } = await app.api("GET /management/devices");
  const ids = body.devices.map((row: Json) => row.device_id);
  assert.deepEqual(ids, ["1", "2"]);
}

interface TwoDevices {
  readonly app: TestApp;
  readonly roomId: string;
  readonly one: DeviceClient;
  readonly two: DeviceClient;
}

/** Sends each as a first frame, and expects its refusal and close 1000. */
async function assertRefused(
  app: TestApp,
  cases: readonly Refused[],
): Promise<void> {
  for (const { sent, message } of cases) {
    const code = CODES[message] ?? "identity_invalid";
    await using client = await DeviceClient.open(deviceUrl(app.url));
    if (typeof sent === "string") client.sendText(sent);
    else client.sendBinary(sent);
    await client.expectClosed(1000);
    const refusal = JSON.stringify({ type: "error", message, code });
    const shown = typeof sent === "string" ? sent.slice(0, 80) : "bytes";
    assert.deepEqual(client.texts.slice(1), [refusal], shown);
  }
}

Deno.test("A first frame that is no JSON object is refused, as is what comes behind it", async () => {
  await withRoom(async ({ app, roomId }) => {
    const texts = [
      "",
      "hello",
      "{",
      '{"identity":"sensor","device_id":"x"',
      "[]",
      `[{"identity":"a","device_id":"b","room_id":"${roomId}"}]`,
      "7",
      '"sensor"',
      "null",
      "true",
    ];
    await assertRefused(
      app,
      texts.map((sent) => ({ sent, message: INVALID })),
    );
    await using client = await DeviceClient.open(deviceUrl(app.url));
    client.sendText("[]");
    client.identify(sensor("3", roomId));
    client.sendText('{"type":"query_room"}');
    await client.expectClosed(1000);
    assert.equal(client.texts.length, 2);
  });
});

Deno.test("A first frame without an identity is refused before its device id is looked at", async () => {
  await withRoom(async ({ app }) => {
    const rest = '"device_id":"3","room_id":"nowhere"';
    const texts = [
      "{}",
      `{${rest}}`,
      '{"type":"query_room"}',
      ...NOTHING.map((value) => `{"identity":${value},${rest}}`),
      ...NOTHING.map((value) => `{"identity":${value},"device_id":[1]}`),
    ];
    await assertRefused(
      app,
      texts.map((sent) => ({ sent, message: NO_IDENTITY })),
    );
  });
});

Deno.test("A first frame without a device id is refused before its room is looked at", async () => {
  await withRoom(async ({ app }) => {
    const rest = '"identity":"sensor","room_id":"nowhere"';
    const texts = [
      `{${rest}}`,
      ...NOTHING.map((value) => `{"device_id":${value},${rest}}`),
      '{"device_id":"","identity":[1]}',
    ];
    await assertRefused(
      app,
      texts.map((sent) => ({ sent, message: NO_DEVICE_ID })),
    );
  });
});

Deno.test("A first frame with a field that is no text, or unfit, is refused by the field's name", async () => {
  await withRoom(async ({ app }) => {
    const names = ["identity", "device_id"] as const;
    const cases: Refused[] = [];
    for (const name of names) {
      const other = name === "identity" ? "device_id" : "identity";
      const unfit = [
        ...NO_TEXT.map((value) => [value, WANT_TEXT] as const),
        ...UNFIT,
      ];
      for (const [value, want] of unfit) {
        const sent = `{"${name}":${value},"${other}":"x","room_id":"nowhere"}`;
        cases.push({ sent, message: `${INVALID}: ${name}: ${want}` });
      }
    }
    for (const value of ["true", "[0]", '{"a":1}', '["1"]']) {
      const sent = `{"identity":"a","device_id":"b","room_id":${value}}`;
      cases.push({ sent, message: `${INVALID}: room_id: ${WANT_TEXT}` });
    }
    await assertRefused(app, cases);
  });
});

Deno.test("A first frame of 255 characters a name is taken, numbers too, and a field that nobody knows", async () => {
  await using app = await newTestApp();
  const cases = [
    [JSON.stringify("x".repeat(255)), "x".repeat(255)],
    [JSON.stringify("😀".repeat(255)), "😀".repeat(255)],
    ['" "', " "],
    ['"\\u00e9\\ud83d\\ude00"', "é😀"],
    ["42", "42"],
    ["-1", "-1"],
    ["12345678901234567890", "12345678901234567890"],
  ] as const;
  for (const [json, name] of cases) {
    await using client = await DeviceClient.open(deviceUrl(app.url));
    client.sendText(
      `{"x":[{}],"identity":${json},"device_id":${json},"token":17}`,
    );
    await client.expectRoom();
    const path = `/management/rooms/${client.roomId}/devices`;
    const { body } = await app.api(`GET ${path}`);
    const { device_id, identity } = body.devices[0];
    assert.deepEqual([device_id, identity], [name, name]);
  }
});

Deno.test("A first frame in binary is read as JSON in UTF-8", async () => {
  await withRoom(async ({ app, roomId, one }) => {
    const utf8 = new TextEncoder();
    {
      await using client = await DeviceClient.open(deviceUrl(app.url));
      const identity = { ...sensor("2", roomId), identity: "Gerät" };
      client.sendBinary(utf8.encode(JSON.stringify(identity)));
      assert.equal((await client.expectRoom()).room_id, roomId);
      const { clients } = await one.query();
      assert.equal(clients.at(-1).identity, "Gerät");
    }
    await assertRefused(app, [
      { sent: new Uint8Array(), message: INVALID },
      { sent: Uint8Array.of(0x7b, 0xff, 0x7d), message: INVALID },
      { sent: utf8.encode("[]"), message: INVALID },
      { sent: utf8.encode("{}"), message: NO_IDENTITY },
      { sent: utf8.encode('{"identity":1}'), message: NO_DEVICE_ID },
    ]);
  });
});

Deno.test("A first frame of 1 MB ends the connection as any frame does that is too large", async () => {
  await withRoom(async ({ app, roomId }) => {
    for (const length of [65_537, 2 ** 20]) {
      const identity = JSON.stringify(sensor("3", roomId));
      const client = await DeviceClient.open(deviceUrl(app.url));
      client.sendText(identity.padEnd(length));
      await client.expectClosed(1009);
      assert.deepEqual(client.texts.slice(1), [
        '{"type":"error","message":"Frame too large","code":"frame_too_large"}',
      ]);
    }
    await using client = await DeviceClient.open(deviceUrl(app.url));
    client.sendText(JSON.stringify(sensor("2", roomId)).padEnd(65_536));
    assert.equal((await client.expectRoom()).status, "joined_existing");
  });
});

Deno.test("An identity that is not there after 10 s is too late, one after 9.999 s is not", async () => {
  await withRoom(async ({ app, roomId }) => {
    await using early = await DeviceClient.open(deviceUrl(app.url));
    const late = await DeviceClient.open(deviceUrl(app.url));
    await app.clock.advance(9999);
    early.identify(sensor("2", roomId));
    await early.expectRoom();
    assert.equal(late.texts.length, 1);
    await app.clock.advance(1);
    await late.expectClosed(4016);
    assert.deepEqual(late.texts.slice(1), [
      '{"type":"error","message":"No identity came in time",' +
      '"code":"identity_timeout"}',
    ]);
    assert.equal(app.clock.now(), START_AT + 10_000);
    // Who is in a room is asked for nothing more.
    await app.clock.advance(20_000);
    await expectQuiet(early);
  });
});

Deno.test("IDENTITY_TIMEOUT_SECONDS says how long a device may take", async () => {
  await using app = await newTestApp({ IDENTITY_TIMEOUT_SECONDS: "1" });
  const late = await DeviceClient.open(deviceUrl(app.url));
  await app.clock.advance(999);
  assert.equal(app.app.core.edge.connectionCount, 1);
  await app.clock.advance(1);
  await late.expectClosed(4016);
});

Deno.test("An identity that is sent twice is a message the second time", async () => {
  await withRoom(async ({ app, roomId, one, two }) => {
    const client = await DeviceClient.enter(app.url, sensor("2", roomId));
    const second = '{"device_id": "4", "identity": "other", "room_id": ""}';
    client.sendText(second);
    for (const other of [one, two]) await other.expectText(second);
    assert.equal((await client.query()).room_id, roomId);
    await expectQuiet(client);
    await client.close();
  });
});
