import assert from "node:assert/strict";
import type { RoomMarks } from "../../src/store/batch_marks.ts";
import {
  type BatchStep,
  chatStep,
  sessionStep,
} from "../../src/store/batch_step.ts";
import { T0 } from "./fixture.ts";
import { EVERYTHING, SIZE } from "./outbox_fixture.ts";

const OPTIONS = { size: SIZE, at: T0, plan: EVERYTHING };

function marks(changes: Partial<RoomMarks>): RoomMarks {
  return {
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
    ...changes,
  };
}

function messages(...seqs: number[]) {
  return seqs.map((seq) => ({ seq, bytes: 1 }));
}

/** The values of each statement; of a batch its id, its data, what came before. */
function told({ group }: BatchStep): unknown[] {
  return group.map(({ sql, params }) => {
    const values = Array.isArray(params) ? params : [];
    if (sql.startsWith("UPDATE")) return values;
    return [values[0], JSON.parse(values[4]), values[7], values[8]];
  });
}

Deno.test("chatStep moves the mark to the last entry, then makes the batches", () => {
  const room = marks({ lastSeq: 9, chatMark: 2, chatLast: 1, chatBatched: 1 });
  const from = { ...room, chatBatches: 1 };
  const step = chatStep(from, messages(3, 4, 6, 7), OPTIONS);
  assert.equal(step.isWhole, true);
  assert.equal(step.batchCount, 2);
  assert.deepEqual(told(step), [
    [9, 7, 5, 3, "room-1", 2],
    [
      `chat_room-1_2_${T0}`,
      { batch: 2, from: 3, to: 6, count: 3, isLast: false },
      1,
      1,
    ],
    [
      `chat_room-1_3_${T0}`,
      { batch: 3, from: 7, to: 7, count: 1, isLast: true },
      4,
      6,
    ],
  ]);
});

Deno.test("chatStep moves the mark past what is no message, and makes no batch", () => {
  const room = marks({ lastSeq: 9, chatMark: 7, chatLast: 7, chatBatched: 4 });
  const step = chatStep(room, [], OPTIONS);
  assert.deepEqual(told(step), [[9, 7, 4, 0, "room-1", 7]]);
  assert.equal(step.batchCount, 0);
});

Deno.test("chatStep does nothing when there is no news", () => {
  const step = chatStep(marks({ lastSeq: 9, chatMark: 9 }), [], OPTIONS);
  assert.deepEqual(step, { group: [], batchCount: 0, isWhole: true });
});

Deno.test("chatStep leaves what it did not see to the next step", () => {
  const seqs = Array.from({ length: 10_000 }, (_, index) => index + 1);
  const size = { ...SIZE, chatMax: 3000 };
  const step = chatStep(marks({ lastSeq: 99_999 }), messages(...seqs), {
    ...OPTIONS,
    size,
  });
  assert.equal(step.isWhole, false);
  assert.equal(step.batchCount, 3);
  const [move, , , last] = told(step) as [unknown, unknown, unknown, unknown[]];
  assert.deepEqual(move, [9000, 9000, 9000, 3, "room-1", 0]);
  assert.equal((last[1] as { isLast: boolean }).isLast, false);
});

Deno.test("chatStep gives a batch that is made again another id", () => {
  const room = marks({ lastSeq: 1 });
  const ids = [T0, T0 + 1].map((at) => {
    const step = chatStep(room, messages(1), { ...OPTIONS, at });
    return told(step).map((values) => (values as unknown[])[0])[1];
  });
  assert.deepEqual(ids, [
    `chat_room-1_1_${T0}`,
    `chat_room-1_1_${T0 + 1}`,
  ]);
});

Deno.test("sessionStep makes batches of the stays that ended since the mark", () => {
  const room = marks({ leftCount: 8, leaveMark: 5, sessionBatches: 3 });
  const step = sessionStep(room, OPTIONS);
  assert.deepEqual(told(step), [
    [8, 5, "room-1", 5],
    [
      `session_room-1_4_${T0}`,
      { batch: 4, from: 6, to: 7, count: 2, isLast: false },
      5,
      5,
    ],
    [
      `session_room-1_5_${T0}`,
      { batch: 5, from: 8, to: 8, count: 1, isLast: true },
      7,
      7,
    ],
  ]);
});

Deno.test("sessionStep does nothing when there is no news", () => {
  const step = sessionStep(marks({ leftCount: 5, leaveMark: 5 }), OPTIONS);
  assert.deepEqual(step, { group: [], batchCount: 0, isWhole: true });
});

Deno.test("sessionStep makes 1000 batches at most", () => {
  const size = { ...SIZE, sessionMax: 1 };
  const step = (leftCount: number) => {
    return sessionStep(marks({ leftCount }), { ...OPTIONS, size });
  };
  const { batchCount, isWhole } = step(1000);
  assert.deepEqual({ batchCount, isWhole }, {
    batchCount: 1000,
    isWhole: true,
  });
  const cut = step(1001);
  assert.equal(cut.batchCount, 1000);
  assert.equal(cut.isWhole, false);
  assert.equal(
    sessionStep(marks({ leftCount: 1001, leaveMark: 1000 }), OPTIONS)
      .batchCount,
    1,
  );
});
