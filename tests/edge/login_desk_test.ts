import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import {
  EDGE_KEY,
  type EdgeOptions,
  EdgeWorld,
  type KnockOptions,
  newKnock,
} from "./edge_world.ts";

/** Who a request's sender is, or why that is refused. */
async function verdict(
  { login }: EdgeWorld,
  options: KnockOptions,
): Promise<string> {
  try {
    const { userId, isProven } = await login.identify(newKnock("", options));
    return isProven ? `${userId}, proven` : userId;
  } catch (error) {
    assert(error instanceof ChatError, String(error));
    return error.code;
  }
}

const NAMES = { "user_id": "ann", nickname: "Ann" };
const CLOSED: EdgeOptions = { gate: { isTokenRequired: true } };

Deno.test("LoginDesk knows nobody who says nothing", async () => {
  using edge = new EdgeWorld();
  const nothing: KnockOptions[] = [
    { query: {} },
    { query: { nickname: "Ann" } },
    { query: {}, headers: { cookie: "parlor_session=forged" } },
    { query: {}, headers: { cookie: "other=1" } },
  ];
  for (const one of nothing) {
    assert.equal(await verdict(edge, one), "login_required");
  }
});

Deno.test("LoginDesk believes a token over names, and names over a cookie", async () => {
  using edge = new EdgeWorld();
  const { token } = await edge.minter.mint({ userId: "tom", expiresInSecs: 9 });
  const headers = { cookie: await edge.cookie() };
  const cases: [Record<string, string>, string][] = [
    [{ token }, "tom, proven"],
    [{ token, ...NAMES }, "token_invalid"],
    [NAMES, "ann"],
    [{}, "pia"],
  ];
  for (const [query, wanted] of cases) {
    assert.equal(await verdict(edge, { query, headers }), wanted);
  }
  const bad = { query: { token: "bad" }, headers };
  assert.equal(await verdict(edge, bad), "token_invalid");
});

Deno.test("LoginDesk checks names as every desk does", async () => {
  using edge = new EdgeWorld();
  const cases: Record<string, string>[] = [
    { "user_id": "ann" },
    { "user_id": "", nickname: "Ann" },
    { "user_id": "ann-is-too-long", nickname: "Ann" },
  ];
  for (const query of cases) {
    assert.equal(await verdict(edge, { query }), "bad_request");
  }
});

Deno.test("LoginDesk takes no name for a proof where a token is required", async () => {
  using edge = new EdgeWorld(CLOSED);
  assert.equal(await verdict(edge, { query: NAMES }), "login_required");
  const byKey = { query: NAMES, headers: { "x-api-key": EDGE_KEY } };
  assert.equal(await verdict(edge, byKey), "ann, proven");
  const byWrongKey = { query: NAMES, headers: { "x-api-key": "wrong" } };
  assert.equal(await verdict(edge, byWrongKey), "unauthorized");
});

Deno.test("LoginDesk takes only proven cookies where a token is required", async () => {
  using edge = new EdgeWorld(CLOSED);
  const unproven = { query: {}, headers: { cookie: await edge.cookie() } };
  assert.equal(await verdict(edge, unproven), "login_required");
  const cookie = await edge.cookie({ isProven: true });
  const proven = { query: {}, headers: { cookie } };
  assert.equal(await verdict(edge, proven), "pia, proven");
  const another = { query: { "user_id": "ann" }, headers: { cookie } };
  assert.equal(await verdict(edge, another), "login_required");
  const same = { query: { "user_id": "pia" }, headers: { cookie } };
  assert.equal(await verdict(edge, same), "pia, proven");
});

Deno.test("LoginDesk tells what a cookie opens, until when, and what follows", async () => {
  using edge = new EdgeWorld();
  const expiresAt = edge.world.clock.now() + 60_000;
  const rooms = new Set(["r"]);
  const cookie = await edge.cookie({ rooms, admin: rooms, expiresAt });
  const knock = newKnock("", { query: {}, headers: { cookie } });
  assert.deepEqual(await edge.login.identify(knock), {
    userId: "pia",
    nickname: "Pia",
    isProven: false,
    rooms,
    admin: rooms,
    expiresAt,
    endCode: "login_required",
  });
  await edge.world.clock.advance(60_000);
  await assert.rejects(edge.login.identify(knock), { code: "login_required" });
});

Deno.test("LoginDesk takes a cookie's id for proven where ids are trusted", async () => {
  using edge = new EdgeWorld({ gate: { trustUserIds: true } });
  const headers = { cookie: await edge.cookie() };
  assert.equal(await verdict(edge, { query: {}, headers }), "pia, proven");
});

Deno.test("LoginDesk takes a cookie only from this server's own pages", async () => {
  using edge = new EdgeWorld();
  const cookie = await edge.cookie();
  const host = "parlor.test";
  const cases: [Record<string, string>, string][] = [
    [{ origin: "http://parlor.test" }, "pia"],
    [{ origin: "http://evil.example" }, "cross_site_refused"],
    [{ origin: "http://parlor.test:81" }, "cross_site_refused"],
    [{ origin: "null" }, "cross_site_refused"],
    [{ "sec-fetch-site": "same-origin" }, "pia"],
    [{ "sec-fetch-site": "cross-site" }, "cross_site_refused"],
    [{}, "pia"],
  ];
  for (const [source, wanted] of cases) {
    const headers = { cookie, host, ...source };
    assert.equal(await verdict(edge, { query: {}, headers }), wanted);
  }
  // A name or a token is no cookie: any page may send what it knows.
  const headers = { cookie, host, origin: "http://evil.example" };
  assert.equal(await verdict(edge, { query: NAMES, headers }), "ann");
});

Deno.test("LoginDesk takes a cookie from the pages of a listed origin, not from any", async () => {
  const origin = "https://shop.example";
  for (
    const [allowed, wanted] of [
      [origin, "pia"],
      ["*", "cross_site_refused"],
    ] as const
  ) {
    using edge = new EdgeWorld({ gate: { allowedOrigins: [allowed] } });
    const headers = { cookie: await edge.cookie(), origin };
    assert.equal(await verdict(edge, { query: {}, headers }), wanted);
  }
});

Deno.test("LoginDesk lets listed origins connect, and always its own", () => {
  using edge = new EdgeWorld({
    gate: { allowedOrigins: ["https://shop.example"] },
  });
  const cases = [
    ["https://shop.example", true],
    ["http://parlor.test", true],
    ["https://evil.example", false],
  ] as const;
  for (const [origin, isAllowed] of cases) {
    const { request } = newKnock("ann", { headers: { origin } });
    const require = () => edge.login.requireOrigin(request);
    if (isAllowed) require();
    else assert.throws(require, { code: "origin_refused" });
  }
});

Deno.test("LoginDesk recalls the user of a page's cookie where one may speak", async () => {
  using edge = new EdgeWorld();
  const cookie = await edge.cookie();
  const cases: [Record<string, string>, string | undefined][] = [
    [{ cookie }, "pia"],
    [{}, undefined],
    [{ cookie: "parlor_session=forged" }, undefined],
    [{ cookie, "sec-fetch-site": "cross-site" }, undefined],
  ];
  for (const [headers, wanted] of cases) {
    const { request } = newKnock("", { query: {}, headers });
    assert.equal((await edge.login.recall(request))?.userId, wanted);
  }
});
