// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { OPCODE, RawSocket } from "../support/raw_socket.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";
import { roomUrl, type WsClient } from "../support/ws_client.ts";

/** Asserts that each text is answered with one Error and no more. */
async function assertRefused(
  app: TestApp,
  client: WsClient,
  texts: readonly string[],
  code: string,
): Promise<void> {
  for (const text of texts) {
    client.sendText(text);
    await client.expectError(code);
    await app.expectSilence(client);
  }
}

/** A chat frame of exactly so many bytes. */
function frameOfBytes(byteCount: number, filler = "x"): string {
  const empty = JSON.stringify({
    type: "SendMessage",
    payload: { content: "" },
  });
  const fillerBytes = new TextEncoder().encode(filler).length;
  const rest = byteCount - empty.length;
  const content = filler.repeat(Math.floor(rest / fillerBytes)) +
    "y".repeat(rest % fillerBytes);
  return JSON.stringify({ type: "SendMessage", payload: { content } });
}

Deno.test("A frame that is no JSON object is answered and nothing more", async () => {
  await using app = await newTestApp();
  const ann = await app.joinRoom(await app.createRoom(), "ann");
  await assertRefused(app, ann, [
    "",
    " ",
    "hello",
    "{",
    '{"type":"Ping"',
    '{"type":"Ping"}{"type":"Ping"}',
    "null",
    "1",
    '"Ping"',
    '[{"type":"Ping"}]',
    "\ufeff{}",
    "[".repeat(10_000) + "]".repeat(10_000),
    '{"a":'.repeat(10_000) + "1",
  ], "bad_json");
});

Deno.test("A frame of a type that no client may send is answered and does nothing", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const bob = await app.joinRoom(roomId, "bob");
  const person = { user_id: "bob", nickname: "B" };
  const texts = [
    {},
    { type: null },
    { type: 1 },
    { type: ["Ping"] },
    { type: "" },
    { type: "ping" },
    { type: "Nonsense" },
    { type: "UserLeft", payload: person },
    { type: "UserJoined", payload: person },
    { type: "YouAreKicked" },
    { type: "WelcomeInfo", payload: person },
    { type: "RoomStats", payload: { current_users: 0 } },
    { type: "Message", payload: { from: "bob", content: "x" } },
    { type: "__proto__" },
    { type: "constructor" },
    { type: "toString" },
    { type: "hasOwnProperty", payload: {} },
  ].map((frame) => JSON.stringify(frame));
  await assertRefused(app, ann, texts, "unknown_type");
  bob.sendChat("still here");
  await ann.expectChat("still here");
  await bob.expectChat("still here");
  await app.expectSilence(bob);
});

Deno.test("A frame with a wrong field is answered with the field's name", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const cases: [string, unknown, RegExp][] = [
    ["SendMessage", undefined, /payload\.content/],
    ["SendMessage", null, /payload\.content/],
    ["SendMessage", "hi", /^Invalid payload: /],
    ["SendMessage", [], /^Invalid payload: /],
    ["SendMessage", {}, /payload\.content/],
    ["SendMessage", { content: "" }, /payload\.content/],
    ["SendMessage", { content: 1 }, /payload\.content/],
    ["SendMessage", { content: ["x"] }, /payload\.content/],
    ["SendMessage", { content: "a\0b" }, /no NUL character/],
    ["SendMessage", { content: "x".repeat(4097) }, /at most 4096 characters/],
    ["SendMessage", { content: "x", client_msg_id: 1 }, /client_msg_id/],
    ["SendMessage", { content: "x", client_msg_id: "" }, /client_msg_id/],
    [
      "SendMessage",
      { content: "x", client_msg_id: "i".repeat(129) },
      /client_msg_id/,
    ],
    ["KickUser", {}, /payload\.user_id/],
    ["KickUser", { user_id: 7 }, /payload\.user_id/],
    ["MuteUser", { user_id: "" }, /payload\.user_id/],
    ["BanUser", { user_id: "bob", duration_secs: 0 }, /duration_secs/],
    ["BanUser", { user_id: "bob", duration_secs: 1.5 }, /duration_secs/],
    ["BanUser", { user_id: "bob", duration_secs: "60" }, /duration_secs/],
    ["MuteUser", { user_id: "bob", duration_secs: 1e12 }, /duration_secs/],
    ["DeleteMessage", { seq: 0 }, /payload\.seq/],
    ["DeleteMessage", { seq: "1" }, /payload\.seq/],
    ["CustomEvent", { payload: 1 }, /event_type/],
    ["CustomEvent", { event_type: "e".repeat(129) }, /event_type/],
    ["Ping", { timestamp: "now" }, /timestamp/],
    ["History", { limit: 0 }, /limit/],
    ["History", { limit: 201 }, /limit/],
    ["History", { before_seq: 0 }, /before_seq/],
    ["History", { after_seq: -1 }, /after_seq/],
    ["History", { before_seq: 2, after_seq: 1 }, /exclude each other/],
    ["RefreshToken", {}, /payload\.token/],
    ["RefreshToken", { token: "t".repeat(8193) }, /payload\.token/],
  ];
  for (const [type, payload, field] of cases) {
    admin.send(type, payload);
    const { payload: said } = await admin.expectError("bad_request");
    assert.match(String(said?.["message"]), field);
    await app.expectSilence(admin);
  }
});

