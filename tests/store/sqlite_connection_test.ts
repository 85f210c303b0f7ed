import assert from "node:assert/strict";
import { StoreError, type StoreFailure } from "../../src/store/store.ts";
import { FakeThread } from "./fake_thread.ts";
import { newConnection } from "./fixture.ts";

const ONE = { sql: "SELECT 1 AS one" };

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

Deno.test("SqliteConnection gives each caller its own answer", async () => {
  await using connection = await newConnection();
  const answers = await Promise.all(
    [1, 2, 3].map((n) =>
      connection.rows({ sql: "SELECT ? AS n", params: [n] })
    ),
  );
  assert.deepEqual(answers, [[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
});

Deno.test("SqliteConnection leaves no timer behind an answer", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const rows = connection.rows(ONE);
  assert.equal(thread.clock.armed, 1);
  thread.answer([[{ one: 1 }]]);
  assert.deepEqual(await rows, [{ one: 1 }]);
  assert.equal(thread.clock.armed, 0);
});

Deno.test("SqliteConnection refuses as busy past its bound, and not below", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect(2);
  const first = connection.rows(ONE);
  const second = connection.rows(ONE);
  await rejectsWith(connection.rows(ONE), "busy");
  assert.equal(thread.posted.length, 2);
  thread.answer([[]]);
  await first;
  const third = connection.rows(ONE);
  thread.answer([[]]);
  thread.answer([[]]);
  await Promise.all([second, third]);
});

Deno.test("SqliteConnection says when nothing waits for it any more", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const freeCount = thread.freeCount;
  const answers = [connection.rows(ONE), connection.rows(ONE)];
  assert.equal(connection.waitingCount, 2);
  thread.answer([[]]);
  assert.equal(connection.waitingCount, 1);
  assert.equal(thread.freeCount, freeCount);
  thread.answer([[]]);
  assert.equal(connection.waitingCount, 0);
  assert.equal(thread.freeCount, freeCount + 1);
  await Promise.all(answers);
});

Deno.test("SqliteConnection counts an overdue request until it is answered", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const freeCount = thread.freeCount;
  const overdue = rejectsWith(connection.rows(ONE), "busy");
  await thread.clock.advance(30_000);
  await overdue;
  assert.equal(connection.waitingCount, 1);
  thread.answer([[]]);
  assert.equal(connection.waitingCount, 0);
  assert.equal(thread.freeCount, freeCount + 1);
});

Deno.test("SqliteConnection gives up on an answer after 30 s, and counts it until it comes", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect(1);
  const overdue = rejectsWith(connection.transaction([]), "busy");
  await thread.clock.advance(29_999);
  assert.deepEqual(thread.warnings, []);
  await thread.clock.advance(1);
  await overdue;
  assert.deepEqual(thread.warnings, ["database_answer_overdue"]);
  await rejectsWith(connection.rows(ONE), "busy");
  thread.answer([1]);
  const next = connection.rows(ONE);
  thread.answer([[{ one: 1 }]]);
  assert.deepEqual(await next, [{ one: 1 }]);
});

Deno.test("SqliteConnection waits 10 minutes for a backup", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const overdue = rejectsWith(connection.backup("copy.db"), "busy");
  await thread.clock.advance(599_999);
  assert.deepEqual(thread.warnings, []);
  await thread.clock.advance(1);
  await overdue;
});

Deno.test("SqliteConnection waits for a transaction as long as it is told to", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const overdue = rejectsWith(connection.transaction([], 90_000), "busy");
  await thread.clock.advance(89_999);
  assert.deepEqual(thread.warnings, []);
  await thread.clock.advance(1);
  await overdue;
});

Deno.test("SqliteConnection says what SQLite said in the cause alone", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const rows = connection.rows(ONE);
  const id = thread.posted[0]?.id ?? 0;
  thread.reply({ id, ok: false, errcode: 778, message: "disk: /var/a.db" });
  await assert.rejects(rows, (error) => {
    assert.ok(error instanceof StoreError && error.cause instanceof Error);
    assert.equal(error.failure, "io");
    assert.doesNotMatch(error.message, /var/);
    assert.match(error.cause.message, /var/);
    return true;
  });
});

Deno.test("SqliteConnection rejects everything once its thread crashed", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const pending = [connection.rows(ONE), connection.transaction([])];
  const freeCount = thread.freeCount;
  assert.equal(connection.hasCrashed, false);
  thread.crash();
  assert.equal(connection.hasCrashed, true);
  assert.equal(connection.waitingCount, 0);
  assert.equal(thread.freeCount, freeCount + 1);
  for (const promise of pending) await rejectsWith(promise, "other");
  await rejectsWith(connection.rows(ONE), "other");
  assert.deepEqual(thread.warnings, ["database_thread_crashed"]);
  assert.equal(thread.clock.armed, 0);
  await connection.close();
  assert.ok(thread.terminated > 0);
});

Deno.test("SqliteConnection finishes what was asked before it closes", async () => {
  const connection = await newConnection();
  const rows = connection.rows(ONE);
  const closing = connection.close();
  await rejectsWith(connection.rows(ONE), "closed");
  assert.deepEqual(await rows, [{ one: 1 }]);
  await closing;
  await connection.close();
  await rejectsWith(connection.transaction([]), "closed");
});

Deno.test("SqliteConnection rejects as closed what 5 s of closing did not finish", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect();
  const pending = rejectsWith(connection.rows(ONE), "closed");
  const closing = connection.close();
  await thread.clock.advance(4999);
  assert.equal(thread.terminated, 0);
  await thread.clock.advance(1);
  await Promise.all([pending, closing]);
  assert.equal(thread.terminated, 1);
  assert.equal(thread.clock.armed, 0);
  assert.deepEqual(thread.warnings, [
    "database_answer_overdue",
    "database_close_forced",
  ]);
});

Deno.test("SqliteConnection closes even when its bound is reached", async () => {
  const thread = new FakeThread();
  const connection = await thread.connect(1);
  const pending = connection.rows(ONE);
  const closing = connection.close();
  thread.answer([[]]);
  thread.answer(null);
  await Promise.all([pending, closing]);
  assert.deepEqual(thread.warnings, []);
});
