import assert from "node:assert/strict";
import { DeviceClient, expectQuiet, sensor } from "../support/device_client.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

/** Three devices of one room. */
async function threeOf(app: TestApp) {
  const one = await DeviceClient.enter(app.url, sensor("1"));
  const two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  const three = await DeviceClient.enter(app.url, sensor("3", one.roomId));
  return {
    one,
    two,
    three,
    async [Symbol.asyncDispose]() {
      for (const client of [one, two, three]) await client.close();
    },
  };
}

/** What a device hears of a text from device `1`. */
interface Heard {
  readonly sent: string;
  readonly heard: string;
}

const DIRECT = '"from_device_id":"1","message_type":"direct"';

/** All else of a text stays as it was. */
const DIRECT_TEXTS: readonly Heard[] = [
  {
    sent: '{"target_device_id":"2","text":"hi"}',
    heard: `{"target_device_id":"2","text":"hi",${DIRECT}}`,
  },
  {
    sent: ' { "n" : 1.0,\n"target_device_id" : 2 , "n":12345678901234567890 } ',
    heard: ' { "n" : 1.0,\n"target_device_id" : 2 , ' +
      `"n":12345678901234567890 ,${DIRECT}} `,
  },
  {
    sent: '{"target_device_id":"\\u0032","s":"}{"}',
    heard: `{"target_device_id":"\\u0032","s":"}{",${DIRECT}}`,
  },
  {
    // Nobody speaks in another's name.
    sent:
      '{"from_device_id":"3","target_device_id":"2","message_type":"x","a":1}',
    heard: `{"target_device_id":"2","a":1,${DIRECT}}`,
  },
  {
    sent: '{"\\u0066rom_device_id":"3","target_device_id":"2","x":1e2}',
    heard: `{"target_device_id":"2","x":1e2,${DIRECT}}`,
  },
  {
    sent: '{"target_device_id":"3","target_device_id":"2"}',
    heard: `{"target_device_id":"3","target_device_id":"2",${DIRECT}}`,
  },
];

Deno.test("A message with target_device_id goes to that device alone, and says from whom", async () => {
  await using app = await newTestApp();
  await using devices = await threeOf(app);
  const { one, two, three } = devices;
  for (const { sent, heard } of DIRECT_TEXTS) {
    one.sendText(sent);
    await two.expectText(heard);
    assert.equal(JSON.parse(heard).from_device_id, "1");
  }
  await expectQuiet(one, two, three);
});

Deno.test("A direct message goes to every connection of the device, and not to the one that sent it", async () => {
  await using app = await newTestApp();
  await using devices = await threeOf(app);
  const { one, two, three } = devices;
  await using again = await DeviceClient.enter(app.url, sensor("2"));
  one.sendText('{"target_device_id":"2"}');
  const heard = `{"target_device_id":"2",${DIRECT}}`;
  for (const client of [two, again]) await client.expectText(heard);
  // To itself is to its other connections.
  two.sendText('{"target_device_id":"2"}');
  await again.expectText(heard.replace('"1"', '"2"'));
  await expectQuiet(one, two, three, again);
});

Deno.test("A target that Python takes for false is none", async () => {
  await using app = await newTestApp();
  await using devices = await threeOf(app);
  const { one, two, three } = devices;
  const targets = ["null", '""', "0", "0.0", "false", "[]", "{}"];
  for (const target of targets) {
    const text = `{"target_device_id":${target}}`;
    one.sendText(text);
    for (const client of [two, three]) await client.expectText(text);
  }
  await expectQuiet(one, two, three);
});

Deno.test("A target that is not in the room is answered by an error, and heard by nobody", async () => {
  await using app = await newTestApp();
  await using devices = await threeOf(app);
  const { one, two, three } = devices;
  await using _elsewhere = await DeviceClient.enter(app.url, sensor("9"));
  const cases = [
    ['"9"', "9"],
    ['"nobody"', "nobody"],
    ["12345678901234567890", "12345678901234567890"],
    // Its only connection is the one that sends.
    ['"1"', "1"],
  ] as const;
  for (const [target, shown] of cases) {
    one.sendText(`{"target_device_id":${target},"text":"hi"}`);
    await one.expectText(
      `{"type":"error","message":"Device ${shown} is not in this room",` +
        '"code":"target_not_found"}',
    );
  }
  await three.close();
  await app.expectConnections(3);
  await app.idle();
  one.sendText('{"target_device_id":"3"}');
  await one.expectError("target_not_found");
  await expectQuiet(one, two);
});

Deno.test("A target that is no text is answered by an error that names the field", async () => {
  await using app = await newTestApp();
  await using devices = await threeOf(app);
  const { one, two, three } = devices;
  const targets = ["true", "[1]", '{"a":1}', '"a\\u0000b"', '"\\ud800"'];
  for (const target of [...targets, `"${"x".repeat(256)}"`]) {
    one.sendText(`{"target_device_id":${target}}`);
    const { message } = await one.expectError("bad_request");
    assert.match(message, /^Invalid target_device_id: want /);
  }
  one.sendText(`{"target_device_id":"${"x".repeat(255)}"}`);
  await one.expectError("target_not_found");
  await expectQuiet(one, two, three);
});

Deno.test("With DEVICE_STAMP a broadcast says from whom as well, and what is no object stays as it is", async () => {
  await using app = await newTestApp({ DEVICE_STAMP: "true" });
  await using devices = await threeOf(app);
  const { one, two, three } = devices;
  const stamp = '"from_device_id":"1","message_type":"broadcast"';
  const cases: readonly Heard[] = [
    { sent: '{"n": 1.0}', heard: `{"n": 1.0,${stamp}}` },
    { sent: "{}", heard: `{${stamp}}` },
    { sent: "{ }", heard: `{ ${stamp}}` },
    { sent: '{"from_device_id":"3"}', heard: `{${stamp}}` },
    { sent: '[{"n":1}]', heard: '[{"n":1}]' },
    { sent: "17", heard: "17" },
    { sent: '"}"', heard: '"}"' },
  ];
  for (const { sent, heard } of cases) {
    one.sendText(sent);
    for (const client of [two, three]) await client.expectText(heard);
  }
  one.sendText('{"target_device_id":"3"}');
  await three.expectText(`{"target_device_id":"3",${DIRECT}}`);
  one.sendBinary(new TextEncoder().encode('{"n":1}'));
  for (const client of [two, three]) {
    const bytes = await client.expectBinary();
    assert.equal(new TextDecoder().decode(bytes), '{"n":1}');
  }
  await expectQuiet(one, two, three);
});
