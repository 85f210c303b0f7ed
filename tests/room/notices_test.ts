import assert from "node:assert/strict";
import type { RoomStart } from "../../src/room/room_state.ts";
import type { Session } from "../../src/room/session.ts";
import type { Notice } from "../../src/wire/command.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newPenalty, person, Stage } from "./fixture.ts";

const TYPING: Notice = { type: "typing", isTyping: true };
const INVITE: Notice = { type: "call_invite", message: "Hello" };
const STATUS: Notice = {
  type: "call_status",
  status: "joined",
  messageId: 1,
  callRoomId: null,
};
const POSTED: Notice = { type: "posted", messageId: 1 };

/** A room without slow mode, unless it says otherwise. */
function stageWithTwo(more: Partial<RoomStart> = {}) {
  const start = { slowModeSecs: 0, ...more };
  const stage = new Stage({ start, options: { sessionsPerUserMax: 2 } });
  const ann = stage.join("ann");
  stage.join("ann", { id: "ann2" });
  stage.join("bob");
  stage.take();
  return { ann, stage };
}

Deno.test("Notices tells all who types, the sender too, and logs nothing", () => {
  const { ann, stage } = stageWithTwo();
  stage.command(ann, { type: "notice", notice: TYPING });
  assert.deepEqual(stage.take(), ["broadcast typing ann droppable"]);
  assert.deepEqual(stage.effects.events.at(-1), {
    type: "notice",
    user: person("ann"),
    notice: TYPING,
  });
  assert.equal(stage.room.state.lastSeq, 0);
});

Deno.test("Notices tells all but the user of a call, and of a post elsewhere", () => {
  const { ann, stage } = stageWithTwo();
  for (const notice of [INVITE, STATUS, POSTED]) {
    stage.command(ann, { type: "notice", notice });
    const said = `broadcast ${notice.type} ann droppable`;
    assert.deepEqual(stage.take(), [`${said} except ann and ann2`]);
  }
});

Deno.test("Notices says nothing of a muted user, who is told so when calling", () => {
  const mutes = [newPenalty("ann", START_AT + 1000)];
  const { ann, stage } = stageWithTwo({ mutes });
  for (const notice of [TYPING, POSTED]) {
    stage.command(ann, { type: "notice", notice });
  }
  assert.deepEqual(stage.take(), []);
  for (const notice of [INVITE, STATUS]) {
    stage.command(ann, { type: "notice", notice });
    assert.deepEqual(stage.take(), ["send ann you_are_muted"]);
  }
  stage.pass(1000).command(ann, { type: "notice", notice: TYPING });
  assert.deepEqual(stage.take(), ["broadcast typing ann droppable"]);
});

/** Gives notices, one after another; answers how each was met. */
function give(stage: Stage, session: Session, notices: Notice[]): string[] {
  return notices.map((notice) => {
    stage.command(session, { type: "notice", notice });
    return stage.take()[0] ?? "nothing";
  });
}

Deno.test("Notices passes over whoever types more than ten times, then five times a second", () => {
  const { ann, stage } = stageWithTwo();
  const typed = give(stage, ann, Array(13).fill(TYPING));
  assert.deepEqual(typed.slice(9), [
    "broadcast typing ann droppable",
    "nothing",
    "nothing",
    "nothing",
  ]);
  assert.equal(stage.room.tally.noticesSkipped, 3);
  assert.deepEqual(give(stage.pass(199), ann, [TYPING]), ["nothing"]);
  assert.deepEqual(give(stage.pass(1), ann, [TYPING, TYPING]), [
    "broadcast typing ann droppable",
    "nothing",
  ]);
  const bob = stage.room.state.presence.sessionsOf("bob")[0];
  assert(bob);
  const said = "broadcast typing bob droppable";
  assert.deepEqual(give(stage, bob, [TYPING]), [said]);
});

Deno.test("Notices refuses any but typing past that, and says for how long", () => {
  const { ann, stage } = stageWithTwo();
  give(stage, ann, Array(10).fill(TYPING));
  for (const notice of [INVITE, STATUS, POSTED]) {
    const refused = ["send ann rate_limited"];
    assert.deepEqual(give(stage, ann, [notice]), refused, notice.type);
    const event = stage.effects.events.at(-1);
    assert(event?.type === "error");
    assert.equal(event.retryAfterMs, 200);
  }
  assert.equal(stage.room.tally.noticesSkipped, 0);
});

Deno.test("Notices lets a user call three times, then every three seconds", () => {
  const { ann, stage } = stageWithTwo();
  const calls = give(stage, ann, Array(4).fill(INVITE));
  assert.equal(
    calls[2],
    "broadcast call_invite ann droppable except ann and ann2",
  );
  assert.equal(calls[3], "send ann rate_limited");
  const event = stage.effects.events.at(-1);
  assert(event?.type === "error");
  assert.equal(event.retryAfterMs, 3000);
  // What became of a call is told all the same.
  assert.match(give(stage, ann, [STATUS])[0] ?? "", /^broadcast call_status/);
  const late = give(stage.pass(2999), ann, [INVITE]);
  assert.deepEqual(late, ["send ann rate_limited"]);
  assert.match(give(stage.pass(1), ann, [INVITE])[0] ?? "", /^broadcast/);
});

Deno.test("Notices are no way around a room's slow mode", () => {
  const { ann, stage } = stageWithTwo({ slowModeSecs: 60 });
  for (const notice of [INVITE, STATUS, POSTED]) {
    stage.say(ann);
    stage.take();
    assert.deepEqual(give(stage, ann, [notice]), ["send ann rate_limited"]);
    const event = stage.effects.events.at(-1);
    assert(event?.type === "error");
    assert.equal(event.retryAfterMs, 60_000);
    assert.match(give(stage, ann, [TYPING])[0] ?? "", /^broadcast typing/);
    const late = give(stage.pass(60_000), ann, [notice]);
    assert.match(late[0] ?? "", /^broadcast/, notice.type);
    // It counts as having spoken.
    stage.pass(59_999).say(ann);
    assert.deepEqual(stage.take(), ["send ann rate_limited"]);
    stage.pass(1);
  }
});

Deno.test("Notices of an admin obey no slow mode, only their own bounds", () => {
  const { stage } = stageWithTwo({ slowModeSecs: 60 });
  const admin = stage.joinAdmin();
  stage.take();
  const calls = give(stage, admin, Array(4).fill(INVITE));
  assert.deepEqual(calls.map((word) => word.split(" ", 1)[0]), [
    "broadcast",
    "broadcast",
    "broadcast",
    "send",
  ]);
});
