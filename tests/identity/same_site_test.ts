import assert from "node:assert/strict";
import { isOwnOrigin, isSameSite } from "../../src/identity/same_site.ts";

const HOST = "chat.example";
const SHOP = "https://shop.example";

Deno.test("isSameSite() takes a page of the same host, and no other", () => {
  const cases = [
    ["https://chat.example", "chat.example", true],
    ["https://CHAT.example", "chat.example", true],
    ["https://chat.example", "chat.example:443", true],
    ["http://chat.example:8000", "chat.example:8000", true],
    ["http://[::1]:8000", "[::1]:8000", true],
    ["http://chat.example:8001", "chat.example:8000", false],
    ["https://chat.example", "chat.example:8000", false],
    ["https://chat.example.evil.example", "chat.example", false],
    ["https://evil.example", "chat.example", false],
    ["null", "chat.example", false],
    ["", "chat.example", false],
    ["https://chat.example", null, false],
    ["file://", "", false],
  ] as const;
  for (const [origin, host, wanted] of cases) {
    const source = { origin, host, fetchSite: "same-origin" };
    assert.equal(isSameSite(source, []), wanted, `${origin} at ${host}`);
    assert.equal(isOwnOrigin(origin, host), wanted, `${origin} at ${host}`);
  }
});

Deno.test("isSameSite() takes a listed origin, and no star", () => {
  const cases = [
    [SHOP, true],
    ["https://SHOP.example", true],
    ["https://evil.example", false],
  ] as const;
  for (const [origin, wanted] of cases) {
    const source = { origin, host: HOST, fetchSite: "cross-site" };
    assert.equal(isSameSite(source, [SHOP, "*"]), wanted, origin);
  }
});

Deno.test("isSameSite() goes by the browser's word when there is no origin", () => {
  const cases = [
    ["same-origin", true],
    ["none", true],
    ["same-site", false],
    ["cross-site", false],
    ["", false],
    // Not a browser.
    [null, true],
  ] as const;
  for (const [fetchSite, wanted] of cases) {
    const source = { origin: null, host: HOST, fetchSite };
    assert.equal(isSameSite(source, [SHOP]), wanted, String(fetchSite));
  }
});

Deno.test("isOwnOrigin() is not for requests without an origin", () => {
  assert.equal(isOwnOrigin(null, HOST), false);
});
