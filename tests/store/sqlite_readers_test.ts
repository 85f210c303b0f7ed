import assert from "node:assert/strict";
import { silentLog } from "../../src/base/log.ts";
import { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import type { SqlStatement } from "../../src/store/sqlite_protocol.ts";
import { SqliteReaders } from "../../src/store/sqlite_readers.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { FakeThread } from "./fake_thread.ts";
import { newConnection } from "./fixture.ts";

const ONE = { sql: "SELECT 1 AS one" };
const CREATE = [{ sql: "CREATE TABLE item (id INTEGER PRIMARY KEY, value)" }];
const NEWEST = { sql: "SELECT ifnull(max(id), 0) AS id FROM item" };
/** Some seconds of counting: much longer than what is asked beside it. */
const LONG_ROWS = 20_000_000;

function insert(id: number): SqlStatement {
  return { sql: "INSERT INTO item (id) VALUES (?)", params: [id] };
}

function count(rowsMax: number): SqlStatement {
  const sql = `WITH RECURSIVE number (n) AS (
      SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT ?
    ) SELECT count(*) AS count FROM number`;
  return { sql, params: [rowsMax] };
}

/** A file with one table, its writer and readers. */
async function newFile(readerCount: number) {
  const folder = new TempFolder();
  const path = folder.file("a.db");
  const pragmas = ["journal_mode = WAL"];
  const writer = await newConnection({ path, pragmas });
  await writer.transaction([CREATE]);
  const clock = new FakeClock();
  const readers = new SqliteReaders({
    readerCount,
    target: { path, pragmas: ["busy_timeout = 1000"], isReadOnly: true },
    start: (onFree) => new SqliteConnection({ clock, log: silentLog, onFree }),
    writer,
    clock,
    log: silentLog,
  });
  await readers.open();
  return {
    folder,
    writer,
    readers,
    clock,
    async [Symbol.asyncDispose]() {
      await readers.close();
      await writer.close();
      folder[Symbol.dispose]();
    },
  };
}

/** Readers, and their writer, whose threads the test holds in its hand. */
class Stage {
  readonly clock = new FakeClock();
  readonly writer = new FakeThread();
  readonly threads: FakeThread[] = [];
  readonly events: unknown[] = [];

  async open(
    { readerCount, waitingMax = 1000 }: {
      readerCount: number;
      waitingMax?: number;
    },
  ): Promise<SqliteReaders> {
    const warn = (_: string, fields: { event?: unknown } = {}) => {
      this.events.push(fields.event);
    };
    const log = { ...silentLog, warn, error: warn };
    const readers = new SqliteReaders({
      readerCount,
      target: { path: "a.db", pragmas: [], isReadOnly: true },
      start: (onFree) => {
        const thread = new FakeThread();
        this.threads.push(thread);
        const start = thread.start.bind(thread);
        return new SqliteConnection({ clock: this.clock, log, onFree, start });
      },
      writer: await this.writer.connect(),
      clock: this.clock,
      log,
      waitingMax,
    });
    const opened = readers.open();
    for (const thread of this.threads) thread.answer(null);
    await opened;
    return readers;
  }

  thread(index: number): FakeThread {
    const thread = this.threads[index];
    assert.ok(thread !== undefined, `thread ${index} was started`);
    return thread;
  }

  /** How many requests each thread has, the writer's last. */
  get posted(): number[] {
    const threads = [...this.threads, this.writer];
    return threads.map((thread) => thread.posted.length);
  }
}

Deno.test("SqliteReaders delays neither a write nor another read by a long read", async () => {
  await using file = await newFile(2);
  const order: string[] = [];
  const long = file.readers.rows(count(LONG_ROWS)).then((rows) => {
    order.push("long");
    return rows;
  });
  for (let id = 1; id <= 3; id++) {
    await file.writer.transaction([[insert(id)]]);
    order.push(`write ${id}`);
    const items = await file.readers.items(NEWEST, (row) => row.id);
    order.push(`read ${items}`);
  }
  const reads = Array.from({ length: 9 }, () => file.readers.rows(NEWEST));
  await Promise.all(reads);
  order.push("reads at once");
  assert.deepEqual(await long, [{ count: LONG_ROWS }]);
  assert.deepEqual(order, [
    "write 1",
    "read 1",
    "write 2",
    "read 2",
    "write 3",
    "read 3",
    "reads at once",
    "long",
  ]);
});

Deno.test("SqliteReaders with one reader lets a read wait, and no write", async () => {
  await using file = await newFile(1);
  const order: string[] = [];
  const note = (word: string) => () => void order.push(word);
  await Promise.all([
    file.readers.rows(count(LONG_ROWS)).then(note("long")),
    file.readers.rows(NEWEST).then(note("read")),
    file.writer.transaction([[insert(1)]]).then(note("write")),
  ]);
  assert.deepEqual(order, ["write", "long", "read"]);
});

Deno.test("SqliteReaders sees each write that was answered before a read began", async () => {
  await using file = await newFile(3);
  let answered = 0;
  const write = async (id: number) => {
    await file.writer.transaction([[insert(id)]]);
    answered = Math.max(answered, id);
  };
  const readAll = async () => {
    while (answered < 500) {
      const least = answered;
      const [newest = 0] = await file.readers.items(NEWEST, (row) => row.id);
      assert.ok(Number(newest) >= least, `${newest} after ${least}`);
    }
  };
  const writing = async () => {
    for (let id = 1; id <= 500; id += 2) {
      await Promise.all([write(id), write(id + 1)]);
    }
  };
  await Promise.all([writing(), ...Array.from({ length: 6 }, readAll)]);
});

Deno.test("SqliteReaders reads all queries of a request from one state", async () => {
  await using file = await newFile(1);
  const reading = file.readers.query(NEWEST, count(1_000_000), NEWEST);
  await file.writer.transaction([[insert(1)]]);
  const [before, , after] = await reading;
  assert.deepEqual(before, after);
});

Deno.test("SqliteReaders keeps no checkpoint from emptying the log once idle", async () => {
  await using file = await newFile(2);
  await file.writer.transaction([[insert(1)]]);
  await Promise.all([file.readers.rows(NEWEST), file.readers.rows(NEWEST)]);
  const checkpoint = { sql: "PRAGMA wal_checkpoint(TRUNCATE)" };
  assert.deepEqual(await file.writer.rows(checkpoint), [
    { busy: 0, log: 0, checkpointed: 0 },
  ]);
  await file.writer.transaction([[insert(2)]]);
  assert.deepEqual(await file.readers.rows(NEWEST), [{ id: 2 }]);
});

Deno.test("SqliteReaders rejects as closed the long read that 5 s did not finish", async () => {
  await using file = await newFile(2);
  const long = file.readers.rows(count(LONG_ROWS));
  const lost = assert.rejects(long, { failure: "closed" });
  assert.deepEqual(await file.readers.rows(ONE), [{ one: 1 }]);
  const closing = file.readers.close();
  await assert.rejects(file.readers.rows(ONE), { failure: "closed" });
  await file.clock.advance(5000);
  await Promise.all([lost, closing]);
  assert.deepEqual(await file.writer.transaction([[insert(1)]]), [1]);
});

Deno.test("SqliteReaders gives each reader one read, and the rest to who is free", async () => {
  const stage = new Stage();
  const readers = await stage.open({ readerCount: 2 });
  const reads = [1, 2, 3, 4].map(() => readers.rows(ONE));
  assert.deepEqual(stage.posted, [1, 1, 0]);
  stage.thread(1).answer([[{ one: 3 }]]);
  stage.thread(1).answer([[{ one: 4 }]]);
  stage.thread(1).answer([[{ one: 5 }]]);
  assert.deepEqual(stage.posted, [1, 0, 0]);
  stage.thread(0).answer([[{ one: 1 }]]);
  assert.deepEqual((await Promise.all(reads)).flat(), [
    { one: 1 },
    { one: 3 },
    { one: 4 },
    { one: 5 },
  ]);
  assert.equal(stage.clock.armed, 0);
});

Deno.test("SqliteReaders refuses as busy past its bound, and not below", async () => {
  const stage = new Stage();
  const readers = await stage.open({ readerCount: 1, waitingMax: 2 });
  const reads = [1, 2, 3].map(() => readers.rows(ONE));
  await assert.rejects(readers.rows(ONE), { failure: "busy" });
  stage.thread(0).answer([[]]);
  reads.push(readers.rows(ONE));
  await assert.rejects(readers.rows(ONE), { failure: "busy" });
  for (let answers = 0; answers < 3; answers++) stage.thread(0).answer([[]]);
  await Promise.all(reads);
});

Deno.test("SqliteReaders gives up on a read that 30 s found no reader for", async () => {
  const stage = new Stage();
  const readers = await stage.open({ readerCount: 1 });
  const held = assert.rejects(readers.rows(ONE), { failure: "busy" });
  await stage.clock.advance(1);
  const waiting = readers.rows(ONE);
  const overdue = assert.rejects(waiting, { failure: "busy" });
  await stage.clock.advance(29_999);
  await held;
  assert.equal(stage.clock.armed, 1, "the second waits on");
  await stage.clock.advance(1);
  await overdue;
  stage.thread(0).answer([[]]);
  assert.deepEqual(stage.posted, [0, 0]);
});

Deno.test("SqliteReaders leaves out a reader that crashed, and opens it again", async () => {
  const stage = new Stage();
  const readers = await stage.open({ readerCount: 2 });
  const lost = assert.rejects(readers.rows(ONE), { failure: "other" });
  stage.thread(0).crash();
  await lost;
  const reads = [readers.rows(ONE), readers.rows(ONE)];
  assert.deepEqual(stage.posted, [1, 1, 0]);
  stage.thread(1).answer([[]]);
  stage.thread(1).answer([[]]);
  await Promise.all(reads);
  assert.deepEqual(stage.events, ["database_thread_crashed"]);
  await stage.clock.advance(60_000);
  reads.push(readers.rows(ONE), readers.rows(ONE));
  assert.deepEqual(stage.posted, [1, 1, 1, 0], "the third is being opened");
  stage.thread(2).answer(null);
  await stage.clock.advance(0);
  assert.deepEqual(stage.posted, [1, 1, 1, 0], "the third reads");
  stage.thread(1).answer([[]]);
  stage.thread(2).answer([[]]);
  await Promise.all(reads);
});

Deno.test("SqliteReaders lets the writer serve while no reader is left", async () => {
  const stage = new Stage();
  const readers = await stage.open({ readerCount: 2 });
  const lost = [1, 2].map(() => {
    return assert.rejects(readers.rows(ONE), { failure: "other" });
  });
  const waiting = readers.rows(ONE);
  stage.thread(0).crash();
  assert.deepEqual(stage.posted, [1, 1, 0]);
  stage.thread(1).crash();
  await Promise.all(lost);
  assert.deepEqual(stage.posted, [1, 1, 1], "who waited is served");
  const later = readers.rows(ONE);
  stage.writer.answer([[{ one: 1 }]]);
  stage.writer.answer([[{ one: 2 }]]);
  assert.deepEqual(await waiting, [{ one: 1 }]);
  assert.deepEqual(await later, [{ one: 2 }]);
  assert.equal(stage.threads.length, 2);
  await readers.close();
  assert.equal(stage.writer.terminated, 0);
});

Deno.test("SqliteReaders finishes what waits in line before it closes", async () => {
  const stage = new Stage();
  const readers = await stage.open({ readerCount: 2 });
  const reads = [1, 2, 3, 4, 5].map(() => readers.rows(ONE));
  const closing = readers.close();
  assert.deepEqual(stage.posted, [4, 3, 0], "the close among them");
  for (let answers = 0; answers < 3; answers++) stage.thread(0).answer([[]]);
  for (let answers = 0; answers < 2; answers++) stage.thread(1).answer([[]]);
  stage.thread(0).answer(null);
  stage.thread(1).answer(null);
  await Promise.all([...reads, closing]);
  await readers.close();
  assert.equal(stage.clock.armed, 0);
  assert.deepEqual(stage.events, []);
});
