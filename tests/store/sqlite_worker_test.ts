import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { StoreFailure } from "../../src/store/store.ts";
import { StoreError } from "../../src/store/store.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newConnection } from "./fixture.ts";

const CREATE = [{ sql: "CREATE TABLE item (id INTEGER PRIMARY KEY, value)" }];
const INSERT = "INSERT OR IGNORE INTO item (id, value) VALUES (?, ?)";
const SELECT = { sql: "SELECT * FROM item ORDER BY id" };

function insert(id: number, value: string | number | bigint | Uint8Array) {
  return { sql: INSERT, params: [id, value] };
}

async function rejectsWith(
  promise: Promise<unknown>,
  failure: StoreFailure,
): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.failure, failure);
    return true;
  });
}

Deno.test("sqlite_worker runs groups in order and counts what guards changed", async () => {
  await using connection = await newConnection();
  const changes = await connection.transaction([
    CREATE,
    [insert(1, "a")],
    [insert(2, "b"), { sql: "UPDATE item SET value = value || '!'" }],
    [{ sql: "UPDATE item SET value = value || '?'" }],
    [],
  ]);
  assert.deepEqual(changes, [0, 1, 1, 2, 0]);
  assert.deepEqual(await connection.rows(SELECT), [
    { id: 1, value: "a!?" },
    { id: 2, value: "b!?" },
  ]);
});

Deno.test("sqlite_worker skips the rest of a group whose guard changed nothing", async () => {
  await using connection = await newConnection();
  const group = [insert(1, 10), {
    sql: "UPDATE item SET value = value + 1 WHERE id = 1",
  }];
  await connection.transaction([CREATE, group]);
  const changes = await connection.transaction([group, [insert(2, 20)]]);
  assert.deepEqual(changes, [0, 1]);
  assert.deepEqual(await connection.rows(SELECT), [
    { id: 1, value: 11 },
    { id: 2, value: 20 },
  ]);
});

Deno.test("sqlite_worker runs the rest of a group whatever the second changed", async () => {
  await using connection = await newConnection();
  await connection.transaction([CREATE, [
    insert(1, "a"),
    { sql: "DELETE FROM item WHERE id = 99" },
    insert(2, "b"),
  ]]);
  assert.equal((await connection.rows(SELECT)).length, 2);
});

Deno.test("sqlite_worker takes back a whole transaction when one statement fails", async () => {
  await using connection = await newConnection();
  await connection.transaction([CREATE]);
  const bad = connection.transaction([
    [insert(1, "a")],
    [{ sql: "INSERT INTO item (id, value) VALUES (1, 'twice')" }],
  ]);
  await rejectsWith(bad, "other");
  assert.deepEqual(await connection.rows(SELECT), []);
  assert.deepEqual(await connection.transaction([[insert(1, "a")]]), [1]);
});

Deno.test("sqlite_worker refuses SQL that it cannot prepare, and goes on", async () => {
  await using connection = await newConnection();
  await rejectsWith(connection.rows({ sql: "SELEKT 1" }), "other");
  await rejectsWith(connection.rows({ sql: "SELECT * FROM nothing" }), "other");
  assert.deepEqual(await connection.rows({ sql: "SELECT 1 AS one" }), [
    { one: 1 },
  ]);
});

Deno.test("sqlite_worker takes values by position and by name, of every type", async () => {
  await using connection = await newConnection();
  const blob = new Uint8Array([0, 1, 255]);
  const params = { text: "é", whole: 7n, real: 1.5, none: null, blob };
  const sql = `SELECT :text AS text, :whole AS whole, :real AS real,
    :none AS none, :blob AS blob`;
  assert.deepEqual(await connection.rows({ sql, params }), [
    { text: "é", whole: 7, real: 1.5, none: null, blob },
  ]);
});

