// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  batchedChat,
  batchedStay,
  chatRecord,
  durationSecs,
  sessionRecord,
} from "../../src/callback/record_body.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newLine, newStay } from "./fake_records.ts";

const START_SECS = START_AT / 1000;

const SEEDS_CHAT = {
  user_id: "u1",
  nickname: "Ann",
  content: "m3",
  created_at: START_SECS + 3,
};

const SEEDS_STAY = {
  user_id: "u1",
  nickname: "Ann",
  join_time: START_SECS + 2,
  leave_time: START_SECS + 92,
  duration_seconds: 90,
};

Deno.test("chatRecord has the seed's fields and no others", () => {
  assert.deepEqual(chatRecord(newLine(3)), SEEDS_CHAT);
});

Deno.test("chatRecord says after them what a message is beside its text", () => {
  const image = {
    content: "",
    messageType: "image",
    fileUrl: "/tools/uploads/r1/cat.png",
    fileName: "cat.png",
    senderType: "bot",
  };
  const expected = {
    ...SEEDS_CHAT,
    content: "",
    message_type: "image",
    file_url: "/tools/uploads/r1/cat.png",
    file_name: "cat.png",
    sender_type: "bot",
  };
  assert.equal(
    JSON.stringify(chatRecord(newLine(3, image))),
    JSON.stringify(expected),
  );
  assert.deepEqual(chatRecord(newLine(3, { fileUrl: "/x" })), {
    ...SEEDS_CHAT,
    file_url: "/x",
  });
});

Deno.test("sessionRecord has the seed's fields and no others", () => {
  assert.deepEqual(sessionRecord(newStay(2)), SEEDS_STAY);
});

Deno.test("sessionRecord knows no end of a stay that goes on", () => {
  const { leave_time, duration_seconds } = sessionRecord({
    ...newStay(2),
    leftAt: null,
  });
  assert.deepEqual([leave_time, duration_seconds], [null, null]);
});

Deno.test("batchedChat adds what tells a message from another", () => {
  assert.deepEqual(batchedChat(newLine(3)), {
    ...SEEDS_CHAT,
    id: "id-3",
    seq: 3,
    at: START_AT + 3999,
  });
});

Deno.test("batchedChat says what a message is beside its text", () => {
  const line = newLine(3, { messageType: "image", fileUrl: "/x" });
  const { message_type, file_url, seq } = batchedChat(line);
  assert.deepEqual([message_type, file_url, seq], ["image", "/x", 3]);
});

Deno.test("batchedStay adds what tells a stay from another", () => {
  assert.deepEqual(batchedStay(newStay(2)), {
    ...SEEDS_STAY,
    session_id: "s2",
    joined_at: START_AT + 2999,
    left_at: START_AT + 92_001,
    close_code: 1000,
  });
});

Deno.test("durationSecs adds up with the instants as they are told", () => {
  assert.equal(durationSecs({ joinedAt: 1999, leftAt: 2000 }), 1);
  assert.equal(durationSecs({ joinedAt: 1000, leftAt: 1999 }), 0);
  assert.equal(durationSecs({ joinedAt: 1000, leftAt: null }), null);
});
