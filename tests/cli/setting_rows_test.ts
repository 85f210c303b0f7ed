import assert from "node:assert/strict";
import { settingRows } from "../../cli/setting_rows.ts";
import { type Env, readConfig } from "../../src/config.ts";
import { SETTINGS } from "../../src/settings.ts";

function valuesOf(env: Env): Map<string, string> {
  const rows = settingRows(env, readConfig(env));
  return new Map(rows.map((row) => [
    row.name,
    `${row.value} ${row.isDefault ? "default" : "set"}`,
  ]));
}

Deno.test("settingRows has every setting in the table's order", () => {
  assert.deepEqual(
    settingRows({}, readConfig({})).map(({ name }) => name),
    SETTINGS.map(({ name }) => name),
  );
});

Deno.test("settingRows tells what was set from what is a default", () => {
  const values = valuesOf({ MAX_CONNECTIONS: " 12 ", LOG_LEVEL: "" });
  assert.equal(values.get("MAX_CONNECTIONS"), "12 set");
  assert.equal(values.get("LOG_LEVEL"), "info default");
});

Deno.test("settingRows works out defaults that hang on other settings", () => {
  const values = valuesOf({
    DATABASE_URL: "sqlite:./chat.db",
    WS_BATCH_PRESET: "low_latency",
    BIND_ADDRESS: "0.0.0.0:4000",
  });
  assert.equal(values.get("WS_BATCH_SIZE"), "10 default");
  assert.equal(values.get("WS_FLUSH_INTERVAL"), "15 default");
  assert.equal(values.get("DURABILITY"), "journal default");
  assert.equal(values.get("JOURNAL_DIR"), "./chat.db.journal default");
  assert.equal(values.get("PARLOR_URL"), "http://127.0.0.1:4000 default");
});

Deno.test("settingRows shows no secret, nor a password in an address", () => {
  const env = {
    ADMIN_API_KEY: "key-of-the-operator",
    AUTH_SECRET: "0123456789abcdef0123456789abcdef",
    AUTH_JWKS_URL: "https://ann:hunter2@id.example.com/keys",
    CALLBACK_SECRET: "0123456789abcdef",
    DATA_CALLBACK_URL: "http://ann:hun@ter2@b.example.com/hook?key=hunter2",
  };
  const values = valuesOf(env);
  assert.equal(values.get("ADMIN_API_KEY"), "******** set");
  assert.equal(values.get("AUTH_SECRET"), "******** set");
  assert.equal(
    values.get("AUTH_JWKS_URL"),
    "https://********@id.example.com/keys set",
  );
  assert.equal(values.get("CALLBACK_SECRET"), "******** set");
  assert.equal(
    values.get("DATA_CALLBACK_URL"),
    "http://********@b.example.com/hook?******** set",
  );
});
