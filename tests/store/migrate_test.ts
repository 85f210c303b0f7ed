import assert from "node:assert/strict";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { FakeThread } from "./fake_thread.ts";
import { newConnection } from "./fixture.ts";

const STEPS = [
  ["CREATE TABLE one (id)"],
  ["CREATE TABLE two (id)", "INSERT INTO two VALUES (2)"],
];

const VERSION = { sql: "PRAGMA user_version" };
const TABLES = { sql: "SELECT name FROM sqlite_schema ORDER BY name" };

Deno.test("migrate takes an empty database through every step, once", async () => {
  await using connection = await newConnection();
  assert.deepEqual(await migrate(connection, STEPS), { from: 0, to: 2 });
  assert.deepEqual(await connection.rows(VERSION), [{ user_version: 2 }]);
  assert.deepEqual(await migrate(connection, STEPS), { from: 2, to: 2 });
  const rows = await connection.rows({ sql: "SELECT id FROM two" });
  assert.deepEqual(rows, [{ id: 2 }]);
});

Deno.test("migrate takes only the steps that are missing", async () => {
  await using connection = await newConnection();
  await migrate(connection, STEPS.slice(0, 1));
  assert.deepEqual(await migrate(connection, STEPS), { from: 1, to: 2 });
});

Deno.test("migrate leaves a database at the last step that was whole", async () => {
  await using connection = await newConnection();
  const broken = [...STEPS, [
    "CREATE TABLE three (id)",
    "CREATE TABLE one (x)",
  ]];
  await assert.rejects(migrate(connection, broken), { name: "StoreError" });
  assert.deepEqual(await connection.rows(VERSION), [{ user_version: 2 }]);
  assert.deepEqual(await connection.rows(TABLES), [
    { name: "one" },
    { name: "two" },
  ]);
});

Deno.test("migrate refuses a database that is newer than the steps", async () => {
  await using connection = await newConnection();
  await migrate(connection, STEPS);
  await assert.rejects(migrate(connection, STEPS.slice(0, 1)), {
    name: "StoreError",
    message:
      "Cannot open the database: its version is 2, and the newest known here is 1",
  });
});

Deno.test("migrate refuses a database of another program and leaves it as it is", async () => {
  await using connection = await newConnection();
  await connection.transaction([[{ sql: "CREATE TABLE rooms (id)" }]]);
  await assert.rejects(migrate(connection, MIGRATIONS), {
    name: "StoreError",
    message: "Cannot open the database: it holds tables of another program",
  });
  assert.deepEqual(await connection.rows(TABLES), [{ name: "rooms" }]);
});

Deno.test("migrate gives a step 10 minutes", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const migrated = migrate(connection, STEPS.slice(0, 1));
  thread.answer([[{ user_version: 0 }], [{ count: 0 }]]);
  await thread.asked("transaction");
  await thread.clock.advance(599_999);
  assert.deepEqual(thread.warnings, []);
  thread.answer([1, 1]);
  assert.deepEqual(await migrated, { from: 0, to: 1 });
});
