import assert from "node:assert/strict";
import { bodyOf, relayRow } from "../../src/store/relay_body.ts";
import { newEntry, newStore, T0, testStore } from "./fixture.ts";

const SENDER = { identity: "sensor", sessionId: "session-1" };

Deno.test("relayRow takes text and bytes out of the payload", () => {
  const rest = { ...SENDER, to: "bob", clientMsgId: "m-1" };
  const text = relayRow({ ...rest, text: '{"a":1}' });
  assert.deepEqual(text, { body: '{"a":1}', payload: rest });
  const bytes = relayRow({ ...rest, base64: "AAH/" });
  assert.deepEqual(bytes, {
    body: new Uint8Array([0, 1, 255]),
    payload: rest,
  });
  assert.deepEqual(relayRow(SENDER), { body: null, payload: SENDER });
});

Deno.test("relayRow gives bytes that share no buffer", () => {
  const { body } = relayRow({ ...SENDER, base64: "AAH/" });
  assert.ok(body instanceof Uint8Array);
  assert.equal(body.buffer.byteLength, 3);
});

Deno.test("bodyOf tells text from bytes, and says when a row is damaged", () => {
  assert.deepEqual(bodyOf({ body: "" }), { text: "" });
  assert.deepEqual(bodyOf({ body: new Uint8Array(0) }), { base64: "" });
  assert.deepEqual(bodyOf({ body: null }), {});
  assert.throws(() => bodyOf({ body: 7 }), { failure: "corrupt" });
});

/** Every byte there is, over and over. */
function bytes(length: number): string {
  return Uint8Array.from({ length }, (_, index) => index % 256).toBase64();
}

testStore(
  "relay_body gives back what a device sent as it came",
  async ({ store }) => {
    const texts = [
      "0",
      '""',
      "[1, 2.50, -0, 1e3]",
      ' {"a" :\t1,\r\n "a": 2} ',
      String.raw`{"lone":"\ud800","nul":"\u0000","solidus":"\/"}`,
      '{"wide":"👩‍👩‍👧 茶 𝒳 \u2028"}',
      '{"$.to":"bob","text":"x","base64":"y"}',
      `"${"x".repeat(300_000)}"`,
    ];
    const payloads = [
      ...texts.map((text) => ({ ...SENDER, text })),
      ...[0, 1, 2, 3, 65_535, 65_536].map((length) => ({
        ...SENDER,
        base64: bytes(length),
      })),
      {
        ...SENDER,
        identity: 'a "b" 茶',
        text: "1",
        to: "bob",
        clientMsgId: "m",
      },
      { ...SENDER, base64: "", clientMsgId: "\0" },
    ];
    const entries = payloads.map((payload, index) => {
      return newEntry("relay", index + 1, payload);
    });
    await store.apply(entries.map((entry) => ({ type: "entry", entry })));
    assert.deepEqual(await store.log("room-1", { limit: 99 }), entries);
  },
);

Deno.test("relay_body keeps bytes as bytes, and nothing of them twice", async () => {
  await using test = await newStore("file");
  const { store } = test;
  const base64 = bytes(65_536);
  const entry = newEntry("relay", 1, { ...SENDER, base64 }, { at: T0 });
  await store.apply([{ type: "entry", entry }]);
  const [read] = await store.log("room-1", { afterSeq: 0, limit: 1 });
  assert.deepEqual(read, entry);
  const [newest] = await store.log("room-1", { limit: 1 });
  assert.deepEqual(newest, entry);
  assert.deepEqual(await store.messages("room-1", { limit: 9 }), []);
  const chat = await store.chat("room-1", { page: 1, limit: 9 });
  assert.deepEqual(chat, { rows: [], total: 0 });
});
