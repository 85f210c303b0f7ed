/**
 * A database's thread that a test holds in its hand.
 *
 * @module
 */

import assert from "node:assert/strict";
import { silentLog } from "../../src/base/log.ts";
import { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import type {
  SqliteReply,
  SqliteRequest,
  SqliteTask,
} from "../../src/store/sqlite_protocol.ts";
import type {
  SqliteListener,
  SqliteThread,
} from "../../src/store/sqlite_thread.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A thread that answers when the test says so. */
export class FakeThread {
  readonly posted: SqliteRequest[] = [];
  readonly clock = new FakeClock();
  readonly warnings: unknown[] = [];
  terminated = 0;
  freeCount = 0;
  #listener: SqliteListener | undefined;
  #onPost = () => {};

  async connect(requestsMax = 1000): Promise<SqliteConnection> {
    const connection = new SqliteConnection({
      clock: this.clock,
      log: {
        ...silentLog,
        warn: (_, fields) => this.warnings.push(fields?.event),
        error: (_, fields) => this.warnings.push(fields?.event),
      },
      requestsMax,
      onFree: () => void this.freeCount++,
      start: (listener) => this.start(listener),
    });
    const opened = connection.open({ path: ":memory:", pragmas: [] });
    this.answer(null);
    await opened;
    return connection;
  }

  /** To be given to a connection, which is to be the only one of it. */
  start(listener: SqliteListener): SqliteThread {
    this.#listener = listener;
    return {
      post: (request) => {
        this.posted.push(request);
        this.#onPost();
      },
      terminate: () => void this.terminated++,
    };
  }

  /** Answers the request that waits longest. */
  answer(value: unknown): void {
    const [request] = this.posted.splice(0, 1);
    assert.ok(request !== undefined, "a request waits");
    this.reply({ id: request.id, ok: true, value });
  }

  /** Waits until a task of this kind is the last one posted. */
  async asked(op: SqliteTask["op"]): Promise<void> {
    while (this.posted.at(-1)?.task.op !== op) {
      await new Promise<void>((resolve) => this.#onPost = resolve);
    }
  }

  reply(reply: SqliteReply): void {
    this.#listener?.onReply(reply);
  }

  crash(): void {
    this.#listener?.onCrash("out of memory");
  }
}
