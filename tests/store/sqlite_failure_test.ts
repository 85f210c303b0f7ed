import assert from "node:assert/strict";
import { failureOf, storeError } from "../../src/store/sqlite_failure.ts";

Deno.test("failureOf knows primary and extended result codes", () => {
  assert.equal(failureOf(5), "busy");
  assert.equal(failureOf(517), "busy");
  assert.equal(failureOf(6), "busy");
  assert.equal(failureOf(13), "full");
  assert.equal(failureOf(10), "io");
  assert.equal(failureOf(778), "io");
  assert.equal(failureOf(14), "io");
  assert.equal(failureOf(1032), "io");
  assert.equal(failureOf(11), "corrupt");
  assert.equal(failureOf(267), "corrupt");
  assert.equal(failureOf(26), "corrupt");
});

Deno.test("failureOf answers other for every other fault", () => {
  assert.equal(failureOf(1), "other");
  assert.equal(failureOf(1555), "other");
  assert.equal(failureOf(0), "other");
  assert.equal(failureOf(null), "other");
});

Deno.test("storeError keeps what SQLite said out of its message", () => {
  const error = storeError("io", "disk I/O error: /secret/path.db");
  assert.equal(error.failure, "io");
  assert.equal(error.message, "The database cannot be read or written");
  assert.ok(error.cause instanceof Error);
  assert.match(error.cause.message, /secret/);
  assert.equal(storeError("closed").cause, undefined);
});
