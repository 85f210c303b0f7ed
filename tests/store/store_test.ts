import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";

Deno.test("StoreError says why, and keeps its cause", () => {
  const cause = new Error("disk I/O error");
  const error = new StoreError("io", "The disk failed", { cause });
  assert.equal(error.name, "StoreError");
  assert.equal(error.failure, "io");
  assert.equal(error.message, "The disk failed");
  assert.equal(error.cause, cause);
  assert.equal("cause" in new StoreError("busy", "Later"), false);
});
