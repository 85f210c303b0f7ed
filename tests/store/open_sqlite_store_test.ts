import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { silentLog } from "../../src/base/log.ts";
import {
  openSqliteStore,
  type SqliteStoreOptions,
} from "../../src/store/open_sqlite_store.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { created, fed, liveCreated, newConnection, said } from "./fixture.ts";

function openFile(
  folder: TempFolder,
  name = "parlor.db",
  options: Partial<SqliteStoreOptions> = {},
) {
  return openSqliteStore({
    url: `sqlite:${folder.file(name)}`,
    log: silentLog,
    ...options,
  });
}

/** One value of a file that no store holds. */
function pragmaOf(folder: TempFolder, sql: string): unknown {
  const database = new DatabaseSync(folder.file("parlor.db"));
  try {
    return Object.values(database.prepare(sql).get() ?? {})[0];
  } finally {
    database.close();
  }
}

Deno.test("openSqliteStore finds in a file what another store left there", async () => {
  using folder = new TempFolder();
  const first = await openFile(folder);
  await first.apply([created(), said(1)]);
  await first.close();
  const second = await openFile(folder);
  const { total } = await second.chat("room-1", { page: 1, limit: 1 });
  await second.close();
  assert.equal(total, 1);
  assert.deepEqual(folder.names(), ["parlor.db", "parlor.db.lock"]);
  assert.equal(pragmaOf(folder, "PRAGMA journal_mode"), "wal");
  assert.equal(pragmaOf(folder, "PRAGMA integrity_check"), "ok");
});

Deno.test("openSqliteStore holds its file alone, and lets it go when it closes", async () => {
  using folder = new TempFolder();
  const first = await openFile(folder);
  await assert.rejects(openFile(folder), /another process holds it/);
  const other = await openFile(folder, "other.db");
  await other.close();
  await first.close();
  const again = await openFile(folder);
  await again.close();
});

Deno.test("openSqliteStore makes a database of its own in memory each time", async () => {
  const options = { url: "sqlite::memory:", log: silentLog };
  const first = await openSqliteStore(options);
  const second = await openSqliteStore(options);
  await first.apply([created()]);
  assert.equal(await second.room("room-1"), undefined);
  await first.close();
  await second.close();
});

Deno.test("openSqliteStore refuses a newer database and lets it go", async () => {
  using folder = new TempFolder();
  const store = await openFile(folder);
  await store.close();
  pragmaOf(folder, "PRAGMA user_version = 999");
  for (let attempt = 0; attempt < 2; attempt++) {
    await assert.rejects(openFile(folder), {
      name: "StoreError",
      message: /^Cannot open the database: its version is 999, /,
    });
  }
});

Deno.test("openSqliteStore refuses a file that is no database and lets it go", async () => {
  using folder = new TempFolder();
  const letter = "This is a letter. ".repeat(1000);
  await Deno.writeTextFile(folder.file("parlor.db"), letter);
  for (let attempt = 0; attempt < 2; attempt++) {
    await assert.rejects(openFile(folder), { failure: "corrupt" });
  }
  const kept = await Deno.readTextFile(folder.file("parlor.db"));
  assert.equal(kept, letter);
});

Deno.test("openSqliteStore says that the folder does not exist", async () => {
  using folder = new TempFolder();
  await assert.rejects(
    openFile(folder, "missing/parlor.db"),
    /Cannot open the database: its folder does not exist/,
  );
});

Deno.test("openSqliteStore refuses a URL that names no database", async () => {
  await assert.rejects(
    openSqliteStore({ url: "mysql://db", log: silentLog }),
    SyntaxError,
  );
});

Deno.test("openSqliteStore works with each commit on the disk", async () => {
  using folder = new TempFolder();
  const store = await openSqliteStore({
    url: `sqlite:${folder.file("parlor.db")}`,
    log: silentLog,
    syncCommits: true,
  });
  await store.apply([created()]);
  assert.equal((await store.room("room-1"))?.id, "room-1");
  await store.close();
});

Deno.test("openSqliteStore lets events wait where the plan says so", async () => {
  const url = "sqlite::memory:";
  const plan = { endpoints: new Set(["sync"] as const), hasExtra: false };
  const store = await openSqliteStore({ url, log: silentLog, plan });
  await store.apply([created()]);
  assert.deepEqual(await store.outbox.lanesOf("room-1"), [
    { endpoint: "sync", attempts: 0 },
  ]);
  await store.close();
  const silent = await openSqliteStore({ url, log: silentLog });
  await silent.apply([created()]);
  assert.deepEqual(await silent.outbox.lanesOf("room-1"), []);
  assert.equal((await silent.outbox.stream(0, 9)).length, 1);
  await silent.close();
});

