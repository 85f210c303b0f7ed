import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { signingKey } from "../../src/identity/signing_key.ts";
import { TokenMinter } from "../../src/identity/token_minter.ts";
import { TokenVerifier } from "../../src/identity/token_verifier.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";

const KEY = signingKey({ adminApiKey: "admin-key" });

Deno.test("TokenMinter makes what TokenVerifier takes, in open mode", async () => {
  const clock = new FakeClock();
  const { token, expiresAt } = await new TokenMinter(KEY, clock).mint({
    userId: "u1",
    name: "Ann",
    rooms: ["r1"],
    admin: ["r1"],
    expiresInSecs: 60,
  });
  assert.equal(expiresAt, START_AT + 60_000);
  const verifier = new TokenVerifier({
    key: KEY,
    limits: { userIdCharsMax: 8, nicknameCharsMax: 8 },
    clock,
  });
  assert.deepEqual(await verifier.verify(token), {
    userId: "u1",
    nickname: "Ann",
    rooms: new Set(["r1"]),
    admin: new Set(["r1"]),
    expiresAt,
  });
});

Deno.test("TokenMinter says nothing that it was not told", async () => {
  const minter = new TokenMinter(KEY, new FakeClock());
  const { token } = await minter.mint({ userId: "u1", expiresInSecs: 60 });
  const iat = START_AT / 1000;
  assert.deepEqual(decodeJwt(token), { sub: "u1", iat, exp: iat + 60 });
});

Deno.test("TokenMinter refuses a token that no request line would carry", async () => {
  const minter = new TokenMinter(KEY, new FakeClock());
  const rooms = Array.from({ length: 1000 }, (_, index) => `room-${index}`);
  await assert.rejects(
    minter.mint({ userId: "u1", rooms, expiresInSecs: 60 }),
    { code: "bad_request" },
  );
});

Deno.test("TokenMinter refuses when another issuer makes the tokens", async () => {
  const minter = new TokenMinter(undefined, new FakeClock());
  await assert.rejects(minter.mint({ userId: "u1", expiresInSecs: 60 }), {
    code: "bad_request",
    message: /AUTH_JWKS_URL/,
  });
});
