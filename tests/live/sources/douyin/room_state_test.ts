// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import { readRoomState } from "../../../../src/live/sources/douyin/room_state.ts";

function statusOf(data: unknown) {
  return readRoomState(JSON.stringify({ data })).status;
}

const UNKNOWN = { kind: "unknown", fault: "status_unknown" };

Deno.test("readRoomState knows the platform's numbers", () => {
  assert.deepEqual(statusOf({ room_status: 0 }), { kind: "live" });
  assert.deepEqual(statusOf({ room_status: 2 }), { kind: "ended" });
  assert.deepEqual(statusOf({ room_status: 3 }), { kind: "abnormal", code: 3 });
});

Deno.test("readRoomState takes the stream's number where there is no other", () => {
  assert.deepEqual(statusOf({ data: [{ status: 2 }] }), { kind: "live" });
  assert.deepEqual(statusOf({ data: [{ status: 4 }] }), { kind: "ended" });
  const both = { room_status: 2, data: [{ status: 2 }] };
  assert.deepEqual(statusOf(both), { kind: "ended" });
});

Deno.test("readRoomState reads the number of the broadcast", () => {
  const data = { room_status: 0, data: [{ id_str: "741", status: 2 }] };
  assert.equal(readRoomState(JSON.stringify({ data })).roomId, "741");
  const odd = { room_status: 0, data: [{ id_str: "x" }] };
  assert.equal(readRoomState(JSON.stringify({ data: odd })).roomId, undefined);
});

Deno.test("readRoomState says of an answer without sense that it is unknown", () => {
  for (const text of ["", "<html>", "null", "[]", "{}", '{"data":[]}']) {
    assert.deepEqual(readRoomState(text).status, UNKNOWN, text);
  }
  assert.deepEqual(statusOf({ room_status: "0" }), UNKNOWN);
  assert.deepEqual(statusOf({ data: [] }), UNKNOWN);
});
