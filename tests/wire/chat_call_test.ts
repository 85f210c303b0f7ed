// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  callInviteFields,
  callStatusFields,
} from "../../src/wire/chat_call.ts";

const invite = callInviteFields({ contentCharsMax: 4, userIdCharsMax: 128 });

Deno.test("callInviteFields has the bound of a message for its words", () => {
  assert.deepEqual(invite.parse({ message: " come " }), {
    type: "call_invite",
    message: "come",
  });
  assert.equal(invite.safeParse({ message: "coming" }).success, false);
});

Deno.test("callInviteFields takes an empty word for none", () => {
  const expected = { type: "call_invite", message: "邀请您进行视频通话" };
  for (const fields of [{}, { message: "  ", room_id: "" }]) {
    assert.deepEqual(invite.parse(fields), expected);
  }
});

Deno.test("callStatusFields takes an empty room for none", () => {
  const fields = { status: "left", message_id: "m1", video_room_id: "" };
  assert.deepEqual(callStatusFields().parse(fields), {
    type: "call_status",
    status: "left",
    messageId: "m1",
    callRoomId: null,
  });
});
