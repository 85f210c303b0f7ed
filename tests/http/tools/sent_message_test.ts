// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  LOOK_UP_MS_MAX,
  sentMessage,
} from "../../../src/http/tools/sent_message.ts";
import { newPerson } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { newMessage } from "../../support/fake_messages.ts";
import { newTestTools } from "../../support/test_tools.ts";

const COMMAND = { type: "chat", content: "你好", clientMsgId: "c1" } as const;
const OUTCOME = { seq: 7, id: "id-7", at: START_AT, isRepeated: false };
const SENT = { author: newPerson("u1"), command: COMMAND, outcome: OUTCOME };
const REPEATED = { ...SENT, outcome: { ...OUTCOME, isRepeated: true } };
const PLACE = { id: 7, sender: "u1", is_own: true, client_msg_id: "c1" };

Deno.test("sentMessage shows its sender the message as it was kept", async () => {
  const { deps, recorder } = newTestTools();
  const command = { ...COMMAND, fileUrl: "/a.png" };
  const sent = await sentMessage("r1", { ...SENT, command }, deps);
  assert.deepEqual(sent, {
    id: 7,
    sender: "u1",
    content: "你好",
    message_type: "text",
    file_url: "/a.png",
    created_at: "2026-01-01T00:00:00.000Z",
    is_own: true,
    is_read: false,
    sender_id: "u1",
    sender_avatar: null,
    sender_name: "u1的昵称",
    file_name: "",
    sender_type: "user",
    client_msg_id: "c1",
  });
  assert.deepEqual(recorder.flushes, []);
});

Deno.test("sentMessage shows what was said first under the same id", async () => {
  const { deps, messages, recorder } = newTestTools();
  const first = { content: "first", fileUrl: "/first.png", fileName: "f.png" };
  messages.entries = [
    newMessage({ roomId: "r1", seq: 7, actor: "u1", payload: first }),
  ];
  const shown = await sentMessage("r1", REPEATED, deps);
  assert.deepEqual(shown, {
    id: 7,
    sender: "u1",
    content: "first",
    message_type: "text",
    file_url: "/first.png",
    created_at: "2026-01-01T00:00:00.007Z",
    is_own: true,
    is_read: false,
    sender_id: "u1",
    sender_avatar: null,
    sender_name: "u1的昵称",
    file_name: "f.png",
    sender_type: "user",
    client_msg_id: "c1",
  });
  assert.deepEqual(recorder.flushes, ["r1"]);
});

Deno.test("sentMessage says where the first one stands when it is not found", async () => {
  const { deps, log, messages } = newTestTools();
  assert.deepEqual(await sentMessage("r1", REPEATED, deps), PLACE);
  messages.failure = new Error("The database failed");
  assert.deepEqual(await sentMessage("r1", REPEATED, deps), PLACE);
  assert.equal(log.lines.length, 1);
});

Deno.test("sentMessage waits so long for the first one", async () => {
  const { clock, deps, messages } = newTestTools();
  messages.message = () => new Promise(() => {});
  const shown = sentMessage("r1", REPEATED, deps);
  await clock.advance(LOOK_UP_MS_MAX);
  assert.deepEqual(await shown, PLACE);
});

Deno.test("sentMessage fails where nothing was kept", async () => {
  const outcome = { seq: null, id: null, at: null, isRepeated: false };
  const { deps } = newTestTools();
  await assert.rejects(
    sentMessage("r1", { ...SENT, outcome }, deps),
    /it made no log entry/,
  );
});
