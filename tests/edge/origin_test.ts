import assert from "node:assert/strict";
import { isOriginAllowed } from "../../src/edge/origin.ts";

const SHOP = "https://shop.example";

Deno.test("isOriginAllowed allows any origin when none is named", () => {
  assert.equal(isOriginAllowed("https://evil.example", []), true);
});

Deno.test("isOriginAllowed allows a client that is no page", () => {
  assert.equal(isOriginAllowed(null, [SHOP]), true);
});

Deno.test("isOriginAllowed compares whole origins, whatever their case", () => {
  const cases = [
    [SHOP, true],
    ["https://SHOP.example", true],
    ["http://shop.example", false],
    ["https://shop.example:8443", false],
    ["https://shop.example.evil.example", false],
    ["null", false],
    ["", false],
  ] as const;
  for (const [origin, expected] of cases) {
    assert.equal(isOriginAllowed(origin, [SHOP]), expected, origin);
  }
});

Deno.test("isOriginAllowed takes a star for any origin", () => {
  assert.equal(isOriginAllowed("https://evil.example", [SHOP, "*"]), true);
});
