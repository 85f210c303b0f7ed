// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { linkOutcome } from "../../../src/http/tools/link_body.ts";
import { newPerson } from "../../support/fake_chat_rooms.ts";

Deno.test("linkOutcome says that somebody waits", () => {
  assert.deepEqual(linkOutcome({ kind: "waiting", requestId: "link-1" }), {
    success: true,
    matched: false,
    request_id: "link-1",
    message: "正在等待匹配...",
  });
});

Deno.test("linkOutcome says where two meet", () => {
  const partner = newPerson("u2");
  const outcome = { kind: "matched", requestId: "link-1", partner } as const;
  assert.deepEqual(linkOutcome({ ...outcome, roomId: "a/b" }), {
    success: true,
    matched: true,
    request_id: "link-1",
    room_id: "a/b",
    matched_user: "u2",
    chat_url: "/tools/heart_link/chat/a%2Fb/",
    auto_redirect: true,
    matched_user_name: "u2的昵称",
  });
});

Deno.test("linkOutcome leads back to an active room", () => {
  const body = {
    success: true,
    reconnect: true,
    room_id: "r1",
    matched_user: "u2",
    message: "您已有一个活跃的聊天室，正在为您重连...",
    matched_user_name: "u2的昵称",
  };
  const outcome = { kind: "reconnect", roomId: "r1" } as const;
  assert.deepEqual(
    linkOutcome({ ...outcome, partner: newPerson("u2") }),
    body,
  );
  assert.deepEqual(linkOutcome({ ...outcome, partner: null }), {
    ...body,
    matched_user: null,
    matched_user_name: null,
  });
});
