import assert from "node:assert/strict";
import { toSecs } from "../../src/base/unix_time.ts";

Deno.test("toSecs rounds down", () => {
  assert.equal(toSecs(1999), 1);
  assert.equal(toSecs(2000), 2);
});
