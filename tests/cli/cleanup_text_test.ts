// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import {
  doneLines,
  doneNotes,
  planLines,
  planNotes,
} from "../../cli/cleanup_text.ts";
import { Report } from "../../cli/report.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { START_AT } from "../support/fake_clock.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The first note on a room that is empty for so long. */
function noteOn(emptyMs: number | null): string | undefined {
  const room = {
    room_id: "r1",
    created_at: START_AT / 1000,
    empty_since_at: emptyMs === null ? null : START_AT - emptyMs,
  };
  const answer = {
    minutes: 10,
    rooms: [room],
    spared: {},
    next_due_in_ms: null,
    counts: { active: 1, ended: 0, waiting: 0 },
  };
  return planNotes(new Report(new FakeCli(), false), answer, START_AT)[0];
}

Deno.test("planNotes says how long a room is empty, in one unit", () => {
  const spans: [emptyMs: number, text: string][] = [
    [-HOUR_MS, "0 s"],
    [119 * SECOND_MS, "119 s"],
    [120 * SECOND_MS, "2 min"],
    [119 * MINUTE_MS, "119 min"],
    [120 * MINUTE_MS, "2 h"],
    [47 * HOUR_MS, "47 h"],
    [48 * HOUR_MS, "2 d"],
    [30 * DAY_MS, "30 d"],
  ];
  for (const [emptyMs, text] of spans) {
    assert(noteOn(emptyMs)?.endsWith(` (${text})`), noteOn(emptyMs));
  }
});

Deno.test("planNotes says nothing of a time that is not known", () => {
  assert.equal(noteOn(null), "Room r1 would end");
});

Deno.test("doneNotes says why rooms stay that are kept by no time", () => {
  const answer = {
    minutes: 10,
    rooms: [],
    spared: { fed: 2, newer: 1 },
    next_due_in_ms: null,
    counts: { active: 3, ended: 0, waiting: 0 },
  };
  assert.deepEqual(doneNotes(answer), [
    "Ended 0 rooms",
    "2 rooms stay: fed by a live link that is to be kept up",
    "1 room stays: newer",
  ]);
});

Deno.test("doneNotes says both times where live rooms have one of their own", () => {
  const answer = {
    minutes: 10,
    live_minutes: 1440,
    rooms: [],
    spared: { emptied_recently: 2 },
    next_due_in_ms: null,
    counts: { active: 3, ended: 0, waiting: 0 },
  };
  const [, note] = doneNotes(answer);
  const start = "2 rooms stay: empty for less than 10 minutes";
  assert.equal(note, `${start} (a live room: 1440)`);
  for (const live_minutes of [0, 10]) {
    assert.equal(doneNotes({ ...answer, live_minutes })[1], start);
  }
});

Deno.test("planLines and doneLines call a live room one", () => {
  const room = { created_at: START_AT / 1000, empty_since_at: START_AT };
  const answer = {
    minutes: 10,
    rooms: [
      { room_id: "r1", kind: "live", ...room } as const,
      { room_id: "r2", ...room },
    ],
    spared: {},
    next_due_in_ms: null,
    counts: { active: 0, ended: 2, waiting: 0 },
  };
  const plan = planLines(new Report(new FakeCli(), false), answer);
  assert.match(plan[2] ?? "", /直播间 r1/);
  assert.match(plan[3] ?? "", /聊天室 r2/);
  const done = doneLines(answer);
  assert(done.includes("已清理直播间: r1"), done.join());
  assert(done.includes("本次清理: 1 个直播间"), done.join());
  assert(done.includes("本次清理: 1 个聊天室"), done.join());
});
