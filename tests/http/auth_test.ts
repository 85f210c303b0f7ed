import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { requireApiKey, requireApiKeyOrBearer } from "../../src/http/auth.ts";
import { ApiKey } from "../../src/identity/api_key.ts";

function newApp(): Hono {
  const key = new ApiKey("the-key");
  const app = new Hono();
  app.onError((_error, c) => c.text("refused", 401));
  app.use("/header", requireApiKey(key));
  app.use("/either", requireApiKeyOrBearer(key));
  app.get("/*", (c) => c.text("let in"));
  return app;
}

async function statusOf(
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  return (await newApp().request(path, { headers })).status;
}

Deno.test("requireApiKey takes the key in X-Api-Key alone", async () => {
  assert.equal(await statusOf("/header", { "X-Api-Key": "the-key" }), 200);
  assert.equal(await statusOf("/header", { "X-Api-Key": "the-ke" }), 401);
  const bearer = { Authorization: "Bearer the-key" };
  assert.equal(await statusOf("/header", bearer), 401);
  assert.equal(await statusOf("/header", {}), 401);
});

Deno.test("requireApiKeyOrBearer takes the key in either header", async () => {
  assert.equal(await statusOf("/either", { "X-Api-Key": "the-key" }), 200);
  for (const scheme of ["Bearer", "bearer", "BEARER"]) {
    const bearer = { Authorization: `${scheme} the-key` };
    assert.equal(await statusOf("/either", bearer), 200);
  }
});

Deno.test("requireApiKeyOrBearer refuses anything else", async () => {
  for (const value of ["the-key", "Basic the-key", "Bearer ", "Bearer a b"]) {
    assert.equal(await statusOf("/either", { Authorization: value }), 401);
  }
  assert.equal(await statusOf("/either", {}), 401);
});
