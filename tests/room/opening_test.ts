import assert from "node:assert/strict";
import type { DurableRecord } from "../../src/wire/record.ts";
import { START_AT } from "../support/fake_clock.ts";
import { chatStart, person, Stage } from "./fixture.ts";

const SETTLED: DurableRecord = {
  type: "link_settled",
  link: {
    id: "l1",
    status: "matched",
    at: START_AT,
    roomId: "r",
    partner: person("bob"),
  },
};

/** The room opens for a user. */
function open(userId: string, records: readonly DurableRecord[] = []) {
  return { type: "open", newcomer: person(userId), records } as const;
}

function waitingStage(): Stage {
  const stage = new Stage({ start: chatStart({ isWaiting: true }) });
  stage.join("ann");
  stage.take();
  return stage;
}

Deno.test("openRoom makes a waiting room active, in one write with what it names", () => {
  const stage = waitingStage();
  const writes: number[] = [];
  const { effects } = stage;
  const record = effects.record.bind(effects);
  effects.record = (records) => {
    writes.push(records.length);
    return record(records);
  };
  stage.operate(open("bob", [SETTLED, SETTLED]));
  assert.deepEqual(stage.take(), [
    "record open 1",
    "record matched l1",
    "record matched l1",
    "broadcast open 1",
    "answer 1",
  ]);
  assert.deepEqual(writes, [3]);
  const entry = effects.records.at(-3);
  assert(entry?.type === "entry");
  assert.deepEqual(entry.entry.payload, {
    participants: [person("ann"), person("bob")],
  });
  assert.deepEqual(stage.room.state.chat, {
    access: "participants",
    participants: [person("ann"), person("bob")],
    isWaiting: false,
  });
});

Deno.test("openRoom lets the newcomer in", () => {
  const stage = waitingStage();
  stage.join("bob");
  assert.deepEqual(stage.take(), [
    "send bob not_participant",
    "dismiss bob not_participant",
  ]);
  stage.operate(open("bob"));
  stage.take();
  stage.join("bob", { id: "bob2" });
  assert.deepEqual(stage.take(), [
    "record opened bob2",
    "send bob2 welcome",
    "admit bob2",
  ]);
});

Deno.test("openRoom opens a room once, and not for the one who waits", () => {
  const stage = waitingStage();
  stage.operate(open("ann"));
  assert.deepEqual(stage.take(), ["reject bad_request"]);
  stage.operate(open("bob"));
  stage.take();
  stage.operate(open("cid"));
  assert.deepEqual(stage.take(), ["reject bad_request"]);
});

Deno.test("openRoom opens no room that never waited", () => {
  const stage = new Stage();
  stage.operate(open("bob"));
  assert.deepEqual(stage.take(), ["reject bad_request"]);
});

Deno.test("openRoom changes nothing when it cannot be kept", () => {
  const stage = waitingStage();
  stage.effects.isStorable = false;
  stage.operate(open("bob", [SETTLED]));
  assert.deepEqual(stage.take(), ["reject storage_unavailable"]);
  assert.deepEqual(stage.room.state.chat?.isWaiting, true);
  assert.equal(stage.room.state.lastSeq, 0);
});

Deno.test("openRoom is refused once the room has ended", () => {
  const stage = waitingStage();
  stage.operate({ type: "end", reason: "unmatched" });
  stage.take();
  stage.operate(open("bob"));
  assert.deepEqual(stage.take(), ["reject room_ended"]);
});
