import assert from "node:assert/strict";
import { LIVE_TYPES } from "../../src/wire/live.ts";
import { START_AT } from "../support/fake_clock.ts";
import { linkStatus, liveMessage, liveStart, Stage } from "./fixture.ts";

/** A live room that ann and bob watch. */
function newStage(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage({ ...options, start: liveStart() });
  const ann = stage.join("ann");
  const bob = stage.join("bob");
  stage.take();
  return { ann, bob, stage };
}

const STATS = {
  messages: 1,
  chats: 1,
  gifts: 0,
  likes: 0,
  members: 0,
  follows: 0,
  currentViewers: null,
  totalViewers: null,
  totalViewersCount: null,
};

Deno.test("Feed keeps messages as they are, says so, then tells those who watch", () => {
  const { stage } = newStage();
  const first = liveMessage("chat", { upstreamId: "u1" });
  stage.pass(5).feed([first, liveMessage("follow")]);
  assert.deepEqual(stage.take(), [
    "record live 1",
    "record live 2",
    "confirm 2 through 2",
    "broadcast live 1 droppable",
    "broadcast live 2 droppable",
  ]);
  assert.deepEqual(stage.fed, [{ keptCount: 2, lastSeq: 2 }]);
  assert.deepEqual(stage.effects.events.at(-2), {
    type: "entry",
    entry: {
      roomId: "r",
      seq: 1,
      id: "id1",
      at: START_AT + 5,
      kind: "live",
      actor: null,
      payload: first,
    },
  });
  assert.equal(stage.room.state.lastMessageAt, START_AT + 5);
});

Deno.test("Feed tells at once of all but likes and members, and drops no gift or control", () => {
  const { stage } = newStage();
  for (const type of LIVE_TYPES) {
    stage.feed([liveMessage(type)]);
    const told = stage.take().slice(2);
    const isOwed = type === "gift" || type === "control";
    const seq = stage.room.state.lastSeq;
    const word = `broadcast live ${seq}${isOwed ? "" : " droppable"}`;
    const isLater = type === "like" || type === "member";
    assert.deepEqual(told, isLater ? [] : [word], type);
  }
});

Deno.test("Feed tells likes a second after the first, as one, and chat between them at once", () => {
  const { stage } = newStage();
  stage.feed([
    liveMessage("like", { count: 3 }),
    liveMessage("chat"),
    liveMessage("like", { count: 4 }),
  ]);
  assert.deepEqual(stage.take().slice(3), [
    "confirm 3 through 3",
    "broadcast live 2 droppable",
  ]);
  assert.equal(stage.effects.wakeDueAt, START_AT + 1000);
  stage.pass(999).feed([liveMessage("like")]);
  stage.wake();
  assert.deepEqual(stage.take(), ["record live 4", "confirm 1 through 4"]);
  stage.pass(1).wake();
  assert.deepEqual(stage.take(), ["broadcast 3 likes 1-4 of 8 droppable"]);
  assert.equal(stage.effects.wakeDueAt, undefined);
  assert.equal(stage.room.tally.liveConflated, 3);
});

Deno.test("Feed tells one like of a second as it is, and counts it for no gap", () => {
  const { stage } = newStage();
  stage.feed([liveMessage("like"), liveMessage("chat")]);
  stage.take();
  stage.pass(1000).wake();
  assert.deepEqual(stage.take(), ["broadcast live 1 droppable"]);
  const event = stage.effects.events.at(-1);
  assert(event !== undefined);
  assert.equal(stage.effects.told.get(event)?.isLate, true);
  assert.equal(stage.room.tally.liveConflated, 0);
});

Deno.test("Feed tells likes and members by themselves, in one second", () => {
  const { stage } = newStage();
  stage.feed([liveMessage("member"), liveMessage("like")]);
  stage.pass(500).feed([liveMessage("like"), liveMessage("member")]);
  stage.take();
  stage.pass(500).wake();
  assert.deepEqual(stage.take(), [
    "broadcast 2 likes 2-3 of 2 droppable",
    "broadcast 2 members 1-4 of 2 droppable",
  ]);
});

Deno.test("Feed gathers nothing while nobody watches", () => {
  const stage = new Stage({ start: liveStart() });
  stage.feed([liveMessage("like"), liveMessage("gift")]);
  assert.deepEqual(stage.take().slice(2), ["confirm 2 through 2"]);
  assert.equal(stage.effects.wakeDueAt, undefined);
});

Deno.test("Feed forgets what it gathered for those who have all left", () => {
  const { ann, bob, stage } = newStage();
  stage.feed([liveMessage("like"), liveMessage("like")]);
  stage.leave(ann);
  stage.leave(bob);
  stage.take();
  stage.pass(1000).wake();
  assert.deepEqual(stage.take(), []);
  assert.equal(stage.room.tally.liveConflated, 0);
});

Deno.test("Feed tells what it gathered before a viewer is admitted, who has it from the log", () => {
  const { stage } = newStage();
  stage.feed([liveMessage("like"), liveMessage("like")]);
  stage.take();
  const resume = { sinceSeq: 0, epoch: "epoch-1" };
  stage.pass(300).join("cat", { resume });
  assert.deepEqual(stage.take(), [
    "record opened cat",
    "broadcast 2 likes 1-2 of 2 droppable",
    "send cat welcome",
    "send cat live 1",
    "send cat live 2",
    "admit cat",
  ]);
  stage.feed([liveMessage("like")]);
  stage.take();
  stage.pass(999).wake();
  assert.deepEqual(stage.take(), []);
  stage.pass(1).wake();
  assert.deepEqual(stage.take(), ["broadcast live 3 droppable"]);
});

