import assert from "node:assert/strict";
import type {
  SqliteReply,
  SqliteRequest,
} from "../../src/store/sqlite_protocol.ts";
import {
  type SqliteThread,
  startSqliteThread,
} from "../../src/store/sqlite_thread.ts";

interface Heard extends Disposable {
  readonly thread: SqliteThread;
  next(): Promise<SqliteReply | string>;
}

/** A thread whose replies, or crash, can be awaited one at a time. */
function listen(): Heard {
  const heard: (SqliteReply | string)[] = [];
  let wake = () => {};
  const hear = (thing: SqliteReply | string) => {
    heard.push(thing);
    wake();
  };
  const thread = startSqliteThread({ onReply: hear, onCrash: hear });
  return {
    thread,
    async next() {
      while (heard.length === 0) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      const [first] = heard.splice(0, 1);
      assert.ok(first !== undefined);
      return first;
    },
    [Symbol.dispose]: () => thread.terminate(),
  };
}

const OPEN = { op: "open", path: ":memory:", pragmas: [] } as const;

Deno.test("startSqliteThread answers requests in order, by id", async () => {
  using heard = listen();
  heard.thread.post({ id: 7, task: OPEN });
  const queries = [{ sql: "SELECT 1 AS one" }];
  heard.thread.post({ id: 8, task: { op: "query", queries } });
  assert.deepEqual(await heard.next(), { id: 7, ok: true, value: null });
  assert.deepEqual(await heard.next(), {
    id: 8,
    ok: true,
    value: [[{ one: 1 }]],
  });
});

Deno.test("startSqliteThread answers a failure when no database is open", async () => {
  using heard = listen();
  heard.thread.post({ id: 1, task: { op: "query", queries: [] } });
  assert.deepEqual(await heard.next(), {
    id: 1,
    ok: false,
    errcode: null,
    message: "Error: No database is open",
  });
});

Deno.test("startSqliteThread tells of a crash and spares the process", async () => {
  using heard = listen();
  heard.thread.post({ id: 1, task: OPEN });
  await heard.next();
  heard.thread.post(null as unknown as SqliteRequest);
  assert.equal(typeof await heard.next(), "string");
});
