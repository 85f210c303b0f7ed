import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { ApiKey } from "../../src/identity/api_key.ts";
import { requireLiveOperator } from "../../src/http/live_auth.ts";
import { refusalCode } from "../../src/http/error_response.ts";
import { liveError } from "../../src/http/live_error.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { FakeTokens } from "../support/test_tools.ts";

const KEY = "the-operators-key";

/** A route behind the gate. */
function newGate({ isPublic = false, allowedOrigins = [] as string[] } = {}) {
  const tokens = new FakeTokens();
  const app = new Hono();
  const codes: unknown[] = [];
  app.use(async (c, next) => {
    await next();
    codes.push(refusalCode(c));
  });
  app.onError((cause, c) => liveError(c, cause, new RecordingLog()));
  const apiKey = new ApiKey(KEY);
  const gate = requireLiveOperator({
    apiKey,
    tools: { allowedOrigins, tokens },
    live: { isPublic },
  });
  app.post("/", gate, (c) => c.text("done"));
  /** What a request is answered: `done`, or the status, code and text. */
  async function ask(headers: Record<string, string>): Promise<string> {
    const url = "http://parlor.test/";
    const response = await app.request(url, { method: "POST", headers });
    if (response.status === 200) return await response.text();
    const { code, message } = await response.json();
    return `${response.status} ${code} ${message}`;
  }
  return { ask, codes, tokens };
}

Deno.test("requireLiveOperator lets the key through, in either header", async () => {
  const { ask } = newGate();
  assert.equal(await ask({ "X-Api-Key": KEY }), "done");
  assert.equal(await ask({ Authorization: `Bearer ${KEY}` }), "done");
  assert.equal(await ask({ Authorization: `bearer  ${KEY} ` }), "done");
});

Deno.test("requireLiveOperator lets an admin's token through", async () => {
  const { ask, tokens } = newGate();
  tokens.claims.set("adm", { admin: true });
  assert.equal(await ask({ Authorization: "Bearer adm" }), "done");
  const both = { "X-Api-Key": "wrong", Authorization: "Bearer adm" };
  assert.equal(await ask(both), "done");
});

Deno.test("requireLiveOperator says what is missing or wrong", async () => {
  const { ask, codes, tokens } = newGate();
  const none = "401 unauthorized 未提供认证令牌";
  assert.equal(await ask({}), none);
  assert.equal(await ask({ Authorization: KEY }), none);
  assert.equal(await ask({ Authorization: "Basic YTpi" }), none);
  assert.equal(
    await ask({ "X-Api-Key": "wrong" }),
    "401 unauthorized 无效的用户令牌",
  );
  const bad = { Authorization: "Bearer bad" };
  assert.equal(await ask(bad), "401 token_invalid 无效的用户令牌");
  tokens.refusal = new ChatError("token_expired");
  assert.equal(await ask(bad), "401 token_expired 无效的用户令牌");
  tokens.refusal = new ChatError("identity_unavailable");
  assert.equal(
    await ask(bad),
    "503 identity_unavailable Tokens cannot be checked right now",
  );
  assert.deepEqual(codes.slice(3), [
    "unauthorized",
    "token_invalid",
    "token_expired",
    "identity_unavailable",
  ]);
});

Deno.test("requireLiveOperator refuses users, and admins of some rooms", async () => {
  const { ask, tokens } = newGate();
  tokens.claims.set("some", { admin: new Set(["r"]) });
  for (const token of ["ann", "some"]) {
    assert.equal(
      await ask({ Authorization: `Bearer ${token}` }),
      "403 not_admin Only the operator or an admin may do that",
    );
  }
});

Deno.test("requireLiveOperator lets anybody through where that is so, but no other site", async () => {
  const { ask } = newGate({
    isPublic: true,
    allowedOrigins: ["https://good.example"],
  });
  const refused = "403 cross_site_refused This request came from another site";
  const cases: [headers: Record<string, string>, wanted: string][] = [
    [{}, "done"],
    [{ Origin: "http://parlor.test" }, "done"],
    [{ Origin: "https://good.example" }, "done"],
    [{ Origin: "https://bad.example" }, refused],
    [{ Origin: "null" }, refused],
    [{ "Sec-Fetch-Site": "same-origin" }, "done"],
    [{ "Sec-Fetch-Site": "cross-site" }, refused],
    [{ "Sec-Fetch-Site": "same-site" }, refused],
  ];
  for (const [headers, wanted] of cases) {
    assert.equal(await ask(headers), wanted, JSON.stringify(headers));
  }
});