Deno.test("openSqliteStore keeps events for the endpoints it knows when told to", async () => {
  using folder = new TempFolder();
  const url = `sqlite:${folder.file("parlor.db")}`;
  const first = await openFile(folder);
  const saved = [["room-events", "active"], ["sync", "paused"]] as const;
  for (const [name, state] of saved) {
    await first.outbox.saveEndpoint({
      name,
      url: "http://backend.test/",
      state,
      reason: null,
      changedAt: 1,
    });
  }
  await first.close();
  const options = { url, log: silentLog };
  const plan = {
    endpoints: new Set(["chat-history"] as const),
    hasExtra: false,
  };
  const deaf = await openSqliteStore({ ...options, plan });
  await deaf.apply([created()]);
  assert.deepEqual(await deaf.outbox.lanesOf("room-1"), []);
  await deaf.close();
  const keeping = { ...options, plan, keepsEndpoints: true };
  const kept = await openSqliteStore(keeping);
  const hello = said(1, "hello", { roomId: "room-2" });
  await kept.apply([created({ id: "room-2" }), hello]);
  const run = {
    size: { chatMax: 9, sessionMax: 9, bytesMax: 9999 },
    at: 9,
  };
  await kept.outbox.queueBatches("chat", "room-2", run);
  const lanes = await kept.outbox.lanesOf("room-2");
  assert.deepEqual(
    lanes.map(({ endpoint }) => endpoint),
    ["chat-history", "room-events", "sync"],
  );
  await kept.close();
});

Deno.test("openSqliteStore reads by its readers while the writer is held up", async () => {
  using folder = new TempFolder();
  const store = await openFile(folder, "parlor.db", { readerCount: 2 });
  await store.apply([created(), said(1)]);
  // Another writer holds the lock, so a write waits and a read does not.
  const other = new DatabaseSync(folder.file("parlor.db"));
  other.exec("BEGIN IMMEDIATE");
  const order: string[] = [];
  const held = store.apply([said(2)]).then(() => order.push("write"));
  const { total } = await store.chat("room-1", { page: 1, limit: 1 });
  assert.equal(total, 1);
  assert.equal((await store.room("room-1"))?.id, "room-1");
  order.push("reads");
  other.exec("ROLLBACK");
  other.close();
  await held;
  assert.deepEqual(order, ["reads", "write"]);
  assert.equal((await store.log("room-1", { limit: 9 })).length, 2);
  await store.close();
});

Deno.test("openSqliteStore leaves one file behind its readers", async () => {
  using folder = new TempFolder();
  const store = await openFile(folder, "parlor.db", { readerCount: 3 });
  await store.apply([created()]);
  const reads = Array.from({ length: 9 }, () => store.room("room-1"));
  const closing = store.close();
  const rooms = await Promise.all(reads);
  assert.ok(rooms.every((room) => room?.id === "room-1"));
  await closing;
  await assert.rejects(store.room("room-1"), { failure: "closed" });
  assert.deepEqual(folder.names(), ["parlor.db", "parlor.db.lock"]);
  assert.equal(pragmaOf(folder, "PRAGMA integrity_check"), "ok");
});

Deno.test("openSqliteStore reads a database in memory where it is written", async () => {
  const store = await openSqliteStore({
    url: "sqlite::memory:",
    log: silentLog,
    readerCount: 2,
  });
  await store.apply([created()]);
  assert.equal((await store.room("room-1"))?.id, "room-1");
  await store.close();
});

Deno.test("openSqliteStore lets a reader read files that it may not write", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  const pragmas = ["journal_mode = WAL"];
  await using writer = await newConnection({ path, pragmas });
  await writer.transaction([[{ sql: "CREATE TABLE item (id)" }]]);
  const fixture = import.meta.resolve("./fixture.ts");
  const program = `import { newConnection } from "${fixture}";
    const [path] = Deno.args;
    await using reader = await newConnection({ path, isReadOnly: true });
    const rows = await reader.rows({ sql: "SELECT count(*) AS n FROM item" });
    console.log(JSON.stringify(rows));`;
  const file = folder.file("reader.ts");
  await Deno.writeTextFile(file, program);
  const config = new URL(import.meta.resolve("../../deno.json")).pathname;
  const flags = ["--no-prompt", "--no-check", "--no-lock", "--config", config];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, `--allow-read=${folder.path}`, file, path],
  }).output();
  const text = new TextDecoder();
  assert.equal(text.decode(stdout).trim(), '[{"n":0}]', text.decode(stderr));
});

Deno.test("openSqliteStore drops every lease, and keeps the links", async () => {
  using folder = new TempFolder();
  const link = {
    liveId: "7351",
    source: "relay",
    isWanted: true,
    isEnded: false,
    addedAt: 1,
    changedAt: 2,
    roomId: "room-1",
    throughSeq: 2,
    memory: "{}",
  };
  const claim = { liveIds: ["7351"], now: 0, untilAt: 15_000 };
  const first = await openFile(folder);
  await first.apply([liveCreated(), fed(1), fed(2, { upstreamId: "u" })]);
  await first.saveLinks([link]);
  const held = await first.holdLeases({ ...claim, owner: "one" });
  assert.deepEqual(held, ["7351"]);
  await first.close();
  const second = await openFile(folder, "parlor.db", { readerCount: 1 });
  const taken = await second.holdLeases({ ...claim, owner: "two" });
  assert.deepEqual(taken, ["7351"]);
  assert.deepEqual(await second.links(), [link]);
  assert.deepEqual(await second.upstreamIds("room-1", 9), ["u"]);
  assert.equal((await second.countLive("room-1", 0)).lastSeq, 2);
  await second.close();
});