Deno.test("Feed tells what it gathered before a viewer listens who was sent the log", () => {
  const { stage } = newStage();
  stage.feed(Array.from({ length: 60 }, () => liveMessage("chat")));
  const resume = { sinceSeq: 0, epoch: "epoch-1" };
  const cat = stage.join("cat", { resume });
  stage.feed([liveMessage("like"), liveMessage("like")]);
  stage.take();
  stage.handle({ kind: "replayed", session: cat, throughSeq: 60 });
  assert.deepEqual(stage.take(), [
    "broadcast 2 likes 61-62 of 2 droppable",
    "send cat live 61",
    "send cat live 62",
    "admit cat",
  ]);
});

Deno.test("Feed tells nothing early for a viewer who is refused", () => {
  const { stage } = newStage({ options: { membersMax: 2 } });
  stage.feed([liveMessage("like"), liveMessage("like")]);
  stage.take();
  stage.join("cat");
  assert.deepEqual(stage.take(), [
    "send cat room_full",
    "dismiss cat room_full",
  ]);
});

Deno.test("Feed tells what it gathered before the end of the room", () => {
  const { stage } = newStage();
  stage.feed([liveMessage("like"), liveMessage("like")]);
  stage.take();
  stage.operate({ type: "end", reason: "closed" });
  assert.deepEqual(stage.take(), [
    "broadcast 2 likes 1-2 of 2 droppable",
    "record end 3",
    "broadcast end 3",
    "record closed ann 4003",
    "dismiss ann room_followed",
    "record closed bob 4003",
    "dismiss bob room_followed",
    "answer 3",
  ]);
  stage.pass(1000).wake();
  assert.deepEqual(stage.take(), []);
});

Deno.test("Feed keeps nothing while nothing can be stored, and says when to come again", () => {
  const { stage } = newStage();
  stage.effects.isStorable = false;
  stage.feed([liveMessage()]);
  stage.feed([liveMessage(), liveMessage()]);
  const refusal = "reject storage_unavailable";
  assert.deepEqual(stage.take(), [refusal, refusal]);
  assert.equal(stage.room.state.lastSeq, 0);
  assert.equal(stage.room.state.lastMessageAt, null);
  stage.effects.isStorable = true;
  stage.feed([liveMessage()]);
  assert.deepEqual(stage.fed, [{ keptCount: 1, lastSeq: 1 }]);
});

Deno.test("Feed stops at the first message that cannot be kept", () => {
  const { stage } = newStage();
  const { effects } = stage;
  const record = effects.record.bind(effects);
  let room = 2;
  effects.record = (records) => {
    if (records.length > room) return false;
    room -= records.length;
    return record(records);
  };
  stage.feed([liveMessage(), liveMessage("gift"), liveMessage()]);
  assert.deepEqual(stage.take(), [
    "record live 1",
    "record live 2",
    "confirm 2 through 2",
    "broadcast live 1 droppable",
    "broadcast live 2",
  ]);
  assert.deepEqual(stage.fed, [{ keptCount: 2, lastSeq: 2 }]);
  assert.equal(stage.room.state.lastSeq, 2);
});

Deno.test("Feed is refused once the room has ended", () => {
  const { stage } = newStage();
  stage.operate({ type: "end", reason: "closed" });
  stage.take();
  stage.feed([liveMessage()]);
  assert.deepEqual(stage.take(), ["reject room_ended"]);
});

Deno.test("Feed tells news, remembers how the link stands, and keeps nothing of it", () => {
  const { stage } = newStage();
  const status = linkStatus({ state: "waiting" });
  stage.handle({ kind: "announce", news: { type: "live_status", status } });
  const news = { type: "live_stats", stats: STATS, watchers: 2 } as const;
  stage.handle({ kind: "announce", news });
  assert.deepEqual(stage.take(), [
    "broadcast live_status",
    "broadcast live_stats droppable",
  ]);
  assert.equal(stage.room.state.linkStatus, status);
  assert.equal(stage.room.state.lastSeq, 0);
});

Deno.test("Room lets nobody write where messages come from outside, unless a setting says", () => {
  const { ann, stage } = newStage();
  stage.say(ann, "m1");
  stage.post("bob", { type: "chat", content: "hi" });
  assert.deepEqual(stage.take(), ["send ann read_only", "reject read_only"]);
  const open = newStage({ options: { isLiveChatOpen: true } });
  open.stage.say(open.ann, "m1");
  assert.deepEqual(open.stage.take(), [
    "record message 1",
    "broadcast message 1 droppable",
    "ack ann m1 1",
  ]);
});

Deno.test("Room knows no relay, no notice and no question in a live room", () => {
  const { ann, stage } = newStage({ options: { isLiveChatOpen: true } });
  stage.relay(ann);
  stage.command(ann, { type: "query_room" });
  const notice = { type: "typing", isTyping: true } as const;
  stage.command(ann, { type: "notice", notice });
  stage.command(ann, { type: "read", seqs: [1] });
  const unknown = "send ann unknown_type";
  assert.deepEqual(stage.take(), [unknown, unknown, unknown]);
});

Deno.test("Room tells nobody who comes and goes in a live room", () => {
  const stage = new Stage({ start: liveStart(), areArrivalsHeard: true });
  const ann = stage.join("ann");
  stage.join("bob");
  stage.leave(ann);
  stage.pass(1000).wake();
  assert.deepEqual(stage.take(), [
    "record opened ann",
    "send ann welcome",
    "admit ann",
    "record opened bob",
    "send bob welcome",
    "admit bob",
    "record closed ann 1000",
    "dismiss ann",
  ]);
});
