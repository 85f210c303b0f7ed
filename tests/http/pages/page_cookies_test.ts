import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import {
  dropSession,
  setLanguage,
  setSession,
} from "../../../src/http/pages/page_cookies.ts";

async function cookies(trustProxy: boolean): Promise<string[]> {
  const app = new Hono();
  app.get("/", (c) => {
    setSession(c, { value: "v", maxAgeSecs: 5 }, { trustProxy });
    setLanguage(c, "zh-CN", { trustProxy });
    return c.text("");
  });
  app.get("/out", (c) => {
    dropSession(c, { trustProxy });
    return c.text("");
  });
  const headers = { "X-Forwarded-Proto": "https" };
  const set = await app.request("/", { headers });
  const dropped = await app.request("/out", { headers });
  return [...set.headers.getSetCookie(), ...dropped.headers.getSetCookie()];
}

Deno.test("setSession makes a cookie that no script and no other site can use", async () => {
  const [session, language, dropped] = await cookies(false);
  assert.equal(
    session,
    "parlor_session=v; Max-Age=5; Path=/; HttpOnly; SameSite=Lax",
  );
  assert.equal(
    language,
    "parlor_lang=zh-CN; Max-Age=31536000; Path=/; SameSite=Lax",
  );
  assert.equal(dropped, "parlor_session=; Max-Age=0; Path=/; SameSite=Lax");
});

Deno.test("setSession keeps it to TLS where a trusted proxy says so", async () => {
  for (const cookie of await cookies(true)) assert.match(cookie, /; Secure/);
});
