import assert from "node:assert/strict";
import { CliError } from "../../cli/cli_error.ts";
import { readLiveFrame } from "../../cli/live_frame.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { liveDialect } from "../../src/wire/live_dialect.ts";
import {
  linkBody,
  messageBody,
  snapshotBody,
  statsBody,
} from "../support/live_bodies.ts";
import { LIVE_EVENTS } from "../wire/live_events.ts";

const dialect = liveDialect({
  liveId: "77",
  contentCharsMax: 4096,
  userIdCharsMax: 128,
});

function entryOf(said: Pick<LogEntry, "kind" | "payload">): RoomEvent {
  const head = { roomId: "r1", seq: 7, id: "i", at: 0, actor: null };
  return { type: "entry", entry: { ...head, ...said } as LogEntry };
}

Deno.test("readLiveFrame understands what the server says", () => {
  const text = '{"type":"chat","live_id":"77"}';
  const events: RoomEvent[] = [
    ...LIVE_EVENTS,
    entryOf({ kind: "live", payload: { type: "chat", text, count: 1 } }),
    entryOf({ kind: "system", payload: { message: "x" } }),
    entryOf({ kind: "delete", payload: { seq: 3 } }),
    entryOf({ kind: "end", payload: { reason: "closed" } }),
    entryOf({
      kind: "custom_event",
      payload: { eventType: "quiz", payload: 1 },
    }),
    { type: "gap", from: 3, to: 9 },
    { type: "error", code: "busy" },
  ];
  for (const event of events) {
    const { raw, frame } = readLiveFrame(dialect.encode(event) ?? "");
    assert.equal(frame?.type, raw.type);
    assert.deepEqual({ ...frame }, raw);
  }
});

Deno.test("readLiveFrame keeps what it does not know of a frame", () => {
  const said = { ...messageBody(3), future: { field: 1 } };
  const { raw, frame } = readLiveFrame(JSON.stringify(said));
  assert.deepEqual(raw, said);
  assert.deepEqual({ ...frame }, said);
});

Deno.test("readLiveFrame passes over a type of a newer server", () => {
  const said = { type: "poll", question: "?" };
  assert.deepEqual(readLiveFrame(JSON.stringify(said)), {
    raw: said,
    frame: undefined,
  });
});

Deno.test("readLiveFrame refuses what is no frame, and says which", () => {
  const cases: [unknown, RegExp][] = [
    ["{", /\(no JSON\)/],
    [[], /\(no JSON\)/],
    [{ type: 5 }, /\(no JSON\)/],
    [{ ...messageBody(3), seq: "3" }, /\(live_message\)/],
    [messageBody(3, { type: 5 }), /\(live_message\)/],
    [snapshotBody({ epoch: undefined }), /\(snapshot\)/],
    [snapshotBody({ messages: [1] }), /\(snapshot\)/],
    [
      { type: "live_status", status: linkBody({ state: 1 }) },
      /\(live_status\)/,
    ],
    [{ type: "live_stats", stats: statsBody() }, /\(live_stats\)/],
    [{ type: "system", message: "x" }, /\(system\)/],
    [{ type: "gap", from: 1 }, /\(gap\)/],
    [{ type: "error" }, /\(error\)/],
  ];
  for (const [said, about] of cases) {
    const text = typeof said === "string" ? said : JSON.stringify(said);
    assert.throws(() => readLiveFrame(text), (thrown) => {
      assert(thrown instanceof CliError);
      assert.match(thrown.message, about);
      assert.match(thrown.message, /of another version, or not Parlor$/);
      return true;
    });
  }
});
