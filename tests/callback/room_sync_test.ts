import assert from "node:assert/strict";
import {
  dataSyncPayload,
  roomBasicInfo,
  type RoomFigures,
} from "../../src/callback/room_sync.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newLine, newStay } from "./fake_records.ts";

const START_SECS = START_AT / 1000;

const FIGURES: RoomFigures = {
  name: "Lounge",
  adminUserIds: ["admin1", "admin2"],
  createdAt: START_AT + 999,
  lastMessageAt: START_AT + 61_000,
  currentUsers: 2,
  sessions: 3,
  peakUsers: 5,
  totalJoins: 8,
};

Deno.test("roomBasicInfo tells of a room in short", () => {
  assert.deepEqual(roomBasicInfo("r1", FIGURES), {
    "room_id": "r1",
    "room_name": "Lounge",
    "admin_user_ids": ["admin1", "admin2"],
    "current_connections": 3,
    "created_at": START_SECS,
    "last_activity": START_SECS + 61,
  });
});

Deno.test("roomBasicInfo takes the beginning for the last activity when nobody spoke", () => {
  const info = roomBasicInfo("r1", { ...FIGURES, lastMessageAt: null });
  assert.equal(info.last_activity, START_SECS);
});

Deno.test("dataSyncPayload flattens the counts and keeps the order of records", () => {
  const payload = dataSyncPayload("r1", FIGURES, {
    chat: [newLine(2), newLine(1)],
    stays: [newStay(1)],
  });
  assert.deepEqual(payload, {
    "room_id": "r1",
    "admin_user_ids": ["admin1", "admin2"],
    "start_time": START_SECS,
    "current_users": 2,
    "peak_users": 5,
    "total_joins": 8,
    "chat_history": [
      {
        "user_id": "u1",
        "nickname": "Ann",
        "content": "m2",
        "created_at": START_SECS + 2,
      },
      {
        "user_id": "u1",
        "nickname": "Ann",
        "content": "m1",
        "created_at": START_SECS + 1,
      },
    ],
    "session_history": [{
      "user_id": "u1",
      "nickname": "Ann",
      "join_time": START_SECS + 1,
      "leave_time": START_SECS + 91,
      "duration_seconds": 90,
    }],
  });
});
