import assert from "node:assert/strict";
import { statusAnswer } from "../../cli/answers.ts";
import { Report } from "../../cli/report.ts";
import { type Look, topLines } from "../../cli/top_lines.ts";
import {
  countersBody,
  pendingBody,
  statusBody,
  statusRoomBody,
} from "../support/canned_answers.ts";
import { FakeCli } from "../support/fake_cli.ts";

function lookOf(at: number, changes: Record<string, unknown>): Look {
  return { at, status: statusAnswer.parse(statusBody(changes)) };
}

function linesOf(look: Look, before?: Look): string[] {
  const report = new Report(new FakeCli(), false);
  return topLines(report, "http://h", [look, before]);
}

Deno.test("topLines shows one look without rates", () => {
  const look = lookOf(0, {
    pending: pendingBody({ records: 12, bytes: 3400 }),
    room_list: [statusRoomBody({ room_name: "大厅" })],
  });
  assert.deepEqual(linesOf(look), [
    "Parlor 0.1.0 at http://h  up 01:01:01  journal  ready",
    "rooms 1  connections 4  pending 12 records, 3400 bytes",
    "per second: messages -  deliveries -  dropped -",
    "            frames in -  frames out -  joins -  refusals -",
    "",
    "ROOM  NAME  USERS  SESSIONS  PEAK  JOINS  ENTRIES/S  LAST MESSAGE",
    "r1    大厅      3         4    10     44          -  2026-01-01 08:00:00",
  ]);
});

Deno.test("topLines divides what came between two looks by their distance", () => {
  const before = lookOf(1000, {
    counters: countersBody({ messages_accepted: 100, joins: 5 }),
    room_list: [statusRoomBody({ last_seq: 110 })],
  });
  const look = lookOf(5000, {
    counters: countersBody({ messages_accepted: 110, joins: 5 }),
    room_list: [
      statusRoomBody({ last_seq: 120 }),
      statusRoomBody({ room_id: "new", last_seq: 7 }),
    ],
  });
  const lines = linesOf(look, before);
  assert.match(lines[2] ?? "", / messages 2\.5 /);
  assert.match(lines[3] ?? "", / joins 0\.0 /);
  assert.match(lines[6] ?? "", / 44 {8}2\.5 /);
  assert.match(lines[7] ?? "", / 44 {10}- /);
});

Deno.test("topLines gives no rate across a server's new start", () => {
  const before = lookOf(1000, { counters: countersBody({ joins: 9 }) });
  const look = lookOf(2000, {
    started_at: 1,
    counters: countersBody({ joins: 99 }),
  });
  assert.match(linesOf(look, before)[3] ?? "", / joins - /);
});

Deno.test("topLines says why a server is not ready", () => {
  const look = lookOf(0, { ready: false, reasons: ["draining"] });
  assert.match(linesOf(look)[0] ?? "", / unready: draining$/);
});
