import assert from "node:assert/strict";
import {
  OpenUploads,
  USER_UPLOADS_MAX,
} from "../../src/upload/open_uploads.ts";

const BUSY = { code: "busy", retryAfterMs: 1000 };

Deno.test("OpenUploads hold so many bytes at a time", () => {
  const open = new OpenUploads(100);
  const first = open.admit("u1", 60);
  assert.throws(() => open.admit("u2", 41), BUSY);
  using _second = open.admit("u2", 40);
  first[Symbol.dispose]();
  using _third = open.admit("u3", 60);
});

Deno.test("OpenUploads hold so many uploads of one user", () => {
  const open = new OpenUploads(100);
  const held = Array.from(
    { length: USER_UPLOADS_MAX },
    () => open.admit("u1", 1),
  );
  assert.throws(() => open.admit("u1", 1), BUSY);
  using _other = open.admit("u2", 1);
  held[0]?.[Symbol.dispose]();
  using _next = open.admit("u1", 1);
});

Deno.test("OpenUploads grant a user's second upload a quarter with the first", () => {
  const open = new OpenUploads(100);
  using _large = open.admit("u1", 50);
  assert.throws(() => open.admit("u1", 1), BUSY);
  using _first = open.admit("u2", 20);
  assert.throws(() => open.admit("u2", 6), BUSY);
  using _second = open.admit("u2", 5);
});

Deno.test("OpenUploads forget a user whose uploads are over", () => {
  const open = new OpenUploads(100);
  const first = open.admit("u1", 10);
  const second = open.admit("u1", 10);
  assert.equal(open.userCount, 1);
  first[Symbol.dispose]();
  assert.equal(open.userCount, 1);
  second[Symbol.dispose]();
  assert.equal(open.userCount, 0);
});
