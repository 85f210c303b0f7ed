// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { PER_MINUTE_MAX } from "../../../src/http/tools/user_pace.ts";
import type { LinkView } from "../../../src/match/link_view.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import { newPerson } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { newPending } from "../../support/fake_links.ts";
import {
  assertRefused,
  assertTool,
  newTestTools,
} from "../../support/test_tools.ts";

const START = "2026-01-01T00:00:00.000Z";

for (const slash of ["", "/"]) {
  Deno.test(`POST create${slash} lets a user wait`, async () => {
    const { ask, links } = newTestTools();
    const response = await ask(`/heart_link/create${slash}`, {
      method: "POST",
    });
    await assertTool(response, 200, {
      success: true,
      matched: false,
      request_id: "link-1",
      message: "正在等待匹配...",
    });
    assert.deepEqual(links.words, ["request u1 u1的昵称"]);
  });

  Deno.test(`GET status${slash} finds no request`, async () => {
    const { ask, links } = newTestTools();
    await assertTool(await ask(`/heart_link/status${slash}`), 200, {
      success: true,
      status: "not_found",
      message: "没有找到请求记录",
    });
    assert.deepEqual(links.words, ["status u1"]);
  });

  Deno.test(`POST cancel${slash} takes a request back`, async () => {
    const { ask, links } = newTestTools();
    links.cancelled = 1;
    const path = `/heart_link/cancel${slash}`;
    await assertTool(await ask(path, { method: "POST" }), 200, {
      success: true,
      message: "已取消 1 个匹配请求",
    });
    assert.deepEqual(links.words, ["cancel u1 anyone"]);
  });
}

Deno.test("POST create refuses a user who waits", async () => {
  const { ask, links } = newTestTools();
  links.refusal = new ChatError("link_pending");
  const response = await ask("/heart_link/create/", { method: "POST" });
  await assertRefused(response, 400, {
    code: "link_pending",
    error: "您已有一个正在等待匹配的心动链接请求，请稍后再试或先取消当前请求",
  });
});

Deno.test("POST create says that it failed", async () => {
  const { ask, links } = newTestTools();
  links.refusal = new Error("a bug");
  const response = await ask("/heart_link/create/", { method: "POST" });
  await assertRefused(response, 500, {
    code: "internal",
    error: "创建心动链接请求失败: Internal error",
  });
});

Deno.test("GET status warns of a request that soon expires", async () => {
  const { ask, links } = newTestTools();
  const pending = {
    success: true,
    status: "pending",
    message: "正在等待匹配...",
  };
  const times = {
    request_id: "link-1",
    created_at: START,
    expires_at: "2026-01-01T00:10:00.000Z",
  };
  links.view = newPending(479_999);
  await assertTool(await ask("/heart_link/status/"), 200, {
    ...pending,
    ...times,
    expires_in_ms: 120_001,
  });
  links.view = newPending(480_001);
  await assertTool(await ask("/heart_link/status/"), 200, {
    ...pending,
    warning: "您的匹配请求将在 2 分钟后过期，请保持在线状态",
    ...times,
    expires_in_ms: 119_999,
  });
});

Deno.test("GET status says what became of a request", async () => {
  const { ask, links } = newTestTools();
  const request = { requestId: "link-1", number: null };
  const cases: [LinkView, object][] = [
    [{ ...request, status: "expired" }, {
      status: "expired",
      message: "请求已过期",
      request_id: "link-1",
    }],
    [{ ...request, status: "cancelled" }, {
      status: "cancelled",
      message: "请求已取消",
      request_id: "link-1",
    }],
    [{
      ...request,
      status: "matched",
      roomId: "r1",
      partner: newPerson("u2"),
      matchedAt: START_AT,
    }, {
      status: "matched",
      room_id: "r1",
      matched_user: "u2",
      matched_user_name: "u2的昵称",
      request_id: "link-1",
      matched_at: START,
    }],
  ];
  for (const [view, body] of cases) {
    links.view = view;
    const response = await ask("/heart_link/status/");
    await assertTool(response, 200, { success: true, ...body });
  }
});

Deno.test("POST cancel says when there is nothing to take back", async () => {
  const { ask } = newTestTools();
  const response = await ask("/heart_link/cancel/", { method: "POST" });
  await assertRefused(response, 404, {
    code: "link_not_found",
    error: "没有找到待处理的请求",
  });
});

for (
  const [method, path] of [
    ["POST", "/heart_link/create/"],
    ["GET", "/heart_link/status/"],
    ["POST", "/heart_link/cancel/"],
  ] as const
) {
  Deno.test(`${method} ${path} is for users, and knows no other method`, async () => {
    const { ask, links } = newTestTools();
    const nobody = await ask(path, { method, user: null });
    await assertRefused(nobody, 401, {
      code: "login_required",
      error: "请先登录",
      redirect_url: "/users/login/",
    });
    const other = method === "GET" ? "POST" : "GET";
    await assertRefused(await ask(path, { method: other }), 405, {
      code: "method_not_allowed",
      error: "无效的请求方法",
    });
    assert.deepEqual(links.words, []);
  });
}

Deno.test("GET status tells whole milliseconds", async () => {
  const { ask, links } = newTestTools();
  links.view = newPending(0.4);
  const body = await (await ask("/heart_link/status/")).json();
  assert.equal(body.expires_in_ms, 600_000);
});

Deno.test("POST create refuses a token for certain rooms", async () => {
  const { ask, links, tokens } = newTestTools();
  tokens.claims.set("u1", { rooms: new Set(["r1"]) });
  const response = await ask("/heart_link/create/", { method: "POST" });
  assert.equal(response.status, 403);
  assert.equal((await response.json()).code, "room_refused");
  assert.deepEqual(links.words, []);
});

Deno.test("POST create is for so many requests a minute", async () => {
  const { ask, links } = newTestTools();
  const create = (user: string) =>
    ask("/heart_link/create/", { method: "POST", user });
  for (let count = 0; count < PER_MINUTE_MAX; count++) {
    assert.equal((await create("u1")).status, 200);
  }
  const response = await create("u1");
  assert.equal(response.headers.get("Retry-After"), "3");
  assert.equal((await response.json()).code, "rate_limited");
  assert.equal(links.words.length, PER_MINUTE_MAX);
  assert.equal((await create("u2")).status, 200);
});
