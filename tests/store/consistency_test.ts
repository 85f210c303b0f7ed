import assert from "node:assert/strict";
import { SqliteOutbox } from "../../src/store/sqlite_outbox.ts";
import { NO_CALLBACKS } from "../../src/wire/callback.ts";
import {
  closed,
  created,
  entry,
  fed,
  liveCreated,
  opened,
  said,
  T0,
} from "./fixture.ts";
import { only, SIZE, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

const RUN = { size: SIZE, at: T0 };
const LATE = T0 + 1_000_000;

/** Messages, last seq and sessions, of the log and of what arrived. */
async function counts({ outbox }: Pick<TestOutbox, "outbox">) {
  const { log, acknowledged } = await outbox.consistency("room-1");
  return [
    [log.messages, log.lastSeq, log.sessions],
    [acknowledged.messages, acknowledged.lastSeq, acknowledged.sessions],
  ];
}

async function queue({ outbox }: TestOutbox): Promise<void> {
  await outbox.queueBatches("chat", "room-1", RUN);
  await outbox.queueBatches("session", "room-1", RUN);
}

/** Delivers the first batches that wait, or gives them up. */
async function serve(
  { outbox }: TestOutbox,
  endpoint: "chat-history" | "session-history",
  { count, isDead = false }: { count: number; isDead?: boolean },
): Promise<void> {
  const query = { endpoint, now: LATE, lanesMax: 1, eventsMax: count };
  const { lanes: [lane] } = await outbox.due({ ...query, except: [] });
  const numbers = lane?.events.map(({ number }) => number) ?? [];
  const [number = 0] = numbers;
  const dead = { kind: "dead", number, attempts: 1, error: "gone" } as const;
  await outbox.settle([{
    endpoint,
    roomId: "room-1",
    at: LATE,
    delivered: isDead ? [] : numbers,
    failure: isDead ? dead : null,
  }]);
}

function visit(id: string) {
  return [opened({ id }), closed({ id })];
}

testOutbox(
  "consistencyOf counts the log, and what was acknowledged",
  async (test) => {
    assert.deepEqual(await counts(test), [[0, 0, 0], [0, 0, 0]]);
    await test.apply(
      created(),
      ...[1, 2, 3, 4].map((seq) => said(seq)),
      entry("system", 5, { message: "x" }),
      ...visit("a"),
      ...visit("b"),
      ...visit("c"),
      opened({ id: "stays" }),
    );
    assert.deepEqual(await counts(test), [[4, 5, 3], [0, 0, 0]]);
    await queue(test);
    assert.deepEqual(await counts(test), [[4, 5, 3], [0, 0, 0]]);
    await serve(test, "chat-history", { count: 1 });
    assert.deepEqual(await counts(test), [[4, 5, 3], [3, 3, 0]]);
    await serve(test, "session-history", { count: 1 });
    assert.deepEqual(await counts(test), [[4, 5, 3], [3, 3, 2]]);
    await serve(test, "chat-history", { count: 1 });
    await serve(test, "session-history", { count: 1 });
    assert.deepEqual(await counts(test), [[4, 5, 3], [4, 4, 3]]);
    await test.apply(said(6), ...visit("d"));
    assert.deepEqual(await counts(test), [[5, 6, 4], [4, 4, 3]]);
  },
);

testOutbox(
  "consistencyOf counts messages that were deleted once they were in a batch",
  async (test) => {
    await test.apply(created(), said(1), said(2), said(3));
    await test.apply(entry("delete", 4, { seq: 1 }));
    assert.deepEqual(await counts(test), [[2, 4, 0], [0, 0, 0]]);
    await queue(test);
    await serve(test, "chat-history", { count: 1 });
    await test.apply(entry("delete", 5, { seq: 2 }));
    assert.deepEqual(await counts(test), [[2, 5, 0], [2, 3, 0]]);
  },
);

testOutbox(
  "consistencyOf counts up to the first batch that was given up",
  async (test) => {
    await test.apply(
      created(),
      ...[1, 2, 3, 4, 5, 6, 7].map((seq) => said(seq)),
    );
    await queue(test);
    await serve(test, "chat-history", { count: 1 });
    await serve(test, "chat-history", { count: 1, isDead: true });
    await serve(test, "chat-history", { count: 1 });
    assert.deepEqual(await counts(test), [[7, 7, 0], [3, 3, 0]]);
    const bounds = { before: LATE, deadBefore: 0, now: LATE, limit: 99 };
    assert.equal((await test.outbox.purge(bounds)).removed, 2);
    assert.deepEqual(await counts(test), [[7, 7, 0], [3, 3, 0]]);
    const query = { delivered: false, limit: 9, now: LATE, fromAt: 0 };
    await test.outbox.replay(query);
    assert.deepEqual(await counts(test), [[7, 7, 0], [3, 3, 0]]);
    await serve(test, "chat-history", { count: 1 });
    assert.deepEqual(await counts(test), [[7, 7, 0], [7, 7, 0]]);
  },
);

testOutbox(
  "consistencyOf counts nothing where the plan has no URL",
  async (test) => {
    await test.apply(created(), said(1), ...visit("a"));
    await queue(test);
    await serve(test, "session-history", { count: 1 });
    assert.deepEqual(await counts(test), [[1, 1, 1], [0, 0, 1]]);
    const outbox = new SqliteOutbox(test.connection, NO_CALLBACKS);
    assert.deepEqual(await counts({ outbox }), [[1, 1, 1], [0, 0, 0]]);
  },
  only("session-history"),
);

testOutbox(
  "consistencyOf counts no batch that was made while nobody was there",
  async (test) => {
    await test.apply(created(), said(1));
    await queue(test);
    const plan = only("chat-history");
    const outbox = new SqliteOutbox(test.connection, plan);
    assert.deepEqual(await counts({ outbox }), [[1, 1, 0], [0, 0, 0]]);
  },
  NO_CALLBACKS,
);

testOutbox(
  "consistencyOf counts what came from outside as no message",
  async (test) => {
    await test.apply(liveCreated(), fed(1), said(2), fed(3));
    assert.deepEqual(await counts(test), [[1, 3, 0], [0, 0, 0]]);
    await queue(test);
    assert.deepEqual((await counts(test))[0], [1, 3, 0]);
  },
);
