import assert from "node:assert/strict";
import { catchUp, welcome } from "../../src/room/welcome.ts";
import { FakeSession } from "../support/fake_session.ts";
import { newPenalty, Stage } from "./fixture.ts";

/** A room with so many messages in memory, behind 10 that are not. */
function stageWithLog(count: number) {
  const stage = new Stage({
    start: { lastSeq: 10, mutes: [newPenalty("bob", null)] },
  });
  stage.fill(stage.joinAdmin(), count);
  const { effects, now, room: { state } } = stage;
  return { context: { effects, now }, effects, stage, state };
}

Deno.test("welcome says who one is and where the log ends, and lets listen", () => {
  const { context, effects, stage, state } = stageWithLog(2);
  const bob = new FakeSession("bob");
  assert(welcome({ session: bob, resume: null }, state, context));
  assert.deepEqual(stage.take(), ["send bob welcome", "admit bob"]);
  assert.deepEqual(effects.events.at(-1), {
    type: "welcome",
    roomId: "r",
    user: { userId: "bob", nickname: "Bob" },
    isMuted: true,
    sessionId: "bob",
    epoch: "epoch-1",
    lastSeq: 12,
    recovered: false,
  });
});

Deno.test("welcome sends what was missed first", () => {
  const { context, stage, state } = stageWithLog(2);
  const resume = { sinceSeq: 11, epoch: "epoch-1" };
  const session = new FakeSession("ann");
  assert(welcome({ session, resume }, state, context));
  assert.deepEqual(stage.take(), [
    "send ann welcome",
    "send ann message 12",
    "admit ann",
  ]);
});

Deno.test("catchUp sends at most 50 entries at once, and only from memory", () => {
  const { effects, stage, state } = stageWithLog(51);
  const ann = new FakeSession("ann");
  assert(catchUp(ann, 11, state, effects));
  assert.equal(stage.take().length, 51);
  assert(!catchUp(ann, 10, state, effects));
  assert.deepEqual(stage.take(), ["replay ann after 10"]);
  const { effects: others, stage: small, state: few } = stageWithLog(1);
  assert(!catchUp(ann, 9, few, others));
  assert.deepEqual(small.take(), ["replay ann after 9"]);
});

Deno.test("welcome tells a reply before it says anything", () => {
  const { context, effects, stage, state } = stageWithLog(2);
  const words: string[][] = [];
  const events: unknown[] = [];
  const reply = {
    joined: (event: unknown) => {
      words.push(stage.take());
      events.push(event);
    },
    refused: () => assert.fail(),
  };
  const session = new FakeSession("bob");
  welcome({ session, resume: null, reply }, state, context);
  assert.deepEqual(words, [[]]);
  assert.deepEqual(stage.take(), ["send bob welcome", "admit bob"]);
  assert.equal(events[0], effects.events.at(-1));
});

Deno.test("catchUp marks who is still sent the log, until they listen", () => {
  const { effects, state } = stageWithLog(51);
  const ann = new FakeSession("ann");
  catchUp(ann, 10, state, effects);
  assert(state.replaying.has(ann));
  catchUp(ann, 11, state, effects);
  assert(!state.replaying.has(ann));
});
