import assert from "node:assert/strict";
import { ANN, PageWorld } from "./page_world.ts";

Deno.test("Layout has landmarks, a way to the content, and the place in the menu", async () => {
  const world = new PageWorld();
  const response = await world.ask("/tools/heart_link/", { as: ANN });
  const text = await response.text();
  assert.match(text, /<a class="skip" href="#main">/);
  assert.match(text, /<main id="main"/);
  assert.match(text, /<nav aria-label="Main">/);
  assert.match(text, /href="\/tools\/heart_link\/" aria-current="page"/);
  assert.match(text, /name="viewport" content="width=device-width/);
  assert.match(text, /<noscript>/);
});

Deno.test("Layout leads a stranger to the login and back", async () => {
  const world = new PageWorld();
  const response = await world.ask("/tools/chat-room-error/ended/r1/");
  const back = encodeURIComponent("/tools/chat-room-error/ended/r1/");
  assert((await response.text()).includes(`href="/login?next=${back}"`));
});
