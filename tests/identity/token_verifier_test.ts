import assert from "node:assert/strict";
import { type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { ChatError, type ErrorCode } from "../../src/wire/errors.ts";
import {
  TOKEN_CHARS_MAX,
  TokenVerifier,
} from "../../src/identity/token_verifier.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";

const SECRET = new TextEncoder().encode("a secret of thirty-two characters");
const NOW_SECS = START_AT / 1000;

function newVerifier(clock = new FakeClock()): TokenVerifier {
  return new TokenVerifier({
    key: SECRET,
    limits: { userIdCharsMax: 8, nicknameCharsMax: 4 },
    clock,
  });
}

function sign(
  claims: JWTPayload,
  { alg = "HS256", key = SECRET }: { alg?: string; key?: Uint8Array } = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
}

async function assertRefused(
  token: string | Promise<string>,
  code: ErrorCode,
  verifier = newVerifier(),
): Promise<void> {
  await assert.rejects(verifier.verify(await token), (error: unknown) => {
    assert(error instanceof ChatError);
    assert.equal(error.code, code);
    return true;
  });
}

Deno.test("TokenVerifier tells who the bearer is", async () => {
  const exp = NOW_SECS + 60;
  const claims = {
    sub: "u1",
    name: "张三",
    rooms: ["a", "b"],
    admin: ["b"],
    exp,
    iss: "ignored",
  };
  assert.deepEqual(await newVerifier().verify(await sign(claims)), {
    userId: "u1",
    nickname: "张三",
    rooms: new Set(["a", "b"]),
    admin: new Set(["b"]),
    expiresAt: exp * 1000,
  });
});

Deno.test("TokenVerifier takes a bare sub for any room, no admin, for ever", async () => {
  assert.deepEqual(await newVerifier().verify(await sign({ sub: "u1" })), {
    userId: "u1",
    rooms: null,
    admin: false,
    expiresAt: null,
  });
});

Deno.test("TokenVerifier takes an admin of every room", async () => {
  const token = await sign({ sub: "u1", admin: true });
  assert.equal((await newVerifier().verify(token)).admin, true);
});

Deno.test("TokenVerifier takes a user id as long as the bound and no longer", async () => {
  const verifier = newVerifier();
  const token = await sign({ sub: "u".repeat(8) });
  assert.equal((await verifier.verify(token)).userId, "u".repeat(8));
  await assertRefused(sign({ sub: "u".repeat(9) }), "token_invalid");
});

Deno.test("TokenVerifier refuses a token at its expiry and not a moment before", async () => {
  const clock = new FakeClock();
  const verifier = newVerifier(clock);
  const token = await sign({ sub: "u1", exp: NOW_SECS + 10 });
  await clock.advance(9_999);
  assert.equal((await verifier.verify(token)).userId, "u1");
  await clock.advance(1);
  await assertRefused(token, "token_expired", verifier);
  await clock.advance(60_000);
  await assertRefused(token, "token_expired", verifier);
});

Deno.test("TokenVerifier gives an issuer's nbf 30 s and no more", async () => {
  const verifier = newVerifier();
  const token = await sign({ sub: "u1", nbf: NOW_SECS + 30 });
  assert.equal((await verifier.verify(token)).userId, "u1");
  await assertRefused(sign({ sub: "u1", nbf: NOW_SECS + 31 }), "token_invalid");
});

Deno.test("TokenVerifier refuses alg none", async () => {
  await assertRefused(
    new UnsecuredJWT({ sub: "u1" }).encode(),
    "token_invalid",
  );
});

Deno.test("TokenVerifier refuses another algorithm with the right secret", async () => {
  await assertRefused(sign({ sub: "u1" }, { alg: "HS512" }), "token_invalid");
});

Deno.test("TokenVerifier refuses another secret", async () => {
  const key = new TextEncoder().encode("another secret of thirty-two chars");
  await assertRefused(sign({ sub: "u1" }, { key }), "token_invalid");
});

Deno.test("TokenVerifier refuses a changed payload", async () => {
  const [header, , signature] = (await sign({ sub: "u1" })).split(".");
  const forged = btoa(JSON.stringify({ sub: "u2" })).replaceAll("=", "");
  await assertRefused(`${header}.${forged}.${signature}`, "token_invalid");
});

Deno.test("TokenVerifier refuses a token past the bound without reading it", async () => {
  const pad = "x".repeat(TOKEN_CHARS_MAX);
  await assertRefused(sign({ sub: "u1", pad }), "token_invalid");
});

Deno.test("TokenVerifier refuses what is no token", async () => {
  for (const text of ["", ".", "..", "a.b.c", "\u0000", "Bearer x"]) {
    await assertRefused(text, "token_invalid");
  }
});

Deno.test("TokenVerifier refuses every claim of a wrong type, naming it", async () => {
  const wrong: Record<string, unknown>[] = [
    { sub: "" },
    { sub: 5 },
    { sub: "u1", name: "五个字符啊" },
    { sub: "u1", rooms: "a" },
    { sub: "u1", rooms: [1] },
    { sub: "u1", admin: "yes" },
    { sub: "u1", exp: 9e15 },
  ];
  for (const claims of wrong) {
    await assertRefused(sign(claims), "token_invalid");
  }
  await assert.rejects(
    newVerifier().verify(await sign({ sub: "u1", rooms: "a" })),
    { message: "Invalid token: cannot read its rooms" },
  );
  await assertRefused(sign({ name: "none" }), "token_invalid");
});

Deno.test("TokenVerifier with no key refuses HS256", async () => {
  const verifier = new TokenVerifier({
    remoteKeys: () => assert.fail("no key of another issuer is asked for"),
    limits: { userIdCharsMax: 8, nicknameCharsMax: 4 },
    clock: new FakeClock(),
  });
  await assertRefused(sign({ sub: "u1" }), "token_invalid", verifier);
});
