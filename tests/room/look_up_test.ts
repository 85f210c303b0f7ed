import assert from "node:assert/strict";
import { LogWindow } from "../../src/room/log_window.ts";
import { lookUp, needsLookUp } from "../../src/room/look_up.ts";
import { RoomState } from "../../src/room/room_state.ts";
import type { RoomCommand } from "../../src/wire/command.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { FakeReader, FakeRecorder } from "./actor_world.ts";
import { countingIds, newMessage, newStart, ROOM_OPTIONS } from "./fixture.ts";

/** A log of ann's: 1 to 3 in the database, 4 in memory too. */
function newLog() {
  const start = newStart({ kind: "chat", lastSeq: 3 });
  const state = new RoomState(start, ROOM_OPTIONS, countingIds());
  const recorder = new FakeRecorder();
  const reader = new FakeReader(
    recorder,
    [1, 2, 3].map((seq) => newMessage(seq)),
  );
  const entry = newMessage(4);
  recorder.accept([{ type: "entry", entry }]);
  state.recent.push(entry);
  return { log: new LogWindow(state, reader), reader };
}

Deno.test("lookUp lets most commands go on at once", () => {
  const { log } = newLog();
  const commands: RoomCommand[] = [
    { type: "chat", content: "hi" },
    { type: "kick", userId: "bob" },
    { type: "notice", notice: { type: "typing", isTyping: true } },
    { type: "relay", body: "{}", targetId: "bob" },
    { type: "query_room" },
  ];
  for (const command of commands) {
    assert(!needsLookUp(command, log));
    assert.equal(lookUp(command, log, "bob"), command);
  }
});

Deno.test("lookUp keeps of marks in memory those that count, at once", () => {
  const { log, reader } = newLog();
  const ready = lookUp({ type: "read", seqs: [4, 5] }, log, "bob");
  assert.deepEqual(ready, { type: "read", seqs: [4] });
  const own = lookUp({ type: "read", seqs: [4] }, log, "ann");
  assert.deepEqual(own, { type: "read", seqs: [] });
  assert.deepEqual(reader.lookUps, []);
});

Deno.test("lookUp asks the database for the marks that memory lacks", async () => {
  const { log, reader } = newLog();
  const ready = lookUp({ type: "read", seqs: [4, 0, 2, 99] }, log, "bob");
  assert(ready instanceof Promise);
  assert.deepEqual(await ready, { type: "read", seqs: [2, 4] });
  assert.deepEqual(reader.lookUps, [[2]]);
});

Deno.test("needsLookUp looks at what a command is about, and where that is", () => {
  const { log } = newLog();
  const needs: [RoomCommand, boolean][] = [
    [{ type: "chat", content: "hi" }, false],
    [{ type: "read", seqs: [4] }, false],
    [{ type: "read", seqs: [4, 3] }, true],
    [{ type: "delete_message", seq: 4 }, false],
    [{ type: "delete_message", seq: 3 }, true],
  ];
  for (const [command, isNeeded] of needs) {
    assert.equal(needsLookUp(command, log), isNeeded);
    const ready = command.type === "chat" || lookUp(command, log, "bob");
    assert.equal(ready instanceof Promise, isNeeded);
  }
});

Deno.test("lookUp finds the message that is to be taken back", async () => {
  const { log } = newLog();
  const command = { type: "delete_message", seq: 2 } as const;
  assert.equal(await lookUp(command, log, "ann"), command);
  const newer = { ...command, seq: 4 };
  assert.equal(lookUp(newer, log, "ann"), newer);
  await assert.rejects(
    async () => await lookUp({ ...command, seq: 9 }, log, "ann"),
    (error) => error instanceof ChatError && error.code === "message_not_found",
  );
});
