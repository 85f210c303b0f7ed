// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  DeviceClient,
  type DeviceQuery,
  expectQuiet,
  type Json,
  sensor,
} from "../support/device_client.ts";
import { START_AT } from "../support/fake_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const ENVELOPE = { envelope: "true" };

/** Comes back, and asks for what came after a number. */
function comeBack(
  app: TestApp,
  deviceId: string,
  { since, epoch, ...more }: DeviceQuery & { since: string; epoch: string },
): Promise<DeviceClient> {
  const query = { since, epoch, ...more };
  return DeviceClient.enter(app.url, sensor(deviceId), query);
}

/** The `seq` of each message that a device heard, in order. */
function seqsOf(client: DeviceClient): number[] {
  return messagesOf(client).map(({ seq }) => seq);
}

function messagesOf(client: DeviceClient): Json[] {
  return client.received.flatMap((one) =>
    "text" in one && one.json?.type === "message" ? [one.json] : []
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Sends numbers, and resolves when all are in the room's log. */
async function send(
  client: DeviceClient,
  from: number,
  to: number,
): Promise<void> {
  for (const number of range(from, to)) client.sendText(`{"n": ${number}}`);
  await client.query();
}

Deno.test("In the envelope each message has its number, id, time and sender, around the text as it was sent", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"), ENVELOPE);
  const { session_id, epoch, ...rest } = one.room;
  assert.deepEqual(rest, {
    type: "room",
    room_id: one.roomId,
    status: "created_new",
    message: `created_new: joined room ${one.roomId}`,
    last_seq: 0,
    recovered: false,
  });
  assert.match(`${session_id} ${epoch}`, /^[0-9a-f-]{36} [0-9a-f-]{36}$/);
  await using two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  await using plain = await DeviceClient.enter(
    app.url,
    sensor("3", one.roomId),
  );
  const odd = ' {"big":12345678901234567890,"a":1,"a":1.0, "e":"\\u00e9"} ';
  two.sendText(odd);
  await plain.expectText(odd);
  two.sendText("[1]");
  two.sendText('{"target_device_id":"1","from_device_id":"3"}');
  two.sendBinary(Uint8Array.of(0, 255, 10));
  const kinds = [
    ["broadcast", `"data":${odd}`],
    ["broadcast", '"data":[1]'],
    ["direct", '"data":{"target_device_id":"1","from_device_id":"3"}'],
    ["broadcast", '"data_base64":"AP8K"'],
  ] as const;
  for (const [index, [type, data]] of kinds.entries()) {
    const text = await one.expectText((text) => text.includes('"message"'));
    const { id, at } = JSON.parse(text);
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.equal(at, START_AT);
    assert.equal(
      text,
      `{"type":"message","seq":${index + 1},"id":"${id}","at":${at},` +
        `"from_device_id":"2","message_type":"${type}",${data}}`,
    );
  }
  await plain.expectText("[1]");
  assert.deepEqual(await plain.expectBinary(), Uint8Array.of(0, 255, 10));
  await expectQuiet(one, two, plain);
});

Deno.test("What the operator says and does has its number in the envelope, and none outside", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"), ENVELOPE);
  await using plain = await DeviceClient.enter(
    app.url,
    sensor("2", one.roomId),
  );
  const room = `/management/rooms/${one.roomId}`;
  await app.api(`POST ${room}/messages`, { body: { content: "Hello" } });
  await app.api(`POST ${room}/events`, {
    body: { event_type: "reboot", payload: { in: 5 } },
  });
  const said = { type: "system", message: "Hello" };
  const done = {
    type: "custom_event",
    event_type: "reboot",
    payload: { in: 5 },
  };
  for (const [index, frame] of [said, done].entries()) {
    assert.deepEqual(await plain.expectFrame(frame.type), frame);
    const { id, ...rest } = await one.expectFrame(frame.type);
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, { ...frame, seq: index + 1, at: START_AT });
  }
  await expectQuiet(one, plain);
});

Deno.test("A device that comes back gets what it missed, then goes on live", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  const query = { since: "0", epoch: "any" };
  let epoch: string;
  {
    const named = sensor("2", one.roomId);
    await using two = await DeviceClient.enter(app.url, named, query);
    // A resume asks for the envelope, whatever comes of it.
    assert.equal(two.room.recovered, false);
    ({ epoch } = two.room);
    await send(one, 1, 10);
    await two.expectJson(({ seq }) => seq === 10, "message 10");
  }
  await send(one, 11, 120);
  await using back = await comeBack(app, "2", { since: "10", epoch });
  assert.equal(back.room.recovered, true);
  assert.equal(back.room.last_seq, 120);
  assert.equal(back.room.status, "reconnected");
  await send(one, 121, 122);
  await back.expectJson(({ seq }) => seq === 122, "message 122");
  assert.deepEqual(seqsOf(back), range(11, 122));
  assert.deepEqual(messagesOf(back).map(({ data }) => data.n), range(11, 122));
  assert.equal(JSON.parse(back.texts[1] ?? "").type, "room");
});

