import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import {
  pageUserOf,
  requirePageUser,
  requireSameSite,
  requireUser,
  userOf,
} from "../../../src/http/tools/session_gate.ts";
import { toolError } from "../../../src/http/tools/tool_error.ts";
import type { ToolsDeps } from "../../../src/http/tools/tools_deps.ts";
import type { PageSession } from "../../../src/identity/page_session.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import { newTestTools } from "../../support/test_tools.ts";

/** A server whose paths say who asked, each behind another gate. */
function newGates(overrides: Partial<ToolsDeps> = {}) {
  const tools = newTestTools(overrides);
  const { deps } = tools;
  const app = new Hono();
  app.onError((cause, c) => toolError(c, cause, deps.log));
  app.all("/api", requireUser(deps), (c) => c.json(userOf(c)));
  app.all("/page", requirePageUser(deps), (c) => c.json(userOf(c)));
  app.all("/anyone", async (c) => c.json(await pageUserOf(c, deps) ?? null));
  app.post("/login", requireSameSite(deps), (c) => c.text("in"));
  async function ask(
    path: string,
    headers: Record<string, string> = {},
    method = "GET",
  ): Promise<Response> {
    const url = `http://parlor.test${path}`;
    return await app.request(new Request(url, { method, headers }));
  }
  async function cookieFor(more: Partial<PageSession> = {}) {
    const session = {
      userId: "u1",
      nickname: "张三",
      isProven: false,
      rooms: null,
      admin: false,
      expiresAt: null,
      ...more,
    };
    const value = await tools.sessions.seal(session);
    return { Cookie: `theme=dark; parlor_session=${value}` };
  }
  return { ...tools, ask, cookieFor };
}

async function codeOf(response: Response): Promise<[number, string]> {
  const { code } = await response.json();
  return [response.status, code];
}

Deno.test("requireUser knows a user by cookie, bearer token or query", async () => {
  const { ask, cookieFor } = newGates();
  const asked = [
    { response: await ask("/api", await cookieFor()), isProven: false },
    {
      response: await ask("/api", { Authorization: "bearer u1" }),
      isProven: true,
    },
    { response: await ask("/api?token=u1"), isProven: true },
  ];
  for (const { response, isProven } of asked) {
    assert.equal(response.status, 200);
    const { userId, isProven: isSo } = await response.json();
    assert.deepEqual([userId, isSo], ["u1", isProven]);
  }
});

Deno.test("requireUser takes a token's word before a cookie's", async () => {
  const { ask, cookieFor } = newGates();
  const { userId } = await (await ask("/api?token=u2", await cookieFor()))
    .json();
  assert.equal(userId, "u2");
});

Deno.test("requireUser asks for a login, and says where", async () => {
  const { ask } = newGates();
  for (const headers of [{}, { Cookie: "parlor_session=forged" }]) {
    const response = await ask("/api", headers);
    assert.equal(response.status, 401);
    assert.deepEqual(await response.json(), {
      success: false,
      error: "请先登录",
      code: "login_required",
      redirect_url: "/users/login/",
    });
  }
  assert.deepEqual(await codeOf(await ask("/api?token=bad")), [
    401,
    "token_invalid",
  ]);
});

Deno.test("requireUser takes no name on trust once tokens are required", async () => {
  const { ask, cookieFor } = newGates({ isTokenRequired: true });
  const [unproven, proven] = [
    await cookieFor(),
    await cookieFor({ isProven: true }),
  ];
  assert.deepEqual(await codeOf(await ask("/api", unproven)), [
    401,
    "login_required",
  ]);
  const response = await ask("/api", proven);
  assert.equal((await response.json()).userId, "u1");
});

Deno.test("requireUser proves a name that the operator trusts", async () => {
  const { ask, cookieFor } = newGates({ trustUserIds: true });
  const response = await ask("/api", await cookieFor());
  assert.equal((await response.json()).isProven, true);
});

for (
  const [name, headers, isLetIn] of [
    ["no browser", {}, true],
    ["an own page", { Origin: "http://parlor.test" }, true],
    ["a listed site", { Origin: "https://friend.test" }, true],
    ["another site", { Origin: "https://evil.test" }, false],
    ["another port", { Origin: "http://parlor.test:81" }, false],
    ["a sandbox", { Origin: "null" }, false],
    ["an own fetch", { "Sec-Fetch-Site": "same-origin" }, true],
    ["the address bar", { "Sec-Fetch-Site": "none" }, true],
    ["a neighbour", { "Sec-Fetch-Site": "same-site" }, false],
    ["a stranger", { "Sec-Fetch-Site": "cross-site" }, false],
  ] as const
) {
  const does = isLetIn ? "lets" : "refuses";
  Deno.test(`requireUser ${does} a change by cookie from ${name}`, async () => {
    const { ask, cookieFor } = newGates();
    const cookie = await cookieFor();
    const response = await ask("/api", { ...cookie, ...headers }, "POST");
    assert.equal(response.status, isLetIn ? 200 : 403);
    const { code } = await response.json();
    assert.equal(code, isLetIn ? undefined : "cross_site_refused");
  });

  Deno.test(`requireSameSite ${does} what ${name} sends`, async () => {
    const { ask } = newGates();
    const response = await ask("/login", headers, "POST");
    assert.equal(response.status, isLetIn ? 200 : 403);
    await response.text();
  });
}

Deno.test("requireUser lets another site read, and change things by token", async () => {
  const { ask, cookieFor } = newGates();
  const Origin = "https://evil.test";
  const responses = [
    await ask("/api", { ...await cookieFor(), Origin }),
    await ask("/api", { Authorization: "Bearer u1", Origin }, "POST"),
  ];
  for (const response of responses) {
    assert.equal(response.status, 200);
    await response.text();
  }
});

Deno.test("requirePageUser sends to the login whoever has none", async () => {
  const { ask, cookieFor } = newGates();
  const response = await ask("/page?lang=en&token=bad");
  assert.equal(response.status, 302);
  assert.equal(
    response.headers.get("Location"),
    `/login?next=${encodeURIComponent("/page?lang=en")}`,
  );
  const known = await ask("/page", await cookieFor());
  assert.equal((await known.json()).userId, "u1");
});

Deno.test("requirePageUser says so when tokens cannot be checked", async () => {
  const { ask, tokens } = newGates();
  tokens.refusal = new ChatError("identity_unavailable");
  assert.deepEqual(await codeOf(await ask("/page?token=u1")), [
    503,
    "identity_unavailable",
  ]);
});

Deno.test("pageUserOf answers nobody for who has no login", async () => {
  const { ask, cookieFor } = newGates();
  assert.equal(await (await ask("/anyone")).json(), null);
  assert.equal(await (await ask("/anyone?token=bad")).json(), null);
  const known = await ask("/anyone", await cookieFor());
  assert.equal((await known.json()).nickname, "张三");
});

Deno.test("userOf fails where no gate stands", async () => {
  const { deps, log } = newTestTools();
  const app = new Hono();
  app.onError((cause, c) => toolError(c, cause, deps.log));
  app.get("/open", (c) => c.json(userOf(c)));
  const response = await app.request("/open");
  assert.deepEqual(await codeOf(response), [500, "internal"]);
  assert.match(String(log.lines[0]?.fields["cause"]), /it has no gate/);
});
