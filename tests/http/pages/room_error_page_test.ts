// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import { EVIL, PageWorld } from "./page_world.ts";

Deno.test("RoomErrorPage has the seed's sign for each kind", async () => {
  const world = new PageWorld();
  const signs = {
    not_found: "🔍",
    ended: "⏰",
    no_permission: "🚫",
    general: "❌",
  };
  for (const [kind, sign] of Object.entries(signs)) {
    const response = await world.ask(`/tools/chat-room-error/${kind}/r1/`);
    assert.equal(response.status, 200);
    const text = await response.text();
    assert(text.includes(sign), kind);
    assert.match(text, /id="home" href="\/"/);
    assert.match(text, /id="rematch" href="\/tools\/heart_link\/"/);
  }
});

Deno.test("RoomErrorPage takes a kind that it does not know for general", async () => {
  const world = new PageWorld();
  const response = await world.ask("/tools/chat-room-error/other/r1/");
  assert((await response.text()).includes("❌"));
});

Deno.test("RoomErrorPage escapes the room's id and bounds it", async () => {
  const world = new PageWorld();
  const id = encodeURIComponent(EVIL + "x".repeat(1000));
  const response = await world.ask(`/tools/chat-room-error/ended/${id}/`);
  const text = await response.text();
  assert(!text.includes("<img"), text);
  const [, shown = ""] = /room-id">Room ([^<]*)</.exec(text) ?? [];
  assert(shown.startsWith("&lt;img"), shown);
  assert(!shown.includes("x".repeat(128)), shown);
});
