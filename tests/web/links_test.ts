import assert from "node:assert/strict";
import { chatPath, endOf } from "../../src/web/links.ts";

Deno.test("endOf adds what is left, or all of a request, to now", () => {
  assert.equal(endOf({ expires_in_ms: 5000 }, 1000), 6000);
  assert.equal(endOf({}, 1000), 601_000);
});

Deno.test("chatPath keeps a room's id in its place", () => {
  assert.equal(chatPath("a/../b?"), "/tools/chat/enhanced/a%2F..%2Fb%3F/");
});
