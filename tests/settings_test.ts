import assert from "node:assert/strict";
import { SETTINGS, SETTINGS_UNUSED, settingsSchema } from "../src/settings.ts";

Deno.test("SETTINGS has one full row for each setting of the schema", () => {
  const names = SETTINGS.map(({ name }) => name);
  assert.deepEqual(names, Object.keys(settingsSchema.shape));
  for (const { name, fallback, want, meaning } of SETTINGS) {
    assert.match(name, /^[A-Z][A-Z_]+$/);
    assert.notEqual(want, "", name);
    assert.notEqual(meaning, "", name);
    assert.equal(typeof fallback, "string", name);
  }
});

Deno.test("SETTINGS marks what must never be shown", () => {
  const secrets = SETTINGS.filter(({ secret }) => secret);
  assert.deepEqual(
    secrets.map(({ name }) => name),
    ["ADMIN_API_KEY", "AUTH_SECRET"],
  );
});

Deno.test("SETTINGS states an integer's default and range", () => {
  const row = SETTINGS.find(({ name }) => name === "MAX_CONNECTIONS");
  assert.equal(row?.fallback, "100000");
  assert.equal(row?.want, "an integer in 1..1000000");
});

Deno.test("SETTINGS_UNUSED shares no name with SETTINGS", () => {
  const both = SETTINGS.filter(({ name }) => SETTINGS_UNUSED.includes(name));
  assert.deepEqual(both, []);
});

Deno.test("settingsSchema checks a pair of settings although another one is bad", () => {
  const parsed = settingsSchema.safeParse({
    LOG_LEVEL: "loud",
    DURABILITY: "fsync",
  });
  assert.deepEqual(
    parsed.error?.issues.map(({ path }) => path[0]),
    ["LOG_LEVEL", "DURABILITY"],
  );
});
