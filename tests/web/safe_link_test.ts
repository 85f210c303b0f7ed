import assert from "node:assert/strict";
import { safeLink } from "../../src/web/safe_link.ts";

Deno.test("safeLink leads to this server and to the web", () => {
  assert.deepEqual(safeLink("/tools/uploads/r/f"), {
    href: "/tools/uploads/r/f",
    isOwn: true,
  });
  for (const href of ["https://a.test/b", "http://a.test", "HTTPS://A.test/"]) {
    assert.deepEqual(safeLink(href), { href, isOwn: false });
  }
});

Deno.test("safeLink leads nowhere else", () => {
  const unsafe = [
    "",
    "a",
    "//a.test",
    "/\\a.test",
    "/\t/a.test",
    "javascript:alert(1)",
    " javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>",
    "blob:https://a.test/1",
    "file:///etc/passwd",
    "ftp://a.test",
    "https://",
  ];
  for (const url of unsafe) assert.equal(safeLink(url), undefined, url);
});
