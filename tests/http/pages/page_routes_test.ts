import assert from "node:assert/strict";
import { ANN, EVIL, PageWorld } from "./page_world.ts";

Deno.test("pageRoutes shows the index to anyone, and who is logged in", async () => {
  const world = new PageWorld();
  const stranger = await world.ask("/");
  assert.equal(stranger.status, 200);
  assert.equal(
    stranger.headers.get("Content-Type"),
    "text/html; charset=UTF-8",
  );
  const text = await stranger.text();
  assert.match(text, /^<!DOCTYPE html><html lang="en">/);
  assert.match(text, /href="\/login"/);
  const known = await (await world.ask("/", { as: ANN })).text();
  assert.match(known, /action="\/logout"/);
  assert.match(known, />Ann</);
});

Deno.test("pageRoutes escapes a nickname everywhere on a page", async () => {
  const world = new PageWorld({});
  const response = await world.ask("/", {
    as: { userId: "evil", nickname: `<b>"'&` },
  });
  const text = await response.text();
  assert(!text.includes("<b>"), text);
  assert(text.includes("&lt;b&gt;&quot;&#39;&amp;"), text);
});

Deno.test("pageRoutes lets no script and no style stand in a page", async () => {
  const world = new PageWorld();
  for (const path of ["/", "/login", "/tools/chat/active_rooms/"]) {
    const response = await world.ask(path, { as: ANN });
    const text = await response.text();
    const policy = response.headers.get("Content-Security-Policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=/);
    assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)/);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
  }
});

Deno.test("pageRoutes speaks the browser's language until one is chosen", async () => {
  const world = new PageWorld();
  const headers = { "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8" };
  assert.match(await (await world.ask("/", { headers })).text(), /找个人聊聊/);
  const chosen = await world.ask("/language", {
    form: { language: "en", next: "/tools/heart_link/" },
  });
  assert.equal(chosen.status, 303);
  assert.equal(chosen.headers.get("Location"), "/tools/heart_link/");
  const cookie = chosen.headers.get("Set-Cookie") ?? "";
  assert.match(cookie, /^parlor_lang=en;.*Path=\/; SameSite=Lax$/);
  const after = await world.ask("/", {
    headers: { ...headers, Cookie: "parlor_lang=en" },
  });
  assert.match(await after.text(), /<html lang="en">/);
});

Deno.test("pageRoutes takes no language from another site, and leads to none", async () => {
  const world = new PageWorld();
  const form = { language: "en", next: "//elsewhere.test/" };
  const away = await world.ask("/language", { form });
  assert.equal(away.headers.get("Location"), "/");
  const foreign = await world.ask("/language", {
    form,
    headers: { Origin: "https://elsewhere.test" },
  });
  assert.equal(foreign.status, 403);
});

Deno.test("pageRoutes keeps a language that it does not know out of the cookie", async () => {
  const world = new PageWorld();
  const response = await world.ask("/language", { form: { language: EVIL } });
  assert.equal(response.headers.get("Set-Cookie"), null);
});
