import assert from "node:assert/strict";
import { newLiveWorld } from "../support/live_world.ts";
import { TEST_KEY } from "../support/test_app.ts";

/** Long enough for tokens of the server's own. */
const SECRET = "0123456789abcdef0123456789abcdef";

Deno.test("Start, stop and retry need the operator's key or an admin's token", async () => {
  await using world = await newLiveWorld({ settings: { AUTH_SECRET: SECRET } });
  const { app } = world;
  const admin = await app.mintToken("ann", { admin: true });
  const user = await app.mintToken("bob");
  const cases: [Record<string, string>, number, string, string][] = [
    [{}, 401, "unauthorized", "未提供认证令牌"],
    [{ "X-Api-Key": "wrong" }, 401, "unauthorized", "无效的用户令牌"],
    [
      { Authorization: "Bearer nonsense" },
      401,
      "token_invalid",
      "无效的用户令牌",
    ],
    [
      { Authorization: `Bearer ${user}` },
      403,
      "not_admin",
      "Only the operator or an admin may do that",
    ],
  ];
  const body = { "live_id": "77" };
  await world.start("77");
  for (const [headers, status, code, message] of cases) {
    for (
      const path of ["/api/live/start", "/api/live/stop", "/api/live/77/retry"]
    ) {
      const answer = await app.api(`POST ${path}`, { body, headers });
      assert.deepEqual([answer.status, answer.body], [status, {
        success: false,
        message,
        code,
      }]);
    }
  }
  assert.equal((await world.ask("77")).state, "live");
  for (
    const headers of [
      { "X-Api-Key": TEST_KEY },
      { Authorization: `Bearer ${TEST_KEY}` },
      { Authorization: `Bearer ${admin}` },
    ]
  ) {
    const stop = await app.api("POST /api/live/stop", { body, headers });
    assert.equal(stop.status, 200);
    const start = await app.api("POST /api/live/start", { body, headers });
    assert.equal(start.status, 200);
  }
  // Anybody may look, and watch.
  for (
    const path of ["/api/live/status", "/api/live/77", "/api/live/77/messages"]
  ) {
    assert.equal((await app.api(`GET ${path}`, { headers: {} })).status, 200);
  }
  await world.watch("77");
});

Deno.test("With LIVE_PUBLIC anybody may start and stop, but no page of another site", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_PUBLIC: "true" },
  });
  const body = { "live_id": "77" };
  const foreign = { Origin: "https://elsewhere.example" };
  for (const headers of [foreign, { "Sec-Fetch-Site": "cross-site" }]) {
    const refused = await world.app.api("POST /api/live/start", {
      body,
      headers,
    });
    assert.equal(refused.status, 403, JSON.stringify(refused.body));
    assert.equal(refused.body.code, "cross_site_refused");
  }
  assert.equal(world.upstream.triedCount("77"), 0);
  const started = await world.app.api("POST /api/live/start", {
    body,
    headers: {},
  });
  assert.equal(started.status, 200);
  await world.connected("77");
  const stopped = await world.app.api("POST /api/live/stop", {
    body,
    headers: {},
  });
  assert.equal(stopped.status, 200);
  await world.upstream.gone("77");
});
