import assert from "node:assert/strict";
import { safePath } from "../../../src/http/pages/safe_path.ts";

Deno.test("safePath takes paths of this server", () => {
  for (const path of ["/", "/tools/heart_link/", "/a?b=//c", "/a#b"]) {
    assert.equal(safePath(path, "/x"), path);
  }
});

Deno.test("safePath takes nothing that leads elsewhere", () => {
  const elsewhere = [
    undefined,
    "",
    "a",
    "//a.test",
    "/\\a.test",
    "/a\\b",
    "\\/a.test",
    "https://a.test/",
    "javascript:alert(1)",
    "/\t/a.test",
    "/a\nSet-Cookie: b",
  ];
  for (const path of elsewhere) assert.equal(safePath(path, "/x"), "/x", path);
});

Deno.test("safePath takes at most 1024 characters", () => {
  const longest = `/${"a".repeat(1023)}`;
  assert.equal(safePath(longest, "/x"), longest);
  assert.equal(safePath(`${longest}a`, "/x"), "/x");
});
