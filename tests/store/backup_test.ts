import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { silentLog } from "../../src/base/log.ts";
import { Backups } from "../../src/store/backup.ts";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import type { SqliteStore } from "../../src/store/sqlite_store.ts";
import { FakeThread } from "./fake_thread.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { created, newConnection, said, testStore } from "./fixture.ts";

testStore(
  "Backups copies a store in use into a database that opens",
  async ({ store }) => {
    using folder = new TempFolder();
    const messages = Array.from({ length: 500 }, (_, index) => said(index + 1));
    await store.apply([created(), ...messages]);
    const path = folder.file("copy.db");
    const copied = store.backup(path);
    const applied = store.apply([said(501)]);
    await Promise.all([copied, applied]);
    await using copy = await openSqliteStore({
      url: `sqlite:${path}`,
      log: silentLog,
    }).then(closing);
    const { total } = await copy.store.chat("room-1", { page: 1, limit: 1 });
    assert.ok(total === 500 || total === 501, `${total} messages`);
    const here = await store.chat("room-1", { page: 1, limit: 1 });
    assert.equal(here.total, 501);
  },
);

/** For a copy that is not made. */
function noCopy(): never {
  assert.fail("It opened the copy");
}

/** The files of a copy, and what it is, read before anything opens it. */
async function copied(store: SqliteStore, name: string) {
  using folder = new TempFolder();
  const path = folder.file(name);
  await store.backup(path);
  const names = folder.names();
  const database = new DatabaseSync(path);
  const one = (sql: string) =>
    Object.values(database.prepare(sql).get() ?? {})[0];
  const epoch = `${one("SELECT value FROM meta WHERE key = 'stream_epoch'")}`;
  const check = one("PRAGMA integrity_check");
  const rooms = one("SELECT count(*) FROM room");
  database.close();
  return { names, epoch, check, rooms };
}

testStore(
  "Backups gives each copy a stream of its own, whole in one file",
  async ({ store }) => {
    await store.apply([created()]);
    const { epoch } = await store.outbox.streamBounds();
    const one = await copied(store, "one.db");
    const two = await copied(store, "two.db");
    const whole = { check: "ok", rooms: 1 };
    assert.deepEqual(one, { names: ["one.db"], epoch: one.epoch, ...whole });
    assert.deepEqual(two, { names: ["two.db"], epoch: two.epoch, ...whole });
    assert.equal(new Set([epoch, one.epoch, two.epoch]).size, 3);
    assert.match(one.epoch, /^[0-9a-f]{16}$/);
    assert.equal((await store.outbox.streamBounds()).epoch, epoch);
  },
);

Deno.test("Backups leaves no file when the copy cannot be made another", async () => {
  using folder = new TempFolder();
  await using source = await newConnection();
  const reader = { connection: source, close: () => Promise.resolve() };
  // It has no tables.
  const backups = new Backups(() => Promise.resolve(reader), async (path) => {
    const connection = await newConnection({ path });
    return { connection, close: () => connection.close() };
  });
  await assert.rejects(backups.copyTo(folder.file("copy.db")), {
    name: "StoreError",
  });
  assert.deepEqual(folder.names(), []);
});

function closing(store: Awaited<ReturnType<typeof openSqliteStore>>) {
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

testStore("Backups refuses to write over a file", async ({ store }) => {
  using folder = new TempFolder();
  const path = folder.file("precious.txt");
  await Deno.writeTextFile(path, "precious");
  await assert.rejects(store.backup(path), {
    name: "StoreError",
    message: "Cannot write the copy: the file exists",
  });
  assert.equal(await Deno.readTextFile(path), "precious");
});

testStore(
  "Backups refuses a second copy at a time as busy",
  async ({ store }) => {
    using folder = new TempFolder();
    await store.apply([created()]);
    const first = store.backup(folder.file("one.db"));
    await assert.rejects(store.backup(folder.file("two.db")), {
      failure: "busy",
    });
    await first;
    await store.backup(folder.file("three.db"));
    assert.deepEqual(folder.names(), ["one.db", "three.db"]);
  },
);

testStore(
  "Backups refuses once the store is closed, and leaves no file",
  async ({ store }) => {
    using folder = new TempFolder();
    await store.close();
    await assert.rejects(store.backup(folder.file("copy.db")), {
      failure: "closed",
    });
    assert.deepEqual(folder.names(), []);
  },
);

Deno.test("Backups opens nothing once it is closed", async () => {
  using folder = new TempFolder();
  const refuse = () => assert.fail("It opened a connection");
  const backups = new Backups(refuse, refuse);
  await backups.close();
  await assert.rejects(backups.copyTo(folder.file("copy.db")), {
    failure: "closed",
  });
  assert.deepEqual(folder.names(), []);
});

Deno.test("Backups breaks off a copy when it closes, and leaves no file", async () => {
  using folder = new TempFolder();
  const thread = new FakeThread();
  const connection = await thread.connect();
  const reader = { connection, close: () => connection.close() };
  const backups = new Backups(() => Promise.resolve(reader), noCopy);
  const copied = assert.rejects(backups.copyTo(folder.file("copy.db")), {
    failure: "closed",
  });
  await thread.asked("backup");
  const closing = backups.close();
  await thread.clock.advance(5000);
  await Promise.all([closing, copied]);
  assert.deepEqual(folder.names(), []);
});

Deno.test("Backups leaves no file behind a copy that failed", async () => {
  using folder = new TempFolder();
  const connection = await newConnection();
  await connection.close();
  let closed = 0;
  const backups = new Backups(() => {
    const close = () => {
      closed++;
      return Promise.resolve();
    };
    return Promise.resolve({ connection, close });
  }, noCopy);
  await assert.rejects(backups.copyTo(folder.file("copy.db")), {
    failure: "closed",
  });
  assert.deepEqual(folder.names(), []);
  assert.equal(closed, 1);
});
