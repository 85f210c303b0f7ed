import assert from "node:assert/strict";
import { fileUrlText, isFileUrl } from "../../src/wire/file_url.ts";

Deno.test("isFileUrl takes http(s) URLs and paths of this server", () => {
  const urls = [
    "https://cdn.example/a.png",
    "http://cdn.example:8080/a?b=c#d",
    "HTTPS://cdn.example/A",
    "https://例子.example/图片.png",
    "/tools/uploads/r/a.png",
    "/a b.png",
    "/",
  ];
  for (const url of urls) assert(isFileUrl(url), url);
});

Deno.test("isFileUrl refuses what leads elsewhere, or runs", () => {
  const urls = [
    "",
    "a.png",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " https://cdn.example/",
    "data:text/html,x",
    "ftp://cdn.example/",
    "//evil.example/a",
    "/\\evil.example/a",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https:/cdn.example",
    "https://",
    "https://a b/",
    "https://cdn.example\\@evil.example/",
    "java\tscript:alert(1)",
  ];
  for (const url of urls) assert(!isFileUrl(url), url);
});

Deno.test("fileUrlText takes no file, and at most 2048 characters", () => {
  const schema = fileUrlText();
  assert.equal(schema.parse(""), "");
  for (const size of [2047, 2048]) {
    assert.equal(schema.safeParse("/".padEnd(size, "x")).success, true);
  }
  assert.equal(schema.safeParse("/".padEnd(2049, "x")).success, false);
  const { error } = schema.safeParse("//x");
  assert.equal(
    error?.issues[0]?.message,
    "want an http(s) URL, or a path that begins with one slash",
  );
});