Deno.test("A resume leaves out what the device said itself and what others were told alone", async () => {
  // Out of memory, and out of the database.
  for (const entries of ["1000", "0"]) {
    await using app = await newTestApp({ RESUME_MEMORY_ENTRIES: entries });
    await using one = await DeviceClient.enter(app.url, sensor("1"), ENVELOPE);
    const { epoch } = one.room;
    await using three = await DeviceClient.enter(
      app.url,
      sensor("3", one.roomId),
    );
    const two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
    two.sendText('"mine"');
    two.sendBinary(Uint8Array.of(1));
    two.sendText('{"target_device_id":"1"}');
    await two.query();
    await two.close();
    await app.expectConnections(2);
    one.sendText('"for all"');
    one.sendText('{"target_device_id":"3","secret":1}');
    await one.query();
    three.sendBinary(Uint8Array.of(2));
    await three.query();
    await using back = await comeBack(app, "2", { since: "0", epoch });
    await back.expectJson(({ seq }) => seq === 6, "message 6");
    const heard = messagesOf(back);
    assert.deepEqual(heard.map(({ seq }) => seq), [4, 6]);
    assert.deepEqual(heard.map((each) => each.data ?? each.data_base64), [
      "for all",
      "Ag==",
    ]);
    // Whom it was for finds it, and not what it sent itself.
    await using again = await comeBack(app, "3", { since: "0", epoch });
    await again.expectJson(({ seq }) => seq === 5, "message 5");
    one.sendText('"live"');
    await again.expectJson(({ seq }) => seq === 7, "message 7");
    assert.deepEqual(seqsOf(again), [1, 2, 4, 5, 7]);
  }
});

Deno.test("A device that is up to date, ahead, or of another log gets nothing old", async () => {
  await using app = await newTestApp();
  await using one = await DeviceClient.enter(app.url, sensor("1"), ENVELOPE);
  await send(one, 1, 3);
  const { epoch } = one.room;
  const first = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  await first.close();
  const cases = [
    { since: "3", epoch, recovered: true },
    { since: "4", epoch, recovered: false },
    { since: "0", epoch: "another", recovered: false },
  ];
  for (const { recovered, ...point } of cases) {
    await using back = await comeBack(app, "2", point);
    assert.equal(back.room.recovered, recovered, JSON.stringify(point));
    await expectQuiet(back);
  }
  // One of the two alone resumes nothing, and asks for no envelope.
  for (const query of [{ since: "0" }, { epoch }]) {
    await using back = await DeviceClient.enter(
      app.url,
      sensor("2"),
      query as DeviceQuery,
    );
    assert.equal("recovered" in back.room, false);
    await expectQuiet(back);
  }
});

Deno.test("A device too far behind is told of the gap instead", async () => {
  await using app = await newTestApp({ RESUME_ENTRIES_MAX: "20" });
  await using one = await DeviceClient.enter(app.url, sensor("1"), ENVELOPE);
  const first = await DeviceClient.enter(app.url, sensor("2", one.roomId));
  await first.close();
  await send(one, 1, 21);
  const { epoch } = one.room;
  {
    await using back = await comeBack(app, "2", { since: "1", epoch });
    await back.expectJson(({ seq }) => seq === 21, "message 21");
    assert.deepEqual(seqsOf(back), range(2, 21));
  }
  await using back = await comeBack(app, "2", { since: "0", epoch });
  assert.equal(back.room.recovered, false);
  await back.expectText('{"type":"gap","from":1,"to":21}');
  await send(one, 22, 22);
  await back.query();
  assert.deepEqual(seqsOf(back), [22]);
});

Deno.test("What memory has no more comes from the database, bytes as bytes", async () => {
  using folder = new TempFolder();
  const settings = {
    DATABASE_URL: `sqlite:${folder.file("parlor.db")}`,
    RESUME_MEMORY_ENTRIES: "3",
  };
  const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
  const large = Uint8Array.from({ length: 65_536 }, (_, index) => index % 251);
  const odd = '{"n": 1.0, "n":"\\u00e9", "big":12345678901234567890}';
  let epoch: string;
  {
    await using app = await newTestApp(settings);
    await using one = await DeviceClient.enter(app.url, sensor("1"), ENVELOPE);
    ({ epoch } = one.room);
    const two = await DeviceClient.enter(app.url, sensor("2", one.roomId));
    await two.close();
    await app.expectConnections(1);
    one.sendBinary(new Uint8Array());
    one.sendText(odd);
    one.sendBinary(everyByte);
    one.sendBinary(large);
    await send(one, 5, 60);
    await using back = await comeBack(app, "2", { since: "0", epoch });
    await back.expectJson(({ seq }) => seq === 60, "message 60");
    assertWhole(back);
  }
  // So it is for a server that has never held them in memory.
  await using app = await newTestApp(settings);
  await using back = await comeBack(app, "2", { since: "0", epoch });
  assert.equal(back.room.recovered, true);
  await back.expectJson(({ seq }) => seq === 60, "message 60");
  assertWhole(back);

  function assertWhole(client: DeviceClient): void {
    assert.deepEqual(seqsOf(client), range(1, 60));
    const heard = messagesOf(client);
    assert.equal(heard[0].data_base64, "");
    assert.equal(heard[2].data_base64, everyByte.toBase64());
    assert.equal(heard[3].data_base64, large.toBase64());
    const text = client.texts.find((text) => text.includes('"seq":2,'));
    assert(text?.endsWith(`"message_type":"broadcast","data":${odd}}`), text);
  }
});

Deno.test("A room's log goes on across a restart, and so does who resumes it", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let epoch: string;
  let roomId: string;
  {
    await using app = await newTestApp(settings);
    await using one = await DeviceClient.enter(app.url, sensor("1"), ENVELOPE);
    ({ epoch } = one.room);
    ({ roomId } = one);
    await using _two = await DeviceClient.enter(app.url, sensor("2", roomId));
    await send(one, 1, 5);
  }
  await using app = await newTestApp(settings);
  await using one = await DeviceClient.enter(app.url, sensor("1"), ENVELOPE);
  assert.equal(one.room.epoch, epoch);
  assert.equal(one.room.last_seq, 5);
  await send(one, 6, 6);
  await using back = await comeBack(app, "2", { since: "3", epoch });
  await back.expectJson(({ seq }) => seq === 6, "message 6");
  assert.equal(back.roomId, roomId);
  assert.deepEqual(seqsOf(back), [4, 5, 6]);
});
