import assert from "node:assert/strict";
import {
  marksOf,
  messagesMax,
  selectMarks,
  selectUnbatched,
} from "../../src/store/batch_marks.ts";
import { closed, created, entry, opened, said, T0 } from "./fixture.ts";
import { SIZE, type TestOutbox, testOutbox } from "./outbox_fixture.ts";

async function marks({ connection }: TestOutbox, roomId = "room-1") {
  const [row] = await connection.rows(selectMarks(roomId));
  return row === undefined ? undefined : marksOf(row, roomId);
}

async function unbatched({ connection }: TestOutbox): Promise<unknown[]> {
  const rows = await connection.rows(selectUnbatched("room-1", SIZE));
  return rows.map(({ seq }) => seq);
}

const PAGE = { afterRoomId: "", limit: 100 };

testOutbox("selectMarks knows where a room's batches stand", async (test) => {
  assert.equal(await marks(test), undefined);
  await test.apply(created());
  const nothing = {
    roomId: "room-1",
    lastSeq: 0,
    chatMark: 0,
    chatLast: 0,
    chatBatched: 0,
    chatBatches: 0,
    leftCount: 0,
    leaveMark: 0,
    sessionBatches: 0,
    isClosing: false,
  };
  assert.deepEqual(await marks(test), nothing);
  await test.apply(
    said(1),
    said(2),
    entry("system", 3, { message: "x" }),
    opened(),
    closed(),
  );
  assert.deepEqual(await marks(test), { ...nothing, lastSeq: 3, leftCount: 1 });
  const options = { size: SIZE, at: T0 };
  await test.outbox.queueBatches("chat", "room-1", options);
  await test.outbox.queueBatches("session", "room-1", options);
  assert.deepEqual(await marks(test), {
    ...nothing,
    lastSeq: 3,
    chatMark: 3,
    chatLast: 2,
    chatBatched: 2,
    chatBatches: 1,
    leftCount: 1,
    leaveMark: 1,
    sessionBatches: 1,
  });
});

testOutbox(
  "selectMarks says closing when a room ended and all have left",
  async (test) => {
    await test.apply(created(), opened());
    assert.equal((await marks(test))?.isClosing, false);
    await test.apply(entry("end", 1, { reason: "closed" }));
    assert.equal((await marks(test))?.isClosing, false);
    await test.apply(closed());
    assert.equal((await marks(test))?.isClosing, true);
    await test.outbox.queueClosing("room-1", { size: SIZE, at: T0 });
    assert.equal((await marks(test))?.isClosing, false);
  },
);

testOutbox(
  "selectUnbatched gives messages that are in no batch, but deleted ones",
  async (test) => {
    await test.apply(
      created(),
      said(1),
      entry("system", 2, { message: "x" }),
      said(3),
      said(4),
      entry("delete", 5, { seq: 3 }),
      said(1, "elsewhere", { roomId: "room-2" }),
    );
    assert.deepEqual(await unbatched(test), [1, 4]);
    await test.outbox.queueBatches("chat", "room-1", { size: SIZE, at: T0 });
    assert.deepEqual(await unbatched(test), []);
    await test.apply(said(6));
    assert.deepEqual(await unbatched(test), [6]);
  },
);

testOutbox("selectUnbatched weighs a message in bytes", async (test) => {
  await test.apply(created(), said(1, "茶"));
  const [row] = await test.connection.rows(selectUnbatched("room-1", SIZE));
  const [entry] = await test.rows("SELECT payload FROM log_entry");
  const bytes = new TextEncoder().encode(`${entry?.payload}`).length;
  assert.equal(row?.bytes, bytes);
});

Deno.test("messagesMax is more than one batch holds", () => {
  assert.equal(messagesMax({ ...SIZE, chatMax: 1 }), 10_000);
  assert.equal(messagesMax({ ...SIZE, chatMax: 9999 }), 10_000);
  assert.equal(messagesMax({ ...SIZE, chatMax: 10_000 }), 10_001);
});

testOutbox(
  "selectRoomsWithNews pages rooms that go on and have news",
  async (test) => {
    const { outbox } = test;
    await test.apply(
      ...["d", "b", "a", "c", "quiet", "ended"].map((id) => created({ id })),
    );
    for (const roomId of ["a", "b", "c", "d", "ended"]) {
      await test.apply(said(1, "x", { roomId }));
    }
    const end = { reason: "closed" } as const;
    await test.apply(entry("end", 2, end, { roomId: "ended" }));
    const page = (afterRoomId: string, limit: number) => {
      return outbox.roomsWithNews("chat", { afterRoomId, limit });
    };
    assert.deepEqual(await page("", 9), ["a", "b", "c", "d"]);
    assert.deepEqual(await page("", 2), ["a", "b"]);
    assert.deepEqual(await page("b", 2), ["c", "d"]);
    assert.deepEqual(await page("d", 2), []);
    await outbox.queueBatches("chat", "b", { size: SIZE, at: T0 });
    assert.deepEqual(await page("", 9), ["a", "c", "d"]);
    assert.deepEqual(await outbox.roomsWithNews("session", PAGE), []);
  },
);

testOutbox(
  "selectRoomsWithNews finds rooms by the stays that ended there",
  async (test) => {
    const { outbox } = test;
    await test.apply(
      created({ id: "a" }),
      opened({ id: "1", roomId: "a" }),
      created({ id: "b" }),
      opened({ id: "2", roomId: "b" }),
      closed({ id: "2", roomId: "b" }),
    );
    assert.deepEqual(await outbox.roomsWithNews("session", PAGE), ["b"]);
    await outbox.queueBatches("session", "b", { size: SIZE, at: T0 });
    assert.deepEqual(await outbox.roomsWithNews("session", PAGE), []);
    await test.apply(closed({ id: "1", roomId: "a" }));
    assert.deepEqual(await outbox.roomsWithNews("session", PAGE), ["a"]);
    assert.deepEqual(await outbox.roomsWithNews("chat", PAGE), []);
  },
);
