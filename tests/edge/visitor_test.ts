import assert from "node:assert/strict";
import {
  type Claim,
  claimOf,
  type KnownUser,
  VisitorDesk,
  visitorOf,
} from "../../src/edge/visitor.ts";
import { ApiKey } from "../../src/identity/api_key.ts";
import { TokenMinter } from "../../src/identity/token_minter.ts";
import { TokenVerifier } from "../../src/identity/token_verifier.ts";
import { ChatError, type ErrorCode } from "../../src/wire/errors.ts";
import { FakeClock } from "../support/fake_clock.ts";

const API_KEY = "your_secret_api_key";
const LIMITS = { userIdCharsMax: 8, nicknameCharsMax: 4 };
const NOBODY: Claim = {
  userId: null,
  nickname: null,
  token: null,
  apiKey: null,
};

function newDesk(
  settings: { isTokenRequired?: boolean; trustUserIds?: boolean } = {},
) {
  const clock = new FakeClock();
  const key = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
  const desk = new VisitorDesk({
    verifier: new TokenVerifier({ key, limits: LIMITS, clock }),
    apiKey: new ApiKey(API_KEY),
    isTokenRequired: false,
    trustUserIds: false,
    ...LIMITS,
    ...settings,
  });
  return { clock, desk, minter: new TokenMinter(key, clock) };
}

async function refuses(
  work: () => unknown,
  code: ErrorCode,
  message?: RegExp,
): Promise<void> {
  await assert.rejects(async () => await work(), (error) => {
    assert.ok(error instanceof ChatError);
    assert.equal(error.code, code);
    if (message !== undefined) assert.match(error.message, message);
    return true;
  });
}

Deno.test("claimOf() reads names from the query and proofs from either", () => {
  const url = new URL("http://h/ws?user_id=u%201&nickname=%E5%BC%A0&token=t1");
  const request = new Request(url, {
    headers: { authorization: "Bearer t2", "x-api-key": "k" },
  });
  assert.deepEqual(claimOf(request, url), {
    userId: "u 1",
    nickname: "张",
    token: "t1",
    apiKey: "k",
  });
});

Deno.test("claimOf() takes a token from the header when the query has none", () => {
  const url = new URL("http://h/ws");
  const cases = [
    ["Bearer t2", "t2"],
    ["bearer t2", "t2"],
    ["Basic t2", null],
    ["Bearer ", null],
    ["Bearer", null],
  ] as const;
  for (const [authorization, token] of cases) {
    const request = new Request(url, { headers: { authorization } });
    assert.equal(claimOf(request, url).token, token, authorization);
  }
});

Deno.test("VisitorDesk takes names within their bounds", () => {
  const { desk } = newDesk();
  desk.requireNames({ ...NOBODY, userId: "12345678", nickname: "😀😀😀😀" });
});

Deno.test("VisitorDesk refuses names that are missing, too long or cut", async () => {
  const { desk } = newDesk();
  const ok = { ...NOBODY, userId: "u1", nickname: "Ann" };
  const cases: [Partial<Claim>, RegExp][] = [
    [{ userId: null }, /^user_id is missing$/],
    [{ userId: "" }, /^user_id is missing$/],
    [{ nickname: null }, /^nickname is missing$/],
    [{ userId: "123456789" }, /^user_id has more than 8 characters$/],
    [{ nickname: "😀😀😀😀😀" }, /^nickname has more than 4 characters$/],
    [{ userId: "u\0" }, /^user_id has a NUL$/],
  ];
  for (const [part, message] of cases) {
    await refuses(
      () => desk.requireNames({ ...ok, ...part }),
      "bad_request",
      message,
    );
  }
});

Deno.test("VisitorDesk needs no names beside a token", () => {
  newDesk().desk.requireNames({ ...NOBODY, token: "t" });
});

Deno.test("VisitorDesk takes a name as given in open mode, unproven", async () => {
  const { desk } = newDesk();
  const claim = { ...NOBODY, userId: "u1", nickname: "Ann" };
  assert.deepEqual(await desk.identify(claim), {
    userId: "u1",
    nickname: "Ann",
    isProven: false,
    rooms: null,
    admin: false,
    expiresAt: null,
  });
});

Deno.test("VisitorDesk takes the API key, or the operator's setting, for a proof", async () => {
  const claim = { ...NOBODY, userId: "u1", nickname: "Ann" };
  const byKey = await newDesk({ isTokenRequired: true }).desk.identify(
    { ...claim, apiKey: API_KEY },
  );
  assert.equal(byKey.isProven, true);
  assert.equal(byKey.admin, false);
  const trusting = newDesk({ trustUserIds: true });
  const trusted = await trusting.desk.identify(claim);
  assert.equal(trusted.isProven, true);
});

Deno.test("VisitorDesk refuses a wrong API key, also in open mode", async () => {
  const claim = { ...NOBODY, userId: "u1", nickname: "Ann", apiKey: "wrong" };
  await refuses(
    () => newDesk().desk.identify(claim),
    "unauthorized",
  );
});

Deno.test("VisitorDesk refuses who has no token where one is needed", async () => {
  const { desk } = newDesk({ isTokenRequired: true });
  const claim = { ...NOBODY, userId: "u1", nickname: "Ann" };
  await refuses(
    () => desk.identify(claim),
    "token_invalid",
    /needed/,
  );
});

Deno.test("VisitorDesk believes a token's names over the query's nickname", async () => {
  const { clock, desk, minter } = newDesk({ isTokenRequired: true });
  const { token } = await minter.mint({
    userId: "u1",
    name: "Ann",
    expiresInSecs: 60,
  });
  const claim = { ...NOBODY, token, nickname: "Bob" };
  assert.deepEqual(await desk.identify(claim), {
    userId: "u1",
    nickname: "Ann",
    isProven: true,
    rooms: null,
    admin: false,
    expiresAt: clock.now() + 60_000,
  });
});

Deno.test("VisitorDesk refuses a token of another user", async () => {
  const { desk, minter } = newDesk();
  const { token } = await minter.mint({ userId: "u1", expiresInSecs: 60 });
  const claim = { ...NOBODY, token };
  await refuses(
    () => desk.identify({ ...claim, userId: "u2" }),
    "token_invalid",
    /another user/,
  );
  assert.equal((await desk.identify(claim)).userId, "u1");
});

const KNOWN: KnownUser = {
  userId: "u1",
  nickname: "Ann",
  isProven: true,
  rooms: null,
  admin: false,
  expiresAt: 5,
  endCode: "login_required",
};

Deno.test("visitorOf() opens any room, or those that the proof names", async () => {
  assert.deepEqual(visitorOf(KNOWN, "room-1"), {
    userId: "u1",
    nickname: "Ann",
    isProven: true,
    isTokenAdmin: false,
    expiresAt: 5,
    endCode: "login_required",
  });
  const known = { ...KNOWN, rooms: new Set(["room-1"]) };
  assert.equal(visitorOf(known, "room-1").userId, "u1");
  await refuses(() => visitorOf(known, "room-2"), "room_refused");
});

Deno.test("visitorOf() makes an admin of every room, or of those named", () => {
  for (
    const [admin, inRoom1, inRoom2] of [
      [true, true, true],
      [false, false, false],
      [new Set(["room-1"]), true, false],
    ] as const
  ) {
    const known = { ...KNOWN, admin };
    assert.equal(visitorOf(known, "room-1").isTokenAdmin, inRoom1);
    assert.equal(visitorOf(known, "room-2").isTokenAdmin, inRoom2);
  }
});
