import assert from "node:assert/strict";
import { newMessageId } from "../../src/web/message_id.ts";

Deno.test("newMessageId is another each time", () => {
  const ids = Array.from({ length: 100 }, newMessageId);
  assert.equal(new Set(ids).size, 100);
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
});