Deno.test("A refused SendMessage is named by the id that its sender gave it", async () => {
  await using app = await newTestApp();
  const ann = await app.joinRoom(await app.createRoom(), "ann");
  ann.send("SendMessage", { content: "", client_msg_id: "m-1" });
  const refusal = await ann.expectError("bad_request");
  assert.equal(refusal.client_msg_id, "m-1");
});

Deno.test("CONTENT_CHARS_MAX counts characters, up to the bound and not past it", async () => {
  await using app = await newTestApp({ CONTENT_CHARS_MAX: "10" });
  const ann = await app.joinRoom(await app.createRoom(), "ann");
  for (const content of ["安".repeat(9), "👋".repeat(10)]) {
    ann.sendChat(content);
    await ann.expectChat(content);
  }
  ann.sendChat("👋".repeat(11));
  await ann.expectError("bad_request");
});

Deno.test("A binary frame is answered with an Error", async () => {
  await using app = await newTestApp();
  const ann = await app.joinRoom(await app.createRoom(), "ann");
  for (const bytes of [new Uint8Array(), new TextEncoder().encode("{}")]) {
    ann.sendBinary(bytes);
    assert.deepEqual(await ann.expectError("binary_refused"), {
      type: "Error",
      payload: { message: "Binary frames are not understood here" },
      code: "binary_refused",
    });
  }
  await app.expectSilence(ann);
});

Deno.test("FRAME_BYTES_MAX lets a frame through up to the bound", async () => {
  await using app = await newTestApp({ FRAME_BYTES_MAX: "1024" });
  const ann = await app.joinRoom(await app.createRoom(), "ann");
  for (const filler of ["x", "安", "👋"]) {
    for (const byteCount of [1023, 1024]) {
      ann.sendText(frameOfBytes(byteCount, filler));
      await ann.expectFrame("Message");
    }
  }
});

for (const filler of ["x", "安", "👋"]) {
  Deno.test(`FRAME_BYTES_MAX closes with 1009 past the bound, of ${filler}`, async () => {
    await using app = await newTestApp({ FRAME_BYTES_MAX: "1024" });
    const roomId = await app.createRoom();
    const ann = await app.joinRoom(roomId, "ann");
    const bob = await app.joinRoom(roomId, "bob");
    ann.sendText(frameOfBytes(1025, filler));
    await ann.expectError("frame_too_large");
    const { reason } = await ann.expectClosed(1009);
    assert.equal(reason, "frame_too_large");
    await app.expectSilence(bob);
  });
}

Deno.test("FRAME_BYTES_MAX holds for binary frames, and for a frame in parts", async () => {
  await using app = await newTestApp({ FRAME_BYTES_MAX: "1024" });
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  ann.sendBinary(new Uint8Array(1024));
  await ann.expectError("binary_refused");
  ann.sendBinary(new Uint8Array(1025));
  await ann.expectClosed(1009);
  const url = roomUrl(app.url, roomId, { user_id: "bob", nickname: "B" });
  using bob = await RawSocket.upgrade(url);
  const text = frameOfBytes(1025);
  await bob.writeFrame(OPCODE.text, text.slice(0, 1000), { isFinal: false });
  await bob.writeFrame(OPCODE.ping, "between");
  await bob.writeFrame(OPCODE.continuation, text.slice(1000));
  await app.expectConnections(0);
  await bob.sayGoodbye(1009);
  const { body } = await app.api(`GET /management/rooms/${roomId}/sessions`);
  const [stay] = body.records;
  assert.equal(stay.close_code, 1009);
});

