import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { pageHeaders } from "../../../src/http/pages/page_headers.ts";

async function headersFor(host: string): Promise<Headers> {
  const app = new Hono();
  app.use(pageHeaders());
  app.get("/", (c) => c.text("a page"));
  app.get("/kept", (c) => c.text("x", 200, { "Cache-Control": "public" }));
  const request = new Request("http://x/", { headers: { Host: host } });
  return (await app.request(request)).headers;
}

Deno.test("pageHeaders lets a page reach its own host alone", async () => {
  const headers = await headersFor("parlor.test:8080");
  const policy = headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /script-src 'self';/);
  assert.match(policy, /frame-ancestors 'none';/);
  assert.match(
    policy,
    /connect-src 'self' ws:\/\/parlor\.test:8080 wss:\/\/parlor\.test:8080$/,
  );
});

Deno.test("pageHeaders lets no host change the policy", async () => {
  const headers = await headersFor("a; script-src *");
  const policy = headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /connect-src 'self'$/);
});
