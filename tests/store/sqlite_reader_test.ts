import assert from "node:assert/strict";
import { silentLog } from "../../src/base/log.ts";
import { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import { SqliteReader } from "../../src/store/sqlite_reader.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeThread } from "./fake_thread.ts";

const ONE = { sql: "SELECT 1 AS one" };

/** A reader, the threads that were started for it, and what it said. */
class Stage {
  readonly clock = new FakeClock();
  readonly threads: FakeThread[] = [];
  readonly events: unknown[] = [];
  changeCount = 0;
  readonly reader = new SqliteReader({
    target: { path: "a.db", pragmas: ["query_only = ON"], isReadOnly: true },
    start: (onFree) => this.#start(onFree),
    clock: this.clock,
    log: {
      ...silentLog,
      warn: (_, fields) => this.events.push(fields?.event),
    },
    onChange: () => void this.changeCount++,
  });

  /** The newest thread. */
  get thread(): FakeThread {
    const thread = this.threads.at(-1);
    assert.ok(thread !== undefined, "a thread was started");
    return thread;
  }

  async open(): Promise<void> {
    const opened = this.reader.open();
    this.thread.answer(null);
    await opened;
  }

  async failToOpen(): Promise<void> {
    const opened = this.reader.open();
    const id = this.thread.posted[0]?.id ?? 0;
    this.thread.reply({ id, ok: false, errcode: 14, message: "no file" });
    await opened;
  }

  #start(onFree: () => void): SqliteConnection {
    const thread = new FakeThread();
    this.threads.push(thread);
    return new SqliteConnection({
      clock: this.clock,
      log: silentLog,
      onFree,
      start: (listener) => thread.start(listener),
    });
  }
}

Deno.test("SqliteReader is lost until it is open, and free between reads", async () => {
  const stage = new Stage();
  const { reader } = stage;
  assert.deepEqual([reader.isLost, reader.isFree], [true, false]);
  await assert.rejects(reader.query(ONE), { failure: "closed" });
  await stage.open();
  assert.deepEqual([reader.isLost, reader.isFree], [false, true]);
  const rows = reader.query(ONE);
  assert.deepEqual([reader.isFree, reader.waitingCount], [false, 1]);
  const changeCount = stage.changeCount;
  stage.thread.answer([[{ one: 1 }]]);
  assert.equal(stage.changeCount, changeCount + 1);
  assert.deepEqual([reader.isFree, reader.waitingCount], [true, 0]);
  assert.deepEqual(await rows, [[{ one: 1 }]]);
});

Deno.test("SqliteReader opens a read-only database, once", async () => {
  const stage = new Stage();
  const opened = stage.reader.open();
  const [request] = stage.thread.posted;
  assert.deepEqual(request?.task, {
    op: "open",
    path: "a.db",
    pragmas: ["query_only = ON"],
    isReadOnly: true,
  });
  await stage.reader.open();
  stage.thread.answer(null);
  await opened;
  await stage.reader.open();
  assert.equal(stage.threads.length, 1);
});

Deno.test("SqliteReader is not free before the thread is done with an overdue read", async () => {
  const stage = new Stage();
  await stage.open();
  const overdue = assert.rejects(stage.reader.query(ONE), { failure: "busy" });
  await stage.clock.advance(30_000);
  await overdue;
  assert.deepEqual([stage.reader.isLost, stage.reader.isFree], [false, false]);
  stage.thread.answer([[]]);
  assert.equal(stage.reader.isFree, true);
});

Deno.test("SqliteReader comes back after a crash, once a minute at most", async () => {
  const stage = new Stage();
  await stage.open();
  const lost = assert.rejects(stage.reader.query(ONE), { failure: "other" });
  const changeCount = stage.changeCount;
  stage.thread.crash();
  await lost;
  assert.equal(stage.reader.isLost, true);
  assert.equal(stage.changeCount, changeCount + 1);
  await stage.clock.advance(59_999);
  await stage.reader.open();
  assert.equal(stage.threads.length, 1);
  await stage.clock.advance(1);
  await stage.open();
  assert.equal(stage.threads.length, 2);
  assert.equal(stage.reader.isFree, true);
});

Deno.test("SqliteReader logs the first of several failures to open", async () => {
  const stage = new Stage();
  await stage.failToOpen();
  assert.equal(stage.thread.terminated, 1);
  await stage.clock.advance(60_000);
  await stage.failToOpen();
  assert.equal(stage.threads.length, 2);
  assert.deepEqual(stage.events, ["database_reader_failed"]);
  await stage.clock.advance(60_000);
  await stage.open();
  assert.equal(stage.reader.isLost, false);
  stage.thread.crash();
  await stage.clock.advance(60_000);
  await stage.failToOpen();
  assert.equal(stage.events.length, 2);
});

Deno.test("SqliteReader is left out when no thread can be started", async () => {
  const events: unknown[] = [];
  const reader = new SqliteReader({
    target: { path: "a.db", pragmas: [] },
    start: () => assert.fail("no memory"),
    clock: new FakeClock(),
    log: { ...silentLog, warn: (_, fields) => events.push(fields?.event) },
    onChange: () => {},
  });
  await reader.open();
  assert.equal(reader.isLost, true);
  assert.deepEqual(events, ["database_reader_failed"]);
  await reader.close();
});

Deno.test("SqliteReader finishes its reads before it closes, and stays closed", async () => {
  const stage = new Stage();
  await stage.open();
  const rows = stage.reader.query(ONE);
  const closing = stage.reader.close();
  await assert.rejects(stage.reader.query(ONE), { failure: "closed" });
  stage.thread.answer([[{ one: 1 }]]);
  stage.thread.answer(null);
  await closing;
  assert.deepEqual(await rows, [[{ one: 1 }]]);
  await stage.clock.advance(60_000);
  await stage.reader.open();
  assert.equal(stage.threads.length, 1);
  assert.equal(stage.clock.armed, 0);
});

Deno.test("SqliteReader closes within 5 s while it is being opened", async () => {
  const stage = new Stage();
  const opening = stage.reader.open();
  const closing = stage.reader.close();
  await stage.clock.advance(5000);
  await Promise.all([opening, closing]);
  assert.equal(stage.reader.isLost, true);
  assert.deepEqual(stage.events, []);
  assert.ok(stage.thread.terminated > 0);
});