Deno.test("What is said once a frame was too large is not heard", async () => {
  await using app = await newTestApp({ FRAME_BYTES_MAX: "1024" });
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const bob = await app.joinRoom(roomId, "bob");
  ann.sendText(frameOfBytes(1025));
  ann.sendChat("too late");
  // The code may be lost: the runtime hangs up on who talks into its close.
  await ann.closed();
  await app.expectSilence(bob);
});

Deno.test("CustomEvent nests as deep as 64 and no deeper", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const nested = (depth: number) =>
    `{"type":"CustomEvent","payload":{"event_type":"e","payload":${
      "[".repeat(depth)
    }${"]".repeat(depth)}}}`;
  for (const depth of [63, 64]) {
    admin.sendText(nested(depth));
    await admin.expectFrame("CustomEvent");
  }
  for (const depth of [65, 10_000]) {
    admin.sendText(nested(depth));
    const { payload } = await admin.expectError("bad_request");
    assert.match(String(payload?.["message"]), /nests deeper than 64/);
  }
  // Where nothing reads it, depth does not matter.
  const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
  admin.sendText(
    `{"type":"SendMessage","x":${deep},"payload":{"content":"c","y":${deep}}}`,
  );
  await admin.expectChat("c");
  await app.expectSilence(admin);
});

Deno.test("__proto__ is a name like any other", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom({ admins: ["admin", "__proto__"] });
  const admin = await app.joinAsAdmin(roomId);
  const ann = await app.joinRoom(roomId, "ann");
  ann.sendText(
    '{"type":"SendMessage","payload":{"content":"c","__proto__":{"isAdmin":true}},"__proto__":{"type":"KickUser"}}',
  );
  const heard = await ann.expectFrame("Message");
  assert.equal(heard.payload?.["is_admin"], false);
  ann.sendText(
    '{"payload":{"content":"c"},"__proto__":{"type":"SendMessage"}}',
  );
  await ann.expectError("unknown_type");
  const event =
    '{"event_type":"e","payload":{"__proto__":{"x":1},"constructor":{"prototype":2}}}';
  admin.sendText(`{"type":"CustomEvent","payload":${event}}`);
  await ann.expectFrame("CustomEvent");
  assert.match(ann.texts.at(-1) ?? "", new RegExp(RegExp.escape(event)));
  const odd = await app.joinRoom(roomId, "__proto__", {
    headers: { "X-Api-Key": "a-key-for-tests" },
  });
  odd.sendChat("me", "__proto__");
  await odd.expectAck("__proto__");
  odd.send("MuteUser", { user_id: "constructor" });
  await odd.expectFrame("UserMuted");
  odd.send("UnmuteUser", { user_id: "toString" });
  odd.send("UnmuteUser", { user_id: "constructor" });
  const unmuted = await odd.expectFrame("UserUnmuted");
  assert.deepEqual(unmuted.payload, { user_id: "constructor" });
});

Deno.test("Lone surrogates survive the way through the database", async () => {
  // Nothing is kept in memory: the history comes from the database.
  await using app = await newTestApp({ RESUME_MEMORY_ENTRIES: "0" });
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  admin.sendText(
    String
      .raw`{"type":"SendMessage","payload":{"content":"a\ud800b\udc00c","client_msg_id":"\udfff"}}`,
  );
  const said = await admin.expectFrame("Message");
  assert.equal(said.payload?.["content"], "a\ufffdb\ufffdc");
  const ack = await admin.expectFrame("Ack");
  assert.equal(ack.payload?.["client_msg_id"], "\ufffd");
  const event = String.raw`{"event_type":"\ud800","payload":["\udfff"]}`;
  admin.sendText(`{"type":"CustomEvent","payload":${event}}`);
  const happened = await admin.expectFrame("CustomEvent");
  assert.deepEqual(happened.payload, {
    event_type: "\ufffd",
    payload: ["\udfff"],
  });
  admin.send("History");
  const { payload } = await admin.expectFrame("History");
  assert.deepEqual(payload?.["entries"], [said, happened]);
  await app.expectSilence(admin);
});
