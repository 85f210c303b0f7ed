import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { ChatClient } from "../support/chat_client.ts";
import { newPair } from "../support/chat_user.ts";
import { newTestApp } from "../support/test_app.ts";

/** A frame in an envelope, as a client of the seed packs it. */
function packed(frame: unknown): { compressed: true; data: string } {
  const data = gzipSync(JSON.stringify(frame)).toString("hex");
  return { compressed: true, data };
}

/** Fails unless the connection still works both ways. */
async function assertAlive(client: ChatClient, name: string): Promise<void> {
  await client.sayAndAck(`still here ${name}`, `alive-${name}`);
  await client.expectChat(`still here ${name}`);
  await client.expectSilence();
}

/** Texts that no client should send, and what each is refused with. */
const BAD_TEXTS: readonly (readonly [text: string, code: string])[] = [
  ["", "bad_json"],
  ["{", "bad_json"],
  ["[]", "bad_json"],
  ["null", "bad_json"],
  ['"message"', "bad_json"],
  ['{"type":"dance"}', "unknown_type"],
  ['{"type":7}', "unknown_type"],
  ['{"type":null}', "unknown_type"],
  ['{"type":"SendMessage","payload":{"content":"x"}}', "unknown_type"],
  ['{"type":"message","content":7}', "bad_request"],
  ['{"content":["x"]}', "bad_request"],
  ['{"content":"x","message_type":"poem"}', "bad_request"],
  ['{"content":"x","file_url":"javascript:alert(1)"}', "bad_request"],
  ['{"content":"x","file_url":"//elsewhere/x"}', "bad_request"],
  ['{"type":"typing","is_typing":"yes"}', "bad_request"],
  ['{"type":"read_status","message_ids":2}', "bad_request"],
  ['{"type":"read_status","message_ids":[0]}', "bad_request"],
  ['{"type":"read_status","message_ids":["2 "]}', "bad_request"],
  ['{"type":"online_status","status":"asleep"}', "bad_request"],
  ['{"type":"video_call_status","status":"ringing"}', "bad_request"],
  ['{"type":"new_message"}', "bad_request"],
  ['{"type":"ping","timestamp":"now"}', "bad_request"],
  ['{"type":"refresh_token"}', "bad_request"],
  ['{"compressed":true,"data":"zz"}', "bad_request"],
  ['{"compressed":true,"data":"00"}', "bad_request"],
  ['{"compressed":true}', "bad_request"],
  ['{"compressed":false,"data":"x"}', "bad_request"],
];

Deno.test("A bad frame is refused with its code, and the connection stays", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await annIn.expectFrame("user_joined");
  for (const [text, code] of BAD_TEXTS) {
    annIn.sendText(text);
    const refusal = await annIn.expectFrame("error");
    assert.equal(refusal.code, code, text);
    assert(refusal.message.length > 0, text);
    assert.doesNotMatch(refusal.message, /\/work|\.ts|zod|SQL/i);
  }
  await assertAlive(annIn, "after all");
});

Deno.test("A frame in an envelope is taken as if it had none", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId);
  annIn.sendJson(packed({ content: "packed 压缩" }));
  const heard = await bobIn.expectChat("packed 压缩");
  annIn.sendJson({ compressed: false, data: { content: "plain" } });
  await bobIn.expectChat("plain");
  annIn.sendJson(packed({ type: "typing", is_typing: true }));
  await bobIn.expectFrame("user_typing");
  bobIn.sendJson(packed({ type: "read_status", message_ids: [heard.seq] }));
  await annIn.expectFrame("read_status_update");
});

Deno.test("An envelope unpacks to as many bytes as a frame may have, and no more", async () => {
  await using app = await newTestApp({ FRAME_BYTES_MAX: "2048" });
  const { ann, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await annIn.expectFrame("user_joined");
  const bytes = JSON.stringify({ content: "", pad: "" }).length;
  for (const size of [2047, 2048]) {
    const pad = "x".repeat(size - bytes - 4);
    annIn.sendJson(packed({ content: `${size}`, pad }));
    await annIn.expectChat(`${size}`);
  }
  const pad = "x".repeat(2049 - bytes - 4);
  annIn.sendJson(packed({ content: "2049", pad }));
  await annIn.expectError("bad_request");
  // Some hundred bytes that would unpack to a quarter of a megabyte.
  annIn.sendJson(packed({ content: "bomb", pad: "x".repeat(262_144) }));
  await annIn.expectError("bad_request");
  annIn.sendJson(packed(packed({ content: "twice" })));
  await annIn.expectError("bad_request");
  await assertAlive(annIn, "envelope");
});

Deno.test("A message has as many characters as it may, and no more", async () => {
  await using app = await newTestApp({ CONTENT_CHARS_MAX: "10" });
  const { ann, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  for (const length of [9, 10]) {
    const content = "字".repeat(length);
    annIn.say(content);
    await annIn.expectChat(content);
  }
  annIn.say("字".repeat(11), "long");
  const refusal = await annIn.expectError("bad_request");
  assert.equal(refusal.client_msg_id, "long");
});

Deno.test("A read mark names as many messages as it may, and no more", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId);
  const { seq } = await annIn.sayAndAck("read me", "m-1");
  const ids = Array.from({ length: 501 }, (_, index) => seq + index);
  bobIn.send("read_status", { message_ids: ids });
  await bobIn.expectError("bad_request");
  bobIn.send("read_status", { message_ids: ids.slice(0, 500) });
  const mark = await annIn.expectFrame("read_status_update");
  assert.deepEqual(mark.message_ids, [seq]);
});

Deno.test("A binary frame is refused and the connection stays; one too large ends it", async () => {
  await using app = await newTestApp({ FRAME_BYTES_MAX: "1024" });
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId);
  annIn.sendBinary(new Uint8Array(10));
  await annIn.expectError("binary_refused");
  annIn.sendText(" ".repeat(1025));
  await annIn.expectError("frame_too_large");
  await annIn.expectClosed(1009);
  await bobIn.expectFrame("user_left");
});

Deno.test("What a user typed comes back as text, whatever it is", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId);
  const texts = [
    "<script>alert(1)</script>",
    "-\u2028\u2029\u0007\\\"'",
    "a\nb\r\nc\td",
    '{"type":"message"}',
    "👩‍👩‍👧‍👦 e\u0301 עברית",
  ];
  for (const text of texts) {
    annIn.say(text);
    const { message } = await bobIn.expectFrame("chat_message");
    assert.equal(message.content, text);
  }
  const page = await bob.ask(`GET chat/${roomId}/messages/`);
  assert.deepEqual(
    page.messages.map(({ content }: { content: string }) => content),
    texts,
  );
});