Deno.test("sqlite_worker reads all queries of a request from one state", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  const pragmas = ["journal_mode = WAL"];
  await using connection = await newConnection({ path, pragmas });
  await connection.transaction([CREATE, [insert(1, "a")]]);
  const count = { sql: "SELECT count(*) AS count FROM item" };
  const [rows, counts] = await connection.query(SELECT, count);
  assert.equal(rows?.length, 1);
  assert.deepEqual(counts, [{ count: 1 }]);
  // A read leaves no transaction open behind it.
  const other = new DatabaseSync(path);
  other.exec("INSERT INTO item VALUES (2, 'b')");
  other.close();
  assert.equal((await connection.rows(SELECT)).length, 2);
});

Deno.test("sqlite_worker forgets old statements and still runs them", async () => {
  await using connection = await newConnection();
  for (let round = 0; round < 2; round++) {
    const queries = Array.from({ length: 300 }, (_, index) => {
      return { sql: `SELECT ${index} AS value` };
    });
    const answers = await connection.query(...queries);
    assert.deepEqual(answers[0], [{ value: 0 }]);
    assert.deepEqual(answers[299], [{ value: 299 }]);
  }
});

Deno.test("sqlite_worker is busy while another connection writes, then works", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  const pragmas = ["journal_mode = WAL", "busy_timeout = 0"];
  await using connection = await newConnection({ path, pragmas });
  await connection.transaction([CREATE]);
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await rejectsWith(connection.transaction([[insert(1, "a")]]), "busy");
  await rejectsWith(connection.transaction([]), "busy");
  assert.deepEqual(await connection.rows(SELECT), [], "reading goes on");
  other.exec("ROLLBACK");
  other.close();
  assert.deepEqual(await connection.transaction([[insert(1, "a")]]), [1]);
});

Deno.test("sqlite_worker says full when no page is left, and keeps what was there", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  const pragmas = ["journal_mode = WAL", "max_page_count = 20"];
  await using connection = await newConnection({ path, pragmas });
  await connection.transaction([CREATE, [insert(1, "a")]]);
  const large = [insert(2, "b".repeat(100_000))];
  await rejectsWith(connection.transaction([[insert(3, "c")], large]), "full");
  assert.deepEqual(await connection.rows(SELECT), [{ id: 1, value: "a" }]);
  assert.deepEqual(await connection.transaction([[insert(3, "c")]]), [1]);
});

Deno.test("sqlite_worker says corrupt when the file is no database", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  await Deno.writeTextFile(path, "This is a letter. ".repeat(1000));
  const pragmas = ["journal_mode = WAL"];
  await rejectsWith(newConnection({ path, pragmas }), "corrupt");
});

Deno.test("sqlite_worker says io when the file cannot be opened", async () => {
  using folder = new TempFolder();
  const path = folder.file("missing/a.db");
  await rejectsWith(newConnection({ path }), "io");
});

Deno.test("sqlite_worker writes nothing by a read-only connection", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  await using writer = await newConnection({
    path,
    pragmas: ["journal_mode = WAL"],
  });
  await writer.transaction([CREATE, [insert(1, "a")]]);
  await using reader = await newConnection({ path, isReadOnly: true });
  const writes = [
    insert(2, "b"),
    { sql: "DROP TABLE item" },
    { sql: "PRAGMA user_version = 7" },
  ];
  for (const write of writes) {
    await rejectsWith(reader.transaction([[write]]), "io");
    await rejectsWith(reader.rows(write), "io");
  }
  await writer.transaction([[insert(2, "b")]]);
  assert.deepEqual(await reader.rows(SELECT), [
    { id: 1, value: "a" },
    { id: 2, value: "b" },
  ]);
});

Deno.test("sqlite_worker makes no file to read from", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  await rejectsWith(newConnection({ path, isReadOnly: true }), "io");
  assert.deepEqual(folder.names(), []);
});

Deno.test("sqlite_worker copies what is there at once", async () => {
  using folder = new TempFolder();
  await using connection = await newConnection();
  await connection.transaction([CREATE, [insert(1, "a")]]);
  await connection.backup(folder.file("copy.db"));
  await connection.transaction([[insert(2, "b")]]);
  await using copy = await newConnection({ path: folder.file("copy.db") });
  assert.deepEqual(await copy.rows(SELECT), [{ id: 1, value: "a" }]);
});
