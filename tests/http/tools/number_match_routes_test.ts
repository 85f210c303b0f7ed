// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { PER_MINUTE_MAX } from "../../../src/http/tools/user_pace.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import { newPerson } from "../../support/fake_chat_rooms.ts";
import {
  assertRefused,
  assertTool,
  newTestTools,
} from "../../support/test_tools.ts";

function newMatch() {
  const tools = newTestTools();
  function match(number: unknown): Promise<Response> {
    const body = { number };
    return tools.ask("/number-match/", { method: "POST", body });
  }
  return { ...tools, match };
}

const WAITING = {
  success: true,
  matched: false,
  request_id: "link-1",
  message: "正在等待匹配...",
};

Deno.test("POST number-match lets a user wait with four digits", async () => {
  const { links, match } = newMatch();
  for (const number of ["0042", 1234, " 1234 "]) {
    await assertTool(await match(number), 200, WAITING);
  }
  assert.deepEqual(links.words, [
    "request u1 0042",
    "request u1 1234",
    "request u1 1234",
  ]);
});

Deno.test("POST number-match reads a form, without the slash too", async () => {
  const { ask, links } = newMatch();
  const raw = new URLSearchParams({ number: "0042" });
  const response = await ask("/number-match", { method: "POST", raw });
  await assertTool(response, 200, WAITING);
  assert.deepEqual(links.words, ["request u1 0042"]);
});

Deno.test("POST number-match brings two together", async () => {
  const { links, match } = newMatch();
  links.outcome = {
    kind: "matched",
    requestId: "link-1",
    roomId: "match-1",
    partner: newPerson("u2"),
  };
  const { matched, room_id: roomId, matched_user: partner } =
    await (await match("1234")).json();
  assert.deepEqual([matched, roomId, partner], [true, "match-1", "u2"]);
});

Deno.test("POST number-match wants four digits", async () => {
  const { ask, links, match } = newMatch();
  const refusal = { code: "number_invalid", error: "请输入4位数字" };
  const numbers = ["123", "12345", "12a4", "１２３４", "", 42, 1.5, null, [1]];
  for (const number of [...numbers, undefined]) {
    await assertRefused(await match(number), 400, refusal);
  }
  const empty = await ask("/number-match/", { method: "POST" });
  await assertRefused(empty, 400, refusal);
  assert.deepEqual(links.words, []);
});

Deno.test("POST number-match refuses a user who waits", async () => {
  const { links, match } = newMatch();
  links.refusal = new ChatError("link_pending");
  await assertRefused(await match("1234"), 400, {
    code: "link_pending",
    error: "您已有一个正在等待匹配的心动链接请求，请稍后再试或先取消当前请求",
  });
});

for (const path of ["/number-match/cancel/", "/number-match/cancel"]) {
  Deno.test(`POST ${path} takes the number back`, async () => {
    const { ask, links } = newMatch();
    const method = "POST";
    await assertRefused(await ask(path, { method }), 404, {
      code: "link_not_found",
      error: "没有找到待处理的请求",
    });
    links.cancelled = 1;
    await assertTool(await ask(path, { method }), 200, {
      success: true,
      message: "已取消 1 个匹配请求",
    });
    assert.equal(links.words.at(-1), "cancel u1 number");
  });
}

for (const path of ["/number-match/", "/number-match/cancel/"]) {
  Deno.test(`POST ${path} is for users, and the only method`, async () => {
    const { ask } = newMatch();
    const nobody = await ask(path, { method: "POST", user: null });
    assert.equal(nobody.status, 401);
    assert.equal((await ask(path)).status, 405);
  });
}

Deno.test("POST number-match refuses a token for certain rooms", async () => {
  const { links, match, tokens } = newMatch();
  tokens.claims.set("u1", { rooms: new Set(["r1"]) });
  const response = await match("1234");
  assert.equal(response.status, 403);
  assert.equal((await response.json()).code, "room_refused");
  assert.deepEqual(links.words, []);
});

Deno.test("POST number-match is for so many numbers a minute", async () => {
  const { links, match } = newMatch();
  for (let count = 0; count < PER_MINUTE_MAX; count++) {
    assert.equal((await match(1000 + count)).status, 200);
  }
  const response = await match("1234");
  assert.equal(response.status, 429);
  assert.equal((await response.json()).code, "rate_limited");
  assert.equal(links.words.length, PER_MINUTE_MAX);
});
