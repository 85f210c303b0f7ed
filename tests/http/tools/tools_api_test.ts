import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { userOf } from "../../../src/http/tools/session_gate.ts";
import { toolsApi } from "../../../src/http/tools/tools_api.ts";
import { assertRefused, newTestTools } from "../../support/test_tools.ts";

Deno.test("toolsApi asks for a login before it looks anything up", async () => {
  const { ask, recorder } = newTestTools();
  for (const path of ["/chat/active_rooms/", "/chat/none/messages/", "/none"]) {
    await assertRefused(await ask(path, { user: null }), 401, {
      code: "login_required",
      error: "请先登录",
      redirect_url: "/users/login/",
    });
  }
  assert.deepEqual(recorder.flushes, []);
});

Deno.test("toolsApi answers in JSON what it does not know", async () => {
  const { ask } = newTestTools();
  for (const path of ["/none", "/chat/", "/chat/r1/none/"]) {
    await assertRefused(await ask(path), 404, {
      code: "not_found",
      error: "Not found",
    });
  }
});

Deno.test("toolsApi refuses a change that another site asks for", async () => {
  const { app, links, sessions } = newTestTools();
  const cookie = await sessions.seal({
    userId: "u1",
    nickname: "张三",
    isProven: false,
    rooms: null,
    admin: false,
    expiresAt: null,
  });
  const response = await app.request("/tools/api/heart_link/create/", {
    method: "POST",
    headers: {
      Cookie: `parlor_session=${cookie}`,
      Origin: "https://evil.test",
    },
  });
  await assertRefused(response, 403, {
    code: "cross_site_refused",
    error: "This request came from another site",
  });
  assert.deepEqual(links.words, []);
});

Deno.test("toolsApi keeps other groups of routes behind its gate", async () => {
  const { deps } = newTestTools();
  const group = new Hono().get("/more", (c) => c.text(userOf(c).userId));
  const app = new Hono().route("/tools/api", toolsApi(deps, group));
  const known = await app.request("/tools/api/more?token=u1");
  assert.equal(await known.text(), "u1");
  const nobody = await app.request("/tools/api/more");
  assert.equal(nobody.status, 401);
  await nobody.text();
});

Deno.test("toolsApi lets nothing be kept, refusals neither", async () => {
  const { ask } = newTestTools();
  for (const user of ["u1", null]) {
    const response = await ask("/heart_link/status", { user });
    assert.equal(
      response.headers.get("Cache-Control"),
      "no-cache, no-store, must-revalidate",
    );
    await response.text();
  }
});
