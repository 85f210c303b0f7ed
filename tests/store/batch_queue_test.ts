import assert from "node:assert/strict";
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
import { SIZE, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

const RUN = { size: SIZE, at: T0 + 77 };

/** Batches as `id: from-to of count`, with `last`; ids less the run's instant. */
async function batches({ outbox }: TestOutbox): Promise<string[]> {
  const events = await outbox.stream(0, 10_000);
  return events.flatMap(({ id, data }) => {
    if (!("isLast" in data)) return [];
    const { from, to, count, isLast } = data;
    const name = id.replace(`_${RUN.at}`, "");
    return [`${name}: ${from}-${to} of ${count}${isLast ? ", last" : ""}`];
  });
}

function messages(from: number, to: number) {
  const count = to - from + 1;
  return Array.from({ length: count }, (_, index) => said(from + index));
}

/** Stays of room-1 that came and went. */
function visits(from: number, to: number) {
  const count = to - from + 1;
  return Array.from({ length: count }, (_, index) => {
    const id = `s${from + index}`;
    return [opened({ id }), closed({ id, leftAt: T0 + 9000 - index })];
  }).flat();
}

testOutbox(
  "queueBatches puts messages into batches that are full but the last",
  async (test) => {
    const { outbox } = test;
    await test.apply(created(), ...messages(1, 2));
    assert.equal(await outbox.queueBatches("chat", "room-1", RUN), 1);
    await test.apply(...messages(3, 5));
    assert.equal(await outbox.queueBatches("chat", "room-1", RUN), 1);
    await test.apply(...messages(6, 9));
    assert.equal(await outbox.queueBatches("chat", "room-1", RUN), 2);
    assert.deepEqual(await batches(test), [
      "chat_room-1_1: 1-2 of 2, last",
      "chat_room-1_2: 3-5 of 3, last",
      "chat_room-1_3: 6-8 of 3",
      "chat_room-1_4: 9-9 of 1, last",
    ]);
    assert.deepEqual(
      await test.rows(
        `SELECT DISTINCT type, at, endpoint, state, queued_at FROM event
      WHERE id LIKE 'chat%'`,
      ),
      [{
        type: "ChatHistoryBatch",
        at: T0 + 77,
        endpoint: "chat-history",
        state: "pending",
        queued_at: T0 + 77,
      }],
    );
  },
);

testOutbox("queueBatches makes nothing of nothing", async (test) => {
  const { outbox } = test;
  assert.equal(await outbox.queueBatches("chat", "unknown", RUN), 0);
  assert.equal(await outbox.queueBatches("session", "unknown", RUN), 0);
  await test.apply(created(), said(1), opened(), closed());
  await outbox.queueBatches("chat", "room-1", RUN);
  await outbox.queueBatches("session", "room-1", RUN);
  assert.equal(await outbox.queueBatches("chat", "room-1", RUN), 0);
  assert.equal(await outbox.queueBatches("session", "room-1", RUN), 0);
  assert.equal((await batches(test)).length, 2);
});

testOutbox(
  "queueBatches passes over entries that are no messages",
  async (test) => {
    const { outbox } = test;
    await test.apply(created(), entry("system", 1, { message: "x" }));
    assert.equal(await outbox.queueBatches("chat", "room-1", RUN), 0);
    const page = { afterRoomId: "", limit: 9 };
    assert.deepEqual(await outbox.roomsWithNews("chat", page), []);
    await test.apply(said(2), entry("delete", 3, { seq: 2 }), said(4));
    assert.equal(await outbox.queueBatches("chat", "room-1", RUN), 1);
    assert.deepEqual(await batches(test), ["chat_room-1_1: 4-4 of 1, last"]);
  },
);

testOutbox(
  "queueBatches ends a batch before it weighs too much",
  async (test) => {
    const { outbox } = test;
    await test.apply(created(), ...messages(1, 3));
    const [row] = await test.rows(
      "SELECT octet_length(payload) AS bytes FROM log_entry",
    );
    const bytesMax = 2 * Number(row?.bytes);
    const size = { ...SIZE, bytesMax };
    assert.equal(
      await outbox.queueBatches("chat", "room-1", { ...RUN, size }),
      2,
    );
    assert.deepEqual(await batches(test), [
      "chat_room-1_1: 1-2 of 2",
      "chat_room-1_2: 3-3 of 1, last",
    ]);
  },
);

testOutbox("queueBatches goes on where one step ends", async (test) => {
  await test.apply(created());
  for (let from = 1; from < 25_000; from += 5000) {
    await test.apply(...messages(from, from + 4999));
  }
  const size = { ...SIZE, chatMax: 6000 };
  const run = { ...RUN, size };
  assert.equal(await test.outbox.queueBatches("chat", "room-1", run), 5);
  assert.deepEqual(await batches(test), [
    "chat_room-1_1: 1-6000 of 6000",
    "chat_room-1_2: 6001-12000 of 6000",
    "chat_room-1_3: 12001-18000 of 6000",
    "chat_room-1_4: 18001-24000 of 6000",
    "chat_room-1_5: 24001-25000 of 1000, last",
  ]);
});

testOutbox("queueBatches ends whole where a step's page ends", async (test) => {
  await test.apply(created(), ...messages(1, 5000));
  await test.apply(...messages(5001, 10_000));
  const size = { ...SIZE, chatMax: 5000 };
  const run = { ...RUN, size };
  assert.equal(await test.outbox.queueBatches("chat", "room-1", run), 2);
  assert.deepEqual(await batches(test), [
    "chat_room-1_1: 1-5000 of 5000",
    "chat_room-1_2: 5001-10000 of 5000, last",
  ]);
});

testOutbox(
  "queueBatches puts stays into batches in the order of ending",
  async (test) => {
    const { outbox } = test;
    await test.apply(created(), ...visits(1, 3), opened({ id: "stays" }));
    assert.equal(await outbox.queueBatches("session", "room-1", RUN), 2);
    await test.apply(...visits(4, 5));
    assert.equal(await outbox.queueBatches("session", "room-1", RUN), 1);
    assert.deepEqual(await batches(test), [
      "session_room-1_1: 1-2 of 2",
      "session_room-1_2: 3-3 of 1, last",
      "session_room-1_3: 4-5 of 2, last",
    ]);
    const stays = await outbox.staysBetween("room-1", 1, 9);
    assert.deepEqual(stays.map(({ id }) => id), ["s1", "s2", "s3", "s4", "s5"]);
  },
);

testOutbox(
  "queueBatches puts nothing into two batches when two runs meet",
  async (test) => {
    const { outbox } = test;
    await test.apply(created(), ...messages(1, 5), ...visits(1, 3));
    const runs = [1, 2, 3].flatMap(() => [
      outbox.queueBatches("chat", "room-1", RUN),
      outbox.queueBatches("session", "room-1", RUN),
    ]);
    const made = await Promise.all(runs);
    assert.deepEqual(made, [2, 2, 0, 0, 0, 0]);
    assert.deepEqual((await batches(test)).toSorted(), [
      "chat_room-1_1: 1-3 of 3",
      "chat_room-1_2: 4-5 of 2, last",
      "session_room-1_1: 1-2 of 2",
      "session_room-1_2: 3-3 of 1, last",
    ]);
  },
);

testOutbox("queueBatches passes over what came from outside", async (test) => {
  const { outbox } = test;
  await test.apply(liveCreated(), fed(1), fed(2), fed(3), fed(4));
  assert.equal(await outbox.queueBatches("chat", "room-1", RUN), 0);
  const [row] = await test.rows("SELECT chat_mark, chat_batched FROM room");
  assert.deepEqual(row, { chat_mark: 4, chat_batched: 0 });
  await test.apply(fed(5), said(6, "from a viewer"), fed(7));
  assert.equal(await outbox.queueBatches("chat", "room-1", RUN), 1);
  assert.deepEqual(await batches(test), ["chat_room-1_1: 6-6 of 1, last"]);
});
