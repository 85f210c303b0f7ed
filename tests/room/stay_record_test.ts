import assert from "node:assert/strict";
import { RoomState } from "../../src/room/room_state.ts";
import { closedRecord, openedRecord } from "../../src/room/stay_record.ts";
import { FakeSession } from "../support/fake_session.ts";
import { countingIds, deviceStart, newStart, ROOM_OPTIONS } from "./fixture.ts";

const ann = new FakeSession("ann", { id: "s1", ip: "::1" });

function newState(more: Parameters<typeof newStart>[0]): RoomState {
  const start = newStart({ lastSeq: 41, ...more });
  return new RoomState(start, ROOM_OPTIONS, countingIds());
}

const OPENED = {
  id: "s1",
  roomId: "r",
  userId: "ann",
  nickname: "Ann",
  ip: "::1",
  joinedAt: 5,
  peakUsers: 3,
};

const CLOSED = { id: "s1", roomId: "r", leftAt: 9, closeCode: 1001 };

Deno.test("openedRecord says who came when, and in a device room after what", () => {
  const begin = { now: 5, peakUsers: 3 };
  const type = "session_opened";
  assert.deepEqual(openedRecord(ann, newState({}), begin), {
    type,
    session: OPENED,
  });
  assert.deepEqual(openedRecord(ann, newState(deviceStart()), begin), {
    type,
    session: { ...OPENED, afterSeq: 41 },
  });
});

Deno.test("closedRecord says who left how, and in a device room after what", () => {
  const end = { now: 9, closeCode: 1001 };
  const type = "session_closed";
  assert.deepEqual(closedRecord(ann, newState({}), end), {
    type,
    session: CLOSED,
  });
  assert.deepEqual(closedRecord(ann, newState(deviceStart()), end), {
    type,
    session: { ...CLOSED, throughSeq: 41 },
  });
});
