import assert from "node:assert/strict";
import {
  isOriginAllowed,
  isOwnPage,
  requireSameSite,
} from "../../src/edge/origin.ts";

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

function requestOf(headers: Record<string, string>): Request {
  return new Request("http://chat.example:8000/ws/presence", { headers });
}

Deno.test("isOwnPage knows a page by the host that was asked", () => {
  const cases: [Record<string, string>, boolean][] = [
    [{ origin: "http://chat.example:8000" }, true],
    [{ origin: "https://pub.example", host: "pub.example" }, true],
    [{ origin: "http://chat.example:8000", host: "pub.example" }, false],
    [{ origin: SHOP }, false],
    [{}, false],
  ];
  for (const [headers, wanted] of cases) {
    assert.equal(isOwnPage(requestOf(headers)), wanted);
  }
});

Deno.test("requireSameSite refuses what a page of another site sends", () => {
  const fine: Record<string, string>[] = [
    {},
    { origin: "http://chat.example:8000", "sec-fetch-site": "same-origin" },
    { origin: SHOP, "sec-fetch-site": "cross-site" },
  ];
  for (const headers of fine) requireSameSite(requestOf(headers), [SHOP]);
  const foreign: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign) {
    assert.throws(() => requireSameSite(requestOf(headers), [SHOP]), {
      code: "cross_site_refused",
    });
  }
});
