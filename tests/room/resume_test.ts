import assert from "node:assert/strict";
import { resume } from "../../src/room/resume.ts";
import { RoomState } from "../../src/room/room_state.ts";
import { countingIds, newStart, ROOM_OPTIONS } from "./fixture.ts";

/** A room whose log has 100 entries and lets a resume ask for 40. */
const state = new RoomState(
  newStart({ lastSeq: 100 }),
  { ...ROOM_OPTIONS, resumeEntriesMax: 40 },
  countingIds(),
);

function plan(sinceSeq: number, epoch = "epoch-1") {
  return resume(state, { sinceSeq, epoch });
}

const FRESH = { recovered: false, afterSeq: 100, gap: null };

Deno.test("resume goes on from where the client's knowledge ends", () => {
  assert.deepEqual(plan(90), { recovered: true, afterSeq: 90, gap: null });
  assert.deepEqual(plan(100), { recovered: true, afterSeq: 100, gap: null });
});

Deno.test("resume names a gap past the most that it may ask for", () => {
  assert.deepEqual(plan(61), { recovered: true, afterSeq: 61, gap: null });
  assert.deepEqual(plan(60), { recovered: true, afterSeq: 60, gap: null });
  assert.deepEqual(plan(59), {
    recovered: false,
    afterSeq: 100,
    gap: { from: 60, to: 100 },
  });
});

Deno.test("resume starts at the end for a client that knows nothing", () => {
  assert.deepEqual(resume(state, null), FRESH);
});

Deno.test("resume starts at the end for a client of another log", () => {
  assert.deepEqual(plan(90, "epoch-0"), FRESH);
  assert.deepEqual(plan(101), FRESH);
});
