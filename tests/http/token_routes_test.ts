// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { signingKey } from "../../src/identity/signing_key.ts";
import { TokenMinter } from "../../src/identity/token_minter.ts";
import { TokenVerifier } from "../../src/identity/token_verifier.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";
import {
  assertBadRequest,
  newTestHttp,
  TEST_API_KEY,
} from "../support/test_http.ts";

const TOKENS = "/management/tokens";

async function identityOf(response: Response, clock: FakeClock) {
  assert.equal(response.status, 200);
  const { token } = await response.json();
  return await new TokenVerifier({
    key: signingKey({ adminApiKey: TEST_API_KEY }),
    limits: { userIdCharsMax: 12, nicknameCharsMax: 10 },
    clock,
  }).verify(token);
}

Deno.test("POST tokens makes a token that opens what it names", async () => {
  const { ask, clock } = newTestHttp();
  const response = await ask(TOKENS, {
    method: "POST",
    body: {
      user_id: "u1",
      name: "张三",
      rooms: ["r1"],
      admin: true,
      expires_in_secs: 60,
    },
  });
  assert.equal(response.headers.get("Cache-Control"), "no-store");
  assert.deepEqual(await identityOf(response, clock), {
    userId: "u1",
    nickname: "张三",
    rooms: new Set(["r1"]),
    admin: true,
    expiresAt: START_AT + 60_000,
  });
});

Deno.test("POST tokens says when the token ends: a day from now", async () => {
  const { ask } = newTestHttp();
  const body = { user_id: "u1" };
  const response = await ask(TOKENS, { method: "POST", body });
  const { expires_at: expiresAt } = await response.json();
  assert.equal(expiresAt, START_AT + 86_400_000);
});

Deno.test("POST tokens takes rooms to be an admin of", async () => {
  const { ask, clock } = newTestHttp();
  const body = { user_id: "u1", admin: ["r1", "r2"] };
  const response = await ask(TOKENS, { method: "POST", body });
  const { admin } = await identityOf(response, clock);
  assert.deepEqual(admin, new Set(["r1", "r2"]));
});

Deno.test("POST tokens refuses every field that it cannot read", async () => {
  const { ask } = newTestHttp();
  const wrong: [body: unknown, field: string][] = [
    [{}, "user_id"],
    [{ user_id: "u".repeat(256) }, "user_id"],
    [{ user_id: "u1", name: "n".repeat(11) }, "name"],
    [{ user_id: "u1", rooms: "r1" }, "rooms"],
    [{ user_id: "u1", rooms: Array(1001).fill("r") }, "rooms"],
    [{ user_id: "u1", admin: "yes" }, "admin"],
    [{ user_id: "u1", expires_in_secs: 0 }, "expires_in_secs"],
    [{ user_id: "u1", expires_in_secs: 31_536_001 }, "expires_in_secs"],
    [{ user_id: "u1", room: ["r1"] }, "room"],
  ];
  for (const [body, field] of wrong) {
    const response = await ask(TOKENS, { method: "POST", body });
    await assertBadRequest(response, new RegExp(`\\b${field}\\b`));
  }
});

Deno.test("POST tokens refuses when another issuer makes the tokens", async () => {
  const minter = new TokenMinter(undefined, new FakeClock());
  const { ask } = newTestHttp({ minter });
  const body = { user_id: "u1" };
  await assertBadRequest(
    await ask(TOKENS, { method: "POST", body }),
    /^Cannot mint a token: AUTH_JWKS_URL is set/,
  );
});

Deno.test("POST tokens logs nothing of the token", async () => {
  const { ask, log } = newTestHttp();
  const body = { user_id: "u1" };
  await (await ask(TOKENS, { method: "POST", body })).text();
  assert.deepEqual(log.lines, []);
});
