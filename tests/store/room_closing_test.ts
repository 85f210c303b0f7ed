import assert from "node:assert/strict";
import { NO_CALLBACKS } from "../../src/wire/callback.ts";
import { closed, created, entry, opened, said, T0 } from "./fixture.ts";
import { only, SIZE, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

const AT = T0 + 99_000;
const RUN = { size: SIZE, at: AT };

function ended(roomId = "room-1", at = T0 + 60_000) {
  return entry("end", 100, { reason: "closed" }, { roomId, at });
}

/** Events after those that told of the room's life. */
async function closing(test: TestOutbox): Promise<unknown[]> {
  return await test.ids(
    "type IN ('ChatHistoryBatch', 'SessionHistoryBatch', 'RoomClosed') " +
      `OR id = 'sync_room-1_${AT}'`,
  );
}

testOutbox(
  "queueClosing tells the last batches, then that the room closed",
  async (test) => {
    await test.apply(
      created(),
      opened({ id: "a", userId: "ann", peakUsers: 1 }),
      opened({ id: "b", userId: "bob", peakUsers: 2 }),
      opened({ id: "b2", userId: "bob", peakUsers: 2 }),
      ...[1, 2, 3, 4].map((seq) => said(seq)),
      closed({ id: "a", leftAt: T0 + 59_999 }),
      ended(),
      closed({ id: "b", leftAt: T0 + 60_000 }),
      closed({ id: "b2", leftAt: T0 + 60_001 }),
    );
    await test.outbox.queueClosing("room-1", RUN);
    assert.deepEqual(await closing(test), [
      `chat_room-1_1_${AT}`,
      `chat_room-1_2_${AT}`,
      `session_room-1_1_${AT}`,
      `session_room-1_2_${AT}`,
      "closed_room-1",
      `sync_room-1_${AT}`,
    ]);
    const [row] = await test.rows(
      "SELECT * FROM event WHERE type = 'RoomClosed'",
    );
    assert.equal(row?.at, T0 + 60_000);
    assert.equal(row?.queued_at, AT);
    assert.equal(row?.endpoint, "room-events");
    assert.equal(row?.state, "pending");
    assert.deepEqual(JSON.parse(`${row?.data}`), {
      currentUsers: 1,
      peakUsers: 2,
      totalJoins: 3,
    });
    const [room] = await test.rows("SELECT settled_at FROM room");
    assert.equal(room?.settled_at, AT);
  },
);

testOutbox("queueClosing does nothing again", async (test) => {
  await test.apply(created(), said(1), ended());
  await Promise.all([
    test.outbox.queueClosing("room-1", RUN),
    test.outbox.queueClosing("room-1", RUN),
  ]);
  const once = await test.ids();
  assert.equal(once.length, 5);
  await test.outbox.queueClosing("room-1", { ...RUN, at: AT + 1 });
  assert.deepEqual(await test.ids(), once);
  const [room] = await test.rows("SELECT settled_at FROM room");
  assert.equal(room?.settled_at, AT);
});

testOutbox(
  "queueClosing tells an end once when two runs meet",
  async (test) => {
    await test.apply(created(), ended());
    // Both take the same step, once the only entry is behind the mark.
    await test.outbox.queueBatches("chat", "room-1", RUN);
    await Promise.all([
      test.outbox.queueClosing("room-1", { ...RUN, at: AT + 1 }),
      test.outbox.queueClosing("room-1", { ...RUN, at: AT + 2 }),
    ]);
    const [room] = await test.rows("SELECT * FROM room");
    assert.equal(room?.settled_at, AT + 1);
    assert.deepEqual(await test.ids(`at > ${AT}`), [`sync_room-1_${AT + 1}`]);
  },
);

testOutbox("queueClosing adds to what was in batches before", async (test) => {
  await test.apply(created(), said(1), opened(), closed());
  await test.outbox.queueBatches("chat", "room-1", RUN);
  await test.outbox.queueBatches("session", "room-1", RUN);
  await test.apply(said(2), ended());
  await test.outbox.queueClosing("room-1", RUN);
  assert.deepEqual(await closing(test), [
    `chat_room-1_1_${AT}`,
    `session_room-1_1_${AT}`,
    `chat_room-1_2_${AT}`,
    "closed_room-1",
    `sync_room-1_${AT}`,
  ]);
});

testOutbox(
  "queueClosing waits until the room ended and everyone left",
  async (test) => {
    const { outbox } = test;
    await outbox.queueClosing("unknown", RUN);
    await test.apply(created(), opened(), said(1));
    await outbox.queueClosing("room-1", RUN);
    await test.apply(ended());
    await outbox.queueClosing("room-1", RUN);
    assert.deepEqual(await closing(test), []);
    await test.apply(closed());
    await outbox.queueClosing("room-1", RUN);
    assert.equal((await closing(test)).length, 4);
  },
);

testOutbox(
  "queueClosing makes batches step by step when there are many",
  async (test) => {
    await test.apply(created());
    const messages = Array.from({ length: 11_000 }, (_, seq) => said(seq + 1));
    await test.apply(...messages);
    const end = { reason: "closed" } as const;
    await test.apply(entry("end", 11_001, end));
    const size = { ...SIZE, chatMax: 6000 };
    await test.outbox.queueClosing("room-1", { ...RUN, size });
    assert.deepEqual(await closing(test), [
      `chat_room-1_1_${AT}`,
      `chat_room-1_2_${AT}`,
      "closed_room-1",
      `sync_room-1_${AT}`,
    ]);
    const { log } = await test.outbox.consistency("room-1");
    assert.equal(log.messages, 11_000);
  },
);

testOutbox("queueClosing sends no snapshot where nobody is", async (test) => {
  await test.apply(created(), ended());
  await test.outbox.queueClosing("room-1", RUN);
  assert.deepEqual(await test.ids(), ["created_room-1", "closed_room-1"]);
  assert.deepEqual(await test.ids("state IS NULL"), [
    "created_room-1",
    "closed_room-1",
  ]);
}, NO_CALLBACKS);

testOutbox(
  "selectEndedRooms gives rooms whose end was not told, oldest first",
  async (test) => {
    const { outbox } = test;
    await test.apply(
      ...["active", "a", "b", "c", "busy"].map((id) => created({ id })),
      opened({ id: "open", roomId: "busy" }),
      ended("busy", T0),
      ended("a", T0 + 3),
      ended("b", T0 + 1),
      ended("c", T0 + 2),
    );
    assert.deepEqual(await outbox.endedRooms(9), ["b", "c", "a"]);
    assert.deepEqual(await outbox.endedRooms(2), ["b", "c"]);
    await outbox.queueClosing("b", RUN);
    assert.deepEqual(await outbox.endedRooms(9), ["c", "a"]);
    await test.apply(closed({ id: "open", roomId: "busy" }));
    assert.deepEqual(await outbox.endedRooms(9), ["busy", "c", "a"]);
  },
  only("room-events"),
);
