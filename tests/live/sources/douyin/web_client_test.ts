import assert from "node:assert/strict";
import {
  browserVersion,
  queryOf,
} from "../../../../src/live/sources/douyin/web_client.ts";

Deno.test("queryOf keeps the order and leaves nothing raw", () => {
  const query = queryOf([["b", "x y|:/&=%"], ["a", ""]]);
  assert.equal(query, "b=x%20y%7C%3A%2F%26%3D%25&a=");
});

Deno.test("browserVersion is what follows Mozilla", () => {
  assert.equal(browserVersion("Mozilla/5.0 (X)"), "5.0 (X)");
  assert.equal(browserVersion("curl/8"), "curl/8");
});
