// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { planNotes } from "../../cli/cleanup_text.ts";
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
