import assert from "node:assert/strict";
import { signingKey } from "../../src/identity/signing_key.ts";

const adminApiKey = "admin-key";

Deno.test("signingKey is the secret when there is one", () => {
  const key = signingKey({ secret: "s".repeat(32), adminApiKey });
  assert.deepEqual(key, new TextEncoder().encode("s".repeat(32)));
});

Deno.test("signingKey is the secret beside another issuer's keys", () => {
  const sources = { secret: "s".repeat(32), jwksUrl: "http://a/", adminApiKey };
  assert.deepEqual(
    signingKey(sources),
    new TextEncoder().encode("s".repeat(32)),
  );
});

Deno.test("signingKey is derived from the API key in open mode", () => {
  const key = signingKey({ adminApiKey });
  assert.equal(key?.length, 32);
  assert.deepEqual(signingKey({ adminApiKey }), key);
  assert.notDeepEqual(signingKey({ adminApiKey: "admin-kez" }), key);
});

Deno.test("signingKey does not exist when only another issuer signs", () => {
  assert.equal(signingKey({ jwksUrl: "http://a/", adminApiKey }), undefined);
});
