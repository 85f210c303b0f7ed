import assert from "node:assert/strict";
import { ANN, PageWorld } from "./page_world.ts";

Deno.test("pageRequest comes back to the page, and leaves a token behind", async () => {
  const world = new PageWorld();
  world.token = {
    userId: "ann",
    rooms: null,
    admin: false,
    expiresAt: null,
  };
  const response = await world.ask("/?a=1&token=secret");
  const text = await response.text();
  assert.match(text, /name="next" value="\/\?a=1"/);
  assert(!text.includes("secret"), text);
});

Deno.test("pageRequest takes a cookie that does not open for nobody's", async () => {
  const world = new PageWorld();
  const headers = { Cookie: "parlor_session=forged" };
  const text = await (await world.ask("/", { headers })).text();
  assert.match(text, /href="\/login"/);
  const known = await (await world.ask("/", { as: ANN })).text();
  assert.doesNotMatch(known, /href="\/login"/);
});
