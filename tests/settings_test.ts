import assert from "node:assert/strict";
import { SETTINGS, settingsSchema } from "../src/settings.ts";

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
    ["ADMIN_API_KEY", "AUTH_SECRET", "CALLBACK_SECRET"],
  );
});

Deno.test("SETTINGS states an integer's default and range", () => {
  const row = SETTINGS.find(({ name }) => name === "MAX_CONNECTIONS");
  assert.equal(row?.fallback, "100000");
  assert.equal(row?.want, "an integer in 1..1000000");
});

Deno.test("SETTINGS marks which values are URLs", () => {
  const urls = SETTINGS.filter(({ url }) => url);
  assert.deepEqual(urls.map(({ name }) => name), [
    "AUTH_JWKS_URL",
    "DOUYIN_PAGE_URL",
    "DOUYIN_PUSH_URL",
    "DOUYIN_SIGNER_URL",
    "ROOM_EVENT_CALLBACK_URL",
    "CHAT_HISTORY_CALLBACK_URL",
    "SESSION_HISTORY_CALLBACK_URL",
    "PERIODIC_SYNC_CALLBACK_URL",
    "DATA_CALLBACK_URL",
    "PARLOR_URL",
  ]);
});

Deno.test("settingsSchema checks the host of each callback URL by itself", () => {
  const url = "http://b.example/hook";
  const parsed = settingsSchema.safeParse({
    CALLBACK_ALLOWED_HOSTS: "a.example",
    ROOM_EVENT_CALLBACK_URL: "http://a.example/hook",
    CHAT_HISTORY_CALLBACK_URL: url,
    SESSION_HISTORY_CALLBACK_URL: url,
    PERIODIC_SYNC_CALLBACK_URL: url,
    DATA_CALLBACK_URL: "b.example",
  });
  assert.deepEqual(
    parsed.error?.issues.map(({ path }) => path[0]).sort(),
    [
      "CHAT_HISTORY_CALLBACK_URL",
      "DATA_CALLBACK_URL",
      "PERIODIC_SYNC_CALLBACK_URL",
      "SESSION_HISTORY_CALLBACK_URL",
    ],
  );
});

Deno.test("settingsSchema checks no host against a list that cannot be read", () => {
  const parsed = settingsSchema.safeParse({
    CALLBACK_ALLOWED_HOSTS: "http://a.example",
    DATA_CALLBACK_URL: "http://b.example/hook",
  });
  assert.deepEqual(
    parsed.error?.issues.map(({ path }) => path[0]),
    ["CALLBACK_ALLOWED_HOSTS"],
  );
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
