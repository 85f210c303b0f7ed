// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { messageFields } from "../../src/wire/chat_message.ts";

const fields = messageFields({ contentCharsMax: 4, userIdCharsMax: 128 });

Deno.test("messageFields bounds the words and not the space around them", () => {
  assert.deepEqual(fields.parse({ content: "  abcd  " }), {
    ok: true,
    command: { type: "chat", content: "abcd" },
  });
  assert.equal(fields.safeParse({ content: "abcde" }).success, false);
});

Deno.test("messageFields takes the longest file name and sender type", () => {
  const file_name = "x".repeat(255);
  const sender_type = "y".repeat(32);
  assert.deepEqual(fields.parse({ content: "a", file_name, sender_type }), {
    ok: true,
    command: {
      type: "chat",
      content: "a",
      fileName: file_name,
      senderType: sender_type,
    },
  });
});

Deno.test("messageFields passes over, or refuses, what says nothing", () => {
  assert.deepEqual(fields.parse({ file_name: "a.png" }), {
    ok: true,
    command: null,
  });
  assert.deepEqual(fields.parse({ file_name: "a", client_msg_id: "m1" }), {
    ok: false,
    code: "message_empty",
    clientMsgId: "m1",
  });
});
