import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import { newPenalty } from "../room/fixture.ts";
import { EDGE_KEY } from "./edge_world.ts";
import { type LiveKnock, LiveWorld, newLiveKnock } from "./live_world.ts";

/** Who is let in, or why nobody is. */
async function verdict(
  { gate }: LiveWorld,
  knock?: LiveKnock,
): Promise<string> {
  try {
    const { isGuest, visitor } = await gate.admit(newLiveKnock(knock));
    return `${isGuest ? "guest" : "user"} ${visitor.userId}`;
  } catch (error) {
    assert(error instanceof ChatError);
    return error.code;
  }
}

Deno.test("LiveGate admits who gives no name as a guest of its own", async () => {
  using live = new LiveWorld();
  const { actor, visitor } = await live.gate.admit(newLiveKnock());
  assert.equal(actor, live.edge.world.actor);
  assert.deepEqual(visitor, {
    userId: "viewer-id1",
    nickname: "viewer-id1",
    isProven: false,
    isTokenAdmin: false,
    expiresAt: null,
  });
  const query = { nickname: "Ann" };
  assert.equal(await verdict(live, { query }), "guest viewer-id2");
});

Deno.test("LiveGate admits a user by name, whose nickname may be left out", async () => {
  using live = new LiveWorld();
  const named = { "user_id": "ann", nickname: "Ann" };
  assert.equal(await verdict(live, { query: named }), "user ann");
  const { visitor } = await live.gate.admit(
    newLiveKnock({ query: { "user_id": "ann" } }),
  );
  assert.equal(visitor.nickname, "ann");
});

Deno.test("LiveGate takes a token for what it says", async () => {
  using live = new LiveWorld();
  const { minter } = live.edge;
  async function tokenOf(claims: object): Promise<string> {
    const request = { userId: "ann", expiresInSecs: 60, ...claims };
    return (await minter.mint(request)).token;
  }
  const token = await tokenOf({ name: "Ann", admin: true });
  const { isGuest, visitor } = await live.gate.admit(
    newLiveKnock({ query: { token } }),
  );
  assert.equal(isGuest, false);
  assert.deepEqual(
    [visitor.userId, visitor.nickname, visitor.isProven, visitor.isTokenAdmin],
    ["ann", "Ann", true, true],
  );
  const headers = { authorization: `Bearer ${token}` };
  assert.equal(await verdict(live, { headers }), "user ann");
  const query = { token, "user_id": "bob" };
  assert.equal(await verdict(live, { query }), "token_invalid");
  assert.equal(await verdict(live, { query: { token: "x" } }), "token_invalid");
  const elsewhere = await tokenOf({ rooms: ["other"] });
  assert.equal(
    await verdict(live, { query: { token: elsewhere } }),
    "room_refused",
  );
});

Deno.test("LiveGate lets guests watch where users need a token", async () => {
  using live = new LiveWorld({ gate: { isTokenRequired: true } });
  assert.equal(await verdict(live), "guest viewer-id1");
  const query = { "user_id": "ann" };
  assert.equal(await verdict(live, { query }), "token_invalid");
  const headers = { "x-api-key": EDGE_KEY };
  assert.equal(await verdict(live, { query, headers }), "user ann");
});

Deno.test("LiveGate names the first of many faults", async () => {
  using live = new LiveWorld({
    start: { bans: [newPenalty("ann", null)], adminUserIds: ["ann"] },
    gate: {
      connectionsMax: 2,
      allowedOrigins: ["https://good.example"],
    },
  });
  const { edge } = live;
  let knock: Required<LiveKnock> = {
    liveId: "none",
    ip: "10.0.0.1",
    query: { "user_id": "a".repeat(11) },
    headers: {
      upgrade: "h2c",
      origin: "https://bad.example",
      "x-api-key": "wrong",
    },
  };
  function mendHeaders(headers: Readonly<Record<string, string>>) {
    knock = { ...knock, headers };
  }
  edge.facts.isDraining = true;
  edge.connections.reserve("10.0.0.1");
  edge.connections.reserve("10.0.0.2");
  const key = "x-api-key";
  const steps: [string, () => void][] = [
    ["shutting_down", () => edge.facts.isDraining = false],
    ["too_many_connections", () => edge.connections.release("10.0.0.2")],
    ["origin_refused", () => mendHeaders({ upgrade: "h2c", [key]: "wrong" })],
    ["live_not_found", () => knock = { ...knock, liveId: "777" }],
    ["upgrade_required", () => mendHeaders({ [key]: "wrong" })],
    [
      "bad_request",
      () => knock = { ...knock, query: { "user_id": "ann" } },
    ],
    ["unauthorized", () => mendHeaders({})],
    ["admin_proof_required", () => mendHeaders({ [key]: EDGE_KEY })],
  ];
  for (const [code, mend] of steps) {
    assert.equal(await verdict(live, knock), code);
    mend();
  }
  assert.equal(await verdict(live, knock), "user_banned");
});

Deno.test("LiveGate takes this server's own pages beside the allowed origins", async () => {
  using live = new LiveWorld({
    gate: { allowedOrigins: ["https://good.example"] },
  });
  for (const origin of ["https://good.example", "http://parlor.test"]) {
    const word = await verdict(live, { headers: { origin } });
    assert.match(word, /^guest /, origin);
  }
  const headers = { origin: "https://bad.example" };
  assert.equal(await verdict(live, { headers }), "origin_refused");
});

Deno.test("LiveGate knows the user of a page's login, and takes a name over it", async () => {
  using live = new LiveWorld();
  const headers = { cookie: await live.edge.cookie() };
  const { isGuest, visitor } = await live.gate.admit(newLiveKnock({ headers }));
  assert.equal(isGuest, false);
  assert.deepEqual(
    [visitor.userId, visitor.nickname, visitor.endCode],
    ["pia", "Pia", "login_required"],
  );
  const query = { "user_id": "ann" };
  assert.equal(await verdict(live, { query, headers }), "user ann");
});

Deno.test("LiveGate takes who comes with a login that does not count for a guest", async () => {
  using live = new LiveWorld();
  const cookie = await live.edge.cookie();
  const actorId = live.edge.world.actor.id;
  const cases: [Record<string, string>, RegExp][] = [
    [{ cookie: "parlor_session=forged" }, /^guest /],
    [{ cookie, "sec-fetch-site": "cross-site" }, /^guest /],
    [{ cookie, origin: "https://bad.example" }, /^guest /],
    [{ cookie, origin: "http://parlor.test" }, /^user pia$/],
    [{
      cookie: await live.edge.cookie({ rooms: new Set(["other"]) }),
    }, /^guest /],
    [{
      cookie: await live.edge.cookie({ rooms: new Set([actorId]) }),
    }, /^user pia$/],
  ];
  for (const [headers, wanted] of cases) {
    assert.match(await verdict(live, { headers }), wanted);
  }
});

Deno.test("LiveGate wants a proven login where users need a token", async () => {
  using live = new LiveWorld({ gate: { isTokenRequired: true } });
  for (const isProven of [false, true]) {
    const headers = { cookie: await live.edge.cookie({ isProven }) };
    const wanted = isProven ? /^user pia$/ : /^guest /;
    assert.match(await verdict(live, { headers }), wanted);
  }
});

Deno.test("LiveGate keeps out who is banned by their page's login too", async () => {
  using live = new LiveWorld({ start: { bans: [newPenalty("pia", null)] } });
  const headers = { cookie: await live.edge.cookie() };
  assert.equal(await verdict(live, { headers }), "user_banned");
});
