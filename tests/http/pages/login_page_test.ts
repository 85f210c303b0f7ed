import assert from "node:assert/strict";
import { PageWorld } from "./page_world.ts";

Deno.test("LoginPage labels its fields and says what each is", async () => {
  const world = new PageWorld();
  const text = await (await world.ask("/login?next=/tools/heart_link/")).text();
  assert.match(text, /<label for="user_id">/);
  assert.match(text, /id="user_id"[^>]*aria-describedby="user_id-hint"/);
  assert.match(text, /<label for="nickname">/);
  assert.match(text, /name="next" value="\/tools\/heart_link\/"/);
  assert.doesNotMatch(text, /name="token"/);
});

Deno.test("LoginPage ties a fault to its field and keeps the other's text", async () => {
  const world = new PageWorld();
  const response = await world.ask("/login", {
    form: { user_id: "ann", nickname: "a name that is too long" },
  });
  const text = await response.text();
  assert.match(text, /id="user_id"[^>]*value="ann"/);
  assert.match(
    text,
    /aria-describedby="nickname-fault nickname-hint" aria-invalid="true"/,
  );
  assert.match(text, /id="nickname-fault" role="alert"/);
});
