import assert from "node:assert/strict";
import { Bodies } from "../../src/callback/bodies.ts";
import type { RoomFigures } from "../../src/callback/room_sync.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";
import { newEvent } from "./callback_event.ts";
import { FakeRecords, newLine, newStay } from "./fake_records.ts";

const START_SECS = START_AT / 1000;

const FIGURES: RoomFigures = {
  name: "Lounge",
  adminUserIds: ["admin1"],
  createdAt: START_AT + 999,
  lastMessageAt: START_AT + 61_000,
  currentUsers: 2,
  sessions: 3,
  peakUsers: 5,
  totalJoins: 8,
};

const COUNTS = { messages: 4, lastSeq: 9, sessions: 2 };

/** Bodies over one live room, `r1`. */
function newBodies() {
  const clock = new FakeClock();
  const records = new FakeRecords();
  const rooms = new Map([["r1", FIGURES]]);
  const live = { find: (roomId: string) => rooms.get(roomId) };
  const bodies = new Bodies({ records, live, clock });
  return { bodies, clock, records, rooms };
}

/** A batch of the second and the third record. */
function batchOf(isLast: boolean) {
  return { batch: 4, from: 2, to: 3, count: 2, isLast };
}

Deno.test("Bodies tells what happened without reading anything", async () => {
  const { bodies, records } = newBodies();
  const joined = newEvent("UserJoined", { userId: "u1", sessionId: "s1" });
  assert.equal(
    await bodies.textOf(joined),
    `{"event_type":"UserJoined","room_id":"r1","user_id":"u1",` +
      `"session_id":"s1","timestamp":${START_SECS}}`,
  );
  assert.deepEqual(records.reads, []);
});

Deno.test("Bodies reads the messages of a batch by their numbers", async () => {
  const { bodies, records } = newBodies();
  records.lines = [1, 2, 3, 4].map((seq) => newLine(seq));
  const id = "chat_r1_4_1700000000000";
  const event = newEvent("ChatHistoryBatch", batchOf(true), { id });
  assert.equal(
    await bodies.textOf(event),
    `{"event_type":"ChatHistoryBatch","room_id":"r1","messages":[` +
      `{"user_id":"u1","nickname":"Ann","content":"m2",` +
      `"created_at":${START_SECS + 2},"id":"id-2","seq":2,` +
      `"at":${START_AT + 2999}},` +
      `{"user_id":"u1","nickname":"Ann","content":"m3",` +
      `"created_at":${START_SECS + 3},"id":"id-3","seq":3,` +
      `"at":${START_AT + 3999}}],` +
      `"batch_id":"chat_r1_4","is_last_batch":true,"timestamp":${START_SECS}}`,
  );
  assert.deepEqual(records.reads, ["chat r1 2..3"]);
});

Deno.test("Bodies leaves out of a batch what was deleted since", async () => {
  const { bodies, records } = newBodies();
  const event = newEvent("ChatHistoryBatch", batchOf(false), {
    id: "chat_r1_4_1700000000000",
  });
  records.lines = [];
  assert.deepEqual(await bodies.bodyOf(event), {
    "event_type": "ChatHistoryBatch",
    "room_id": "r1",
    "messages": [],
    "batch_id": "chat_r1_4",
    "is_last_batch": false,
    "timestamp": START_SECS,
  });
});

Deno.test("Bodies reads the stays of a batch by the order of their ends", async () => {
  const { bodies, records } = newBodies();
  records.stays = [1, 2, 3, 4].map(newStay);
  const id = "session_r1_4_1700000000000";
  const event = newEvent("SessionHistoryBatch", batchOf(true), { id });
  assert.equal(
    await bodies.textOf(event),
    `{"event_type":"SessionHistoryBatch","room_id":"r1","sessions":[` +
      `{"user_id":"u1","nickname":"Ann","join_time":${START_SECS + 2},` +
      `"leave_time":${START_SECS + 92},"duration_seconds":90,` +
      `"session_id":"s2","joined_at":${START_AT + 2999},` +
      `"left_at":${START_AT + 92_001},"close_code":1000},` +
      `{"user_id":"u1","nickname":"Ann","join_time":${START_SECS + 3},` +
      `"leave_time":${START_SECS + 93},"duration_seconds":90,` +
      `"session_id":"s3","joined_at":${START_AT + 3999},` +
      `"left_at":${START_AT + 93_001},"close_code":1000}],` +
      `"batch_id":"session_r1_4","is_last_batch":true,` +
      `"timestamp":${START_SECS}}`,
  );
  assert.deepEqual(records.reads, ["stays r1 2..3"]);
});

