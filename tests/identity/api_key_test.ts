import assert from "node:assert/strict";
import { ApiKey } from "../../src/identity/api_key.ts";

Deno.test("ApiKey matches the key that it was made of", () => {
  assert.equal(new ApiKey("密钥-secret").matches("密钥-secret"), true);
});

Deno.test("ApiKey matches nothing near the key", () => {
  const key = new ApiKey("secret-key");
  for (const near of ["secret-ke", "secret-key ", "Secret-key", "x"]) {
    assert.equal(key.matches(near), false, near);
  }
});

Deno.test("ApiKey does not match what is absent or empty", () => {
  const key = new ApiKey("secret-key");
  assert.equal(key.matches(undefined), false);
  assert.equal(key.matches(null), false);
  assert.equal(key.matches(""), false);
});

Deno.test("ApiKey compares a guess of any length", () => {
  assert.equal(new ApiKey("secret-key").matches("s".repeat(100_000)), false);
});

Deno.test("ApiKey refuses to be empty", () => {
  assert.throws(() => new ApiKey(""), RangeError);
});

Deno.test("ApiKey shows nothing of the key", () => {
  const shown = Deno.inspect(new ApiKey("secret-key"));
  assert.equal(shown.includes("secret"), false);
});
