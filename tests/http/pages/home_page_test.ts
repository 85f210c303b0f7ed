import assert from "node:assert/strict";
import { ANN, PageWorld } from "./page_world.ts";

Deno.test("HomePage leads to the match and to the rooms", async () => {
  const world = new PageWorld();
  const text = await (await world.ask("/")).text();
  assert.match(text, /class="button strong" href="\/tools\/heart_link\/"/);
  assert.match(text, /class="button" href="\/tools\/chat\/active_rooms\/"/);
  assert.match(text, /Log in first/);
  const known = await (await world.ask("/", { as: ANN })).text();
  assert.doesNotMatch(known, /Log in first/);
});
