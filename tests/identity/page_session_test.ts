import assert from "node:assert/strict";
import { SignJWT } from "jose";
import {
  PAGE_COOKIE_CHARS_MAX,
  type PageSession,
  pageSessionKey,
  PageSessions,
} from "../../src/identity/page_session.ts";
import { signingKey } from "../../src/identity/signing_key.ts";
import { TokenMinter } from "../../src/identity/token_minter.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";

const adminApiKey = "admin-key";
const LIMITS = { userIdCharsMax: 8, nicknameCharsMax: 8 };
const ANN: PageSession = {
  userId: "ann",
  nickname: "安",
  isProven: false,
  rooms: null,
  admin: false,
  expiresAt: START_AT + 60_000,
};

function newSessions(key = pageSessionKey({ adminApiKey })) {
  const clock = new FakeClock();
  return { clock, sessions: new PageSessions({ key, limits: LIMITS, clock }) };
}

/** Changes one character in the middle of a part of a JWT. */
function tamper(value: string, part: number): string {
  const parts = value.split(".");
  const text = parts[part] ?? "";
  const at = Math.floor(text.length / 2);
  const other = text[at] === "A" ? "B" : "A";
  parts[part] = text.slice(0, at) + other + text.slice(at + 1);
  return parts.join(".");
}

Deno.test("PageSessions opens what it sealed", async () => {
  const { sessions } = newSessions();
  const cases: PageSession[] = [
    ANN,
    { ...ANN, expiresAt: null },
    { ...ANN, isProven: true, admin: true },
    {
      ...ANN,
      isProven: true,
      rooms: new Set(["r1", "r2"]),
      admin: new Set(["r1"]),
    },
    { ...ANN, rooms: new Set() },
  ];
  for (const session of cases) {
    const value = await sessions.seal(session);
    assert.deepEqual(await sessions.open(value), session);
  }
});

Deno.test("PageSessions keeps the end in whole seconds", async () => {
  const { sessions } = newSessions();
  const value = await sessions.seal({ ...ANN, expiresAt: START_AT + 1999 });
  assert.equal((await sessions.open(value))?.expiresAt, START_AT + 1000);
});

Deno.test("PageSessions opens a session until its end and not from then on", async () => {
  const { clock, sessions } = newSessions();
  const value = await sessions.seal(ANN);
  await clock.advance(59_999);
  assert.equal((await sessions.open(value))?.userId, "ann");
  await clock.advance(1);
  assert.equal(await sessions.open(value), undefined);
});

Deno.test("PageSessions opens nothing that was changed, or sealed elsewhere", async () => {
  const { sessions } = newSessions();
  const value = await sessions.seal(ANN);
  const other = newSessions(pageSessionKey({ adminApiKey: "another" }));
  const values = [
    undefined,
    "",
    "a.b.c",
    tamper(value, 0),
    tamper(value, 1),
    tamper(value, 2),
    `${value.split(".").slice(0, 2).join(".")}.`,
    await other.sessions.seal(ANN),
    "x".repeat(PAGE_COOKIE_CHARS_MAX + 1),
  ];
  for (const one of values) assert.equal(await sessions.open(one), undefined);
});

Deno.test("PageSessions does not take a token for a cookie", async () => {
  const { clock, sessions } = newSessions();
  for (const secret of [undefined, "s".repeat(32)]) {
    const key = signingKey({ secret, adminApiKey });
    const { token } = await new TokenMinter(key, clock).mint({
      userId: "ann",
      expiresInSecs: 60,
    });
    assert.equal(await sessions.open(token), undefined);
    const { sessions: own } = newSessions(
      pageSessionKey({ secret, adminApiKey }),
    );
    assert.equal(await own.open(token), undefined);
  }
});

Deno.test("PageSessions opens no session whose claims it cannot read", async () => {
  const key = pageSessionKey({ adminApiKey });
  const { sessions } = newSessions(key);
  const claims = [
    {},
    { sub: "ann" },
    { sub: "ann", proven: "yes" },
    { sub: "", proven: false },
    { sub: "ann-is-too-long", proven: false },
    { sub: "ann", proven: false, name: "x".repeat(9) },
  ];
  for (const one of claims) {
    const jwt = new SignJWT(one).setProtectedHeader({ alg: "HS256" });
    assert.equal(await sessions.open(await jwt.sign(key)), undefined);
  }
});

Deno.test("PageSessions seals no more than a browser keeps", async () => {
  const { sessions } = newSessions();
  const rooms = new Set(Array.from({ length: 300 }, (_, n) => `room-${n}`));
  await assert.rejects(sessions.seal({ ...ANN, rooms }), {
    code: "bad_request",
    message: /^Cannot log in: the session would have \d+ characters/,
  });
});

Deno.test("pageSessionKey() is derived from the secret, or else from the API key", () => {
  const byKey = pageSessionKey({ adminApiKey });
  assert.equal(byKey.length, 32);
  assert.notDeepEqual(byKey, signingKey({ adminApiKey }));
  const secret = "s".repeat(32);
  const bySecret = pageSessionKey({ secret, adminApiKey });
  assert.notDeepEqual(bySecret, byKey);
  assert.deepEqual(pageSessionKey({ secret, adminApiKey: "other" }), bySecret);
});
