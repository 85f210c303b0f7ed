import assert from "node:assert/strict";
import { BATCH_PROTOCOL } from "../../src/edge/batch_protocol.ts";
import { newTestApp } from "../support/test_app.ts";

const BATCHED = { protocols: [BATCH_PROTOCOL] };

Deno.test("parlor.v1.batch joins what one turn says into one text frame", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  for (let number = 1; number <= 40; number++) ann.sendChat(`${number}`);
  await ann.expectChat("40");
  const query = { since: "0", epoch: String(ann.welcome.epoch) };
  const bob = await app.joinRoom(roomId, "bob", { query, ...BATCHED });
  await bob.expectChat("40");
  assert.equal(bob.protocol, BATCH_PROTOCOL);
  // The welcome and the forty that were missed.
  const [first = ""] = bob.texts;
  const lines = first.split("\n");
  assert.equal(lines.length, 41);
  assert.equal(JSON.parse(lines[0] ?? "").type, "WelcomeInfo");
  assert.equal(JSON.parse(lines[40] ?? "").payload.content, "40");
  const cat = await app.joinRoom(roomId, "cat", { query });
  await cat.expectChat("40");
  assert.equal(cat.protocol, "");
  assert.deepEqual(cat.texts.slice(1), lines.slice(1));
});

Deno.test("parlor.v1.batch is taken among other subprotocols, and others are not", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const protocols = ["other.v1", BATCH_PROTOCOL];
  const ann = await app.joinRoom(roomId, "ann", { protocols });
  assert.equal(ann.protocol, BATCH_PROTOCOL);
  ann.sendChat("one", "m-1");
  await ann.expectAck("m-1");
  await ann.expectChat("one");
  assert.equal(ann.texts.length, 2);
});

Deno.test("A flood is heard by all, whole and in order, batched or not", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const bob = await app.joinRoom(roomId, "bob", BATCHED);
  const cat = await app.joinRoom(roomId, "cat");
  const contents = Array.from({ length: 2000 }, (_, index) => `${index}`);
  for (const content of contents) ann.sendChat(content);
  for (const client of [ann, bob, cat]) {
    await client.expectChat("1999");
    const heard = client.received.filter(({ type }) => type === "Message");
    assert.deepEqual(
      heard.map(({ payload }) => payload?.["content"]),
      contents,
    );
  }
  assert(bob.texts.length < contents.length, `${bob.texts.length}`);
});

Deno.test("Ping, and an admin's command, are answered while the room is flooded", async () => {
  await using app = await newTestApp({ LOW_PRIORITY_SLICE: "5" });
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const admin = await app.joinAsAdmin(roomId);
  for (let number = 1; number <= 3000; number++) ann.sendChat(`${number}`);
  await admin.expectChat("1");
  admin.send("Ping", { timestamp: 1 });
  admin.send("CustomEvent", { event_type: "stop", payload: null });
  await admin.expectChat("3000");
  await admin.expectFrame("Pong");
  await admin.expectFrame("CustomEvent");
  const types = admin.received.map(({ type }) => type);
  const behind = types.length - 1000;
  assert(types.indexOf("Pong") < behind, `${types.indexOf("Pong")}`);
  assert(
    types.indexOf("CustomEvent") < behind,
    `${types.indexOf("CustomEvent")}`,
  );
});

Deno.test("A room whose mailbox is full answers busy, and says which send", async () => {
  await using app = await newTestApp({ MAILBOX_LANE_MAX: "10" });
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  for (let number = 1; number <= 3000; number++) {
    ann.sendChat(`${number}`, `n${number}`);
  }
  const refusal = await ann.expectError("busy");
  assert.equal(refusal.retry_after_ms, 1000);
  await ann.caughtUp();
  await app.idle();
  await ann.caughtUp();
  // Each is either accepted or refused, and never both.
  const accepted = ann.received.filter(({ type }) => type === "Ack")
    .map(({ payload }) => payload?.["client_msg_id"]);
  const refused = ann.received.filter(({ code }) => code === "busy")
    .map((frame) => frame.client_msg_id);
  assert.equal(new Set([...accepted, ...refused]).size, 3000);
  assert.equal(accepted.length + refused.length, 3000);
  const { body } = await app.api(`GET /management/rooms/${roomId}`);
  assert.equal(body.last_seq, accepted.length);
});