Deno.test("Bodies tells how a live room stands when it is asked", async () => {
  const { bodies, clock, records } = newBodies();
  records.facts = { log: COUNTS, acknowledged: { ...COUNTS, lastSeq: 8 } };
  await clock.advance(5000);
  assert.equal(
    await bodies.textOf(newEvent("PeriodicSync", {})),
    `{"event_type":"PeriodicSync","room_id":"r1","room_info":{` +
      `"room_id":"r1","room_name":"Lounge","admin_user_ids":["admin1"],` +
      `"current_connections":3,"created_at":${START_SECS},` +
      `"last_activity":${START_SECS + 61}},` +
      `"last_sync_time":${START_SECS + 5},` +
      `"stats":{"current_users":2,"peak_users":5,"total_joins":8},` +
      `"consistency":{"log":{"messages":4,"last_seq":9,"sessions":2},` +
      `"acknowledged":{"messages":4,"last_seq":8,"sessions":2},` +
      `"is_complete":true}}`,
  );
});

Deno.test("Bodies says when the endpoints do not have all yet", async () => {
  const { bodies, records } = newBodies();
  for (const missing of [{ messages: 3 }, { sessions: 1 }]) {
    records.facts = { log: COUNTS, acknowledged: { ...COUNTS, ...missing } };
    const text = await bodies.textOf(newEvent("PeriodicSync", {}));
    assert.equal(JSON.parse(text).consistency["is_complete"], false);
  }
});

Deno.test("Bodies takes a room that ended from the database, with nobody there", async () => {
  const { bodies, records, rooms } = newBodies();
  rooms.clear();
  const { name, adminUserIds, createdAt, peakUsers, totalJoins } = FIGURES;
  const stored = { name, adminUserIds, createdAt, peakUsers, totalJoins };
  records.rooms.set("r1", { ...stored, lastMessageAt: null });
  const periodic = await bodies.textOf(newEvent("PeriodicSync", {}));
  assert.deepEqual(JSON.parse(periodic).stats, {
    "current_users": 0,
    "peak_users": 5,
    "total_joins": 8,
  });
  assert.equal(JSON.parse(periodic)["room_info"]["current_connections"], 0);
  const sync = JSON.parse(await bodies.textOf(newEvent("RoomSync", {})));
  assert.deepEqual([sync["current_users"], sync["peak_users"]], [0, 5]);
});

Deno.test("Bodies tells the oldest form with the newest records first", async () => {
  const { bodies, records } = newBodies();
  records.lines = [newLine(1), newLine(2)];
  records.stays = [newStay(1)];
  assert.equal(
    await bodies.textOf(newEvent("RoomSync", {})),
    `{"room_id":"r1","admin_user_ids":["admin1"],` +
      `"start_time":${START_SECS},"current_users":2,"peak_users":5,` +
      `"total_joins":8,"chat_history":[` +
      `{"user_id":"u1","nickname":"Ann","content":"m2",` +
      `"created_at":${START_SECS + 2}},` +
      `{"user_id":"u1","nickname":"Ann","content":"m1",` +
      `"created_at":${START_SECS + 1}}],"session_history":[` +
      `{"user_id":"u1","nickname":"Ann","join_time":${START_SECS + 1},` +
      `"leave_time":${START_SECS + 91},"duration_seconds":90}]}`,
  );
  assert.deepEqual(records.reads, [
    "newest chat r1 10000",
    "newest stays r1 10000",
  ]);
});

Deno.test("Bodies refuses a snapshot of a room that nobody knows", async () => {
  const { bodies } = newBodies();
  for (const type of ["PeriodicSync", "RoomSync"] as const) {
    const event = newEvent(type, {}, { roomId: "r9" });
    await assert.rejects(bodies.bodyOf(event), /want a known id, got "r9"/);
  }
});
