import assert from "node:assert/strict";
import { sqlitePath } from "../../src/store/sqlite_path.ts";

Deno.test("sqlitePath reads every form that names a file, and memory", () => {
  assert.equal(sqlitePath("sqlite::memory:"), ":memory:");
  assert.equal(sqlitePath("sqlite:file.db"), "file.db");
  assert.equal(sqlitePath("sqlite:./file.db"), "./file.db");
  assert.equal(sqlitePath("sqlite:../up/file.db"), "../up/file.db");
  assert.equal(sqlitePath("sqlite:/abs/file.db"), "/abs/file.db");
  assert.equal(sqlitePath("sqlite:///abs/file.db"), "/abs/file.db");
  assert.equal(sqlitePath("sqlite://file.db"), "file.db");
  assert.equal(sqlitePath("sqlite:房间 1%20.db"), "房间 1%20.db");
});

Deno.test("sqlitePath refuses what names no file, and says what it got", () => {
  const refused = [
    "",
    "file.db",
    "postgres://db/parlor",
    "SQLITE:file.db",
    "sqlite:",
    "sqlite://",
    "sqlite:folder/",
    "sqlite::other:",
    "sqlite://:memory:",
    "sqlite:file:x.db",
    "sqlite:file.db?mode=ro",
    "sqlite:file.db#x",
    "sqlite:a\0b",
  ];
  for (const url of refused) {
    assert.throws(() => sqlitePath(url), (error) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.message, /^Cannot read DATABASE_URL: want /);
      assert.ok(error.message.endsWith(`got ${JSON.stringify(url)}`));
      return true;
    }, url);
  }
});
