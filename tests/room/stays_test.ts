import assert from "node:assert/strict";
import type { JoinReply } from "../../src/room/room_input.ts";
import { FakeSession } from "../support/fake_session.ts";
import { START_AT } from "../support/fake_clock.ts";
import { chatStart, deviceStart, newPenalty, Stage } from "./fixture.ts";

const EPOCH = "epoch-1";

/** A stage whose log has so many messages of its admin, and nothing to tell. */
function stageWithLog(count: number, options = {}): Stage {
  const stage = new Stage({ options });
  stage.fill(stage.joinAdmin(), count);
  stage.pass(1000).wake();
  stage.take();
  return stage;
}

/** The words of a join by one who knows the log up to a number. */
function resumeWords(stage: Stage, sinceSeq: number, epoch = EPOCH): string[] {
  stage.join("ann", { resume: { sinceSeq, epoch } });
  return stage.take();
}

Deno.test("Stays welcomes a session before anything else, then lets it listen", () => {
  const stage = new Stage();
  stage.join("ann", { ip: "203.0.113.7" });
  assert.deepEqual(stage.take(), [
    "record opened ann",
    "send ann welcome",
    "admit ann",
  ]);
  assert.deepEqual(stage.effects.records, [{
    type: "session_opened",
    session: {
      id: "ann",
      roomId: "r",
      userId: "ann",
      nickname: "Ann",
      ip: "203.0.113.7",
      joinedAt: START_AT,
      peakUsers: 1,
    },
  }]);
  assert.deepEqual(stage.effects.events, [{
    type: "welcome",
    roomId: "r",
    user: { userId: "ann", nickname: "Ann" },
    isMuted: false,
    sessionId: "ann",
    epoch: EPOCH,
    lastSeq: 0,
    recovered: false,
  }]);
});

Deno.test("Stays tells a muted user so in the welcome", () => {
  const stage = new Stage({ start: { mutes: [newPenalty("ann", null)] } });
  stage.join("ann");
  const [welcome] = stage.effects.events;
  assert(welcome?.type === "welcome" && welcome.isMuted);
});

Deno.test("Stays counts users, joins and the most users at once", () => {
  const stage = new Stage();
  const ann = stage.join("ann");
  stage.join("bob");
  stage.leave(ann);
  stage.join("ann");
  const { presence, peakUsers, totalJoins } = stage.room.state;
  assert.deepEqual([presence.userCount, peakUsers, totalJoins], [2, 2, 3]);
  assert.equal(stage.room.tally.joins, 3);
});

Deno.test("Stays sends a session that resumes what it missed, before it listens", () => {
  const stage = stageWithLog(5);
  assert.deepEqual(resumeWords(stage, 3), [
    "record opened ann",
    "send ann welcome",
    "send ann message 4",
    "send ann message 5",
    "admit ann",
  ]);
  const welcome = stage.effects.events.find((one) =>
    one.type === "welcome" && one.sessionId === "ann"
  );
  assert(welcome?.type === "welcome" && welcome.recovered);
  assert.equal(welcome.lastSeq, 5);
});

Deno.test("Stays sends nothing to a session that missed nothing", () => {
  assert.deepEqual(resumeWords(stageWithLog(5), 5), [
    "record opened ann",
    "send ann welcome",
    "admit ann",
  ]);
});

Deno.test("Stays sends 50 entries at once, and lets more be replayed", () => {
  assert.equal(resumeWords(stageWithLog(60), 11).length, 49 + 3);
  assert.equal(resumeWords(stageWithLog(60), 10).length, 50 + 3);
  assert.deepEqual(resumeWords(stageWithLog(60), 9), [
    "record opened ann",
    "send ann welcome",
    "replay ann after 9",
  ]);
});

Deno.test("Stays lets few but heavy entries be replayed", () => {
  const stage = new Stage();
  const admin = stage.joinAdmin();
  const payload = "x".repeat(60_000);
  for (let count = 0; count < 3; count++) {
    stage.command(admin, { type: "custom_event", eventType: "e", payload });
  }
  stage.take();
  assert.equal(resumeWords(stage, 0).at(-1), "replay ann after 0");
  stage.join("bob", { resume: { sinceSeq: 1, epoch: EPOCH } });
  assert.equal(stage.take().at(-1), "admit bob");
});

Deno.test("Stays lets entries that are not in memory be replayed", () => {
  const stage = new Stage({ start: { lastSeq: 9 } });
  assert.equal(resumeWords(stage, 8).at(-1), "replay ann after 8");
});

Deno.test("Stays names the gap to a session that missed too much", () => {
  const stage = stageWithLog(9, { resumeEntriesMax: 4 });
  assert.deepEqual(resumeWords(stage, 4), [
    "record opened ann",
    "send ann welcome",
    "send ann gap 5-9",
    "admit ann",
  ]);
});

Deno.test("Stays starts a session at the end whose log is another", () => {
  for (const [since, epoch] of [[3, "epoch-0"], [10, EPOCH]] as const) {
    const stage = stageWithLog(9);
    assert.deepEqual(resumeWords(stage, since, epoch), [
      "record opened ann",
      "send ann welcome",
      "admit ann",
    ]);
    const welcome = stage.effects.events.at(-1);
    assert(welcome?.type === "welcome" && !welcome.recovered);
  }
});

Deno.test("Stays sends what came during a replay, then lets the session listen", () => {
  const stage = stageWithLog(60);
  const ann = stage.join("ann", { resume: { sinceSeq: 0, epoch: EPOCH } });
  stage.fill(stage.joinAdmin(), 2);
  stage.handle({ kind: "replayed", session: ann, throughSeq: 60 });
  assert.deepEqual(stage.take(), [
    "send ann message 61",
    "send ann message 62",
    "admit ann",
  ]);
});

Deno.test("Stays goes on with a replay when too much came during the last", () => {
  const stage = stageWithLog(60);
  const ann = stage.join("ann", { resume: { sinceSeq: 0, epoch: EPOCH } });
  stage.take();
  stage.handle({ kind: "replayed", session: ann, throughSeq: 9 });
  assert.deepEqual(stage.take(), ["replay ann after 9"]);
});

Deno.test("Stays forgets the replay of a session that is gone", () => {
  const stage = stageWithLog(60);
  const ann = stage.join("ann", { resume: { sinceSeq: 0, epoch: EPOCH } });
  stage.leave(ann);
  stage.take();
  stage.handle({ kind: "replayed", session: ann, throughSeq: 60 });
  stage.handle({ kind: "replay_failed", session: ann });
  assert.deepEqual(stage.take(), []);
});

Deno.test("Stays ends the stay of a session whose replay failed, and tells", () => {
  const stage = stageWithLog(60);
  const ann = stage.join("ann", { resume: { sinceSeq: 0, epoch: EPOCH } });
  stage.pass(1000).wake();
  stage.take();
  stage.handle({ kind: "replay_failed", session: ann });
  const refusal = stage.effects.events.at(-1);
  assert(refusal?.type === "error" && refusal.retryAfterMs === 5000);
  stage.pass(1000).wake();
  assert.deepEqual(stage.take(), [
    "send ann storage_unavailable",
    "record closed ann 4012",
    "dismiss ann storage_unavailable",
    "broadcast user_left ann droppable except ann",
  ]);
});

Deno.test("Stays replaces the older session of a user with the newer", () => {
  const stage = new Stage();
  const old = stage.join("ann");
  stage.take();
  stage.pass(500).join("ann", { id: "ann2" });
  assert.deepEqual(stage.take(), [
    "record closed ann 4500",
    "record opened ann2",
    "send ann you_are_kicked",
    "dismiss ann session_replaced",
    "send ann2 welcome",
    "admit ann2",
  ]);
  const { presence, peakUsers } = stage.room.state;
  assert.deepEqual([presence.userCount, peakUsers], [1, 1]);
  assert.equal(stage.room.state.emptySinceAt, null);
  stage.leave(old);
  assert.deepEqual(stage.take(), []);
  assert.equal(presence.sessionCount, 1);
});

Deno.test("Stays replaces the oldest session once a user has as many as may be", () => {
  const stage = new Stage({ options: { sessionsPerUserMax: 2 } });
  for (const id of ["ann1", "ann2", "ann3", "ann4"]) stage.join("ann", { id });
  const closed = stage.take().filter((word) =>
    word.startsWith("record closed")
  );
  assert.deepEqual(closed, [
    "record closed ann1 4500",
    "record closed ann2 4500",
  ]);
  const { presence } = stage.room.state;
  assert.deepEqual(presence.sessionsOf("ann").map(({ id }) => id), [
    "ann3",
    "ann4",
  ]);
  assert.deepEqual([presence.userCount, presence.sessionCount], [1, 2]);
});

Deno.test("Stays refuses a user past the room's bound", () => {
  const stage = new Stage({ options: { membersMax: 2 } });
  stage.join("ann");
  stage.join("bob");
  stage.take();
  stage.join("cid");
  assert.deepEqual(stage.take(), [
    "send cid room_full",
    "dismiss cid room_full",
  ]);
  assert.deepEqual([stage.room.state.totalJoins, stage.room.tally.joins], [
    2,
    2,
  ]);
});

Deno.test("Stays counts users and not sessions towards the bound", () => {
  const options = { membersMax: 1, sessionsPerUserMax: 2 };
  const stage = new Stage({ options });
  stage.join("ann");
  stage.join("ann", { id: "ann2" });
  stage.join("ann", { id: "ann3" });
  assert.equal(stage.room.state.presence.sessionCount, 2);
});

Deno.test("Stays goes by the room's own bound when it has one", () => {
  const stage = new Stage({ start: { membersMax: 1 } });
  stage.join("ann");
  stage.take();
  stage.join("bob");
  assert.deepEqual(stage.take(), [
    "send bob room_full",
    "dismiss bob room_full",
  ]);
});

Deno.test("Stays refuses a banned user until the ban ends", () => {
  const bans = [newPenalty("ann", START_AT + 1000), newPenalty("bob", null)];
  const stage = new Stage({ start: { bans } });
  stage.pass(999);
  const ann = stage.join("ann");
  stage.join("bob");
  assert.deepEqual(stage.take(), [
    "send ann user_banned",
    "dismiss ann user_banned",
    "send bob user_banned",
    "dismiss bob user_banned",
  ]);
  stage.pass(1).join(ann);
  assert.equal(stage.take().at(-1), "admit ann");
});

Deno.test("Stays refuses everyone once the room has ended", () => {
  const stage = new Stage();
  stage.operate({ type: "end", reason: "closed" });
  stage.take();
  stage.join("ann");
  assert.deepEqual(stage.take(), [
    "send ann room_ended",
    "dismiss ann room_ended",
  ]);
});

Deno.test("Stays refuses a session that cannot be recorded, and keeps the older", () => {
  const stage = new Stage();
  const old = stage.join("ann");
  stage.take();
  stage.effects.isStorable = false;
  stage.join("ann", { id: "ann2" });
  assert.deepEqual(stage.take(), [
    "send ann2 storage_unavailable",
    "dismiss ann2 storage_unavailable",
  ]);
  assert(stage.room.state.presence.has(old));
  assert.equal(stage.room.state.totalJoins, 1);
});

Deno.test("Stays records when and how a stay ended, also when storage fails", () => {
  const stage = new Stage();
  const ann = stage.join("ann");
  stage.take();
  stage.effects.isStorable = false;
  stage.pass(7000).leave(ann, 1006);
  assert.deepEqual(stage.take(), ["record closed ann 1006", "dismiss ann"]);
  assert.deepEqual(stage.effects.records.at(-1), {
    type: "session_closed",
    session: {
      id: "ann",
      roomId: "r",
      leftAt: START_AT + 7000,
      closeCode: 1006,
    },
  });
});

Deno.test("Stays knows since when nobody is here", () => {
  const stage = new Stage();
  const { state } = stage.room;
  assert.equal(state.emptySinceAt, START_AT);
  const ann = stage.join("ann");
  const bob = stage.join("bob");
  stage.pass(10).leave(ann);
  assert.equal(state.emptySinceAt, null);
  stage.pass(10).leave(bob);
  assert.equal(state.emptySinceAt, START_AT + 20);
});

Deno.test("Stays ends a stay once", () => {
  const stage = new Stage();
  const ann = stage.join("ann");
  stage.leave(ann);
  stage.take();
  stage.leave(ann);
  assert.deepEqual(stage.take(), []);
});

Deno.test("Stays opens no stay for a session whose leave came first", () => {
  const stage = new Stage();
  const ann = new FakeSession("ann");
  stage.leave(ann);
  stage.join(ann);
  assert.deepEqual(stage.take(), []);
  assert.equal(stage.room.state.presence.userCount, 0);
  stage.join("ann");
  assert.equal(stage.room.state.presence.userCount, 1);
});

Deno.test("Stays tells of one join a second later, but not the one who joined", () => {
  const stage = new Stage();
  stage.join("ann");
  stage.take();
  assert.equal(stage.effects.wakeDueAt, START_AT + 1000);
  stage.pass(999).wake();
  assert.deepEqual(stage.take(), []);
  stage.pass(1).wake();
  assert.deepEqual(stage.take(), [
    "broadcast user_joined ann droppable except ann",
  ]);
  assert.equal(stage.effects.wakeDueAt, undefined);
});

Deno.test("Stays tells of one leave a second later", () => {
  const stage = stageWithLog(0);
  const ann = stage.join("ann");
  stage.pass(1000).wake();
  stage.leave(ann);
  stage.take();
  stage.pass(1000).wake();
  assert.deepEqual(stage.take(), [
    "broadcast user_left ann droppable except ann",
  ]);
});

Deno.test("Stays tells of more than one change by their count", () => {
  const twoJoins = new Stage();
  twoJoins.join("ann");
  twoJoins.join("bob");
  twoJoins.take();
  twoJoins.pass(1000).wake();
  assert.deepEqual(twoJoins.take(), ["broadcast room_stats 2/2 droppable"]);

  const joinAndLeave = new Stage();
  const ann = joinAndLeave.join("ann");
  joinAndLeave.leave(ann);
  joinAndLeave.take();
  joinAndLeave.pass(1000).wake();
  assert.deepEqual(joinAndLeave.take(), ["broadcast room_stats 0/1 droppable"]);
});

Deno.test("Stays tells at most once a second, and all of it", () => {
  const stage = new Stage({ options: { membersMax: 100 } });
  stage.join("u0");
  const told: number[] = [];
  for (let tick = 1; tick <= 50; tick++) {
    stage.pass(100);
    if (tick <= 30) stage.join(`u${tick}`);
    stage.take();
    stage.wake();
    if (stage.take().length > 0) told.push(tick);
  }
  assert.deepEqual(told, [10, 21, 32]);
  const stats = stage.effects.events.at(-1);
  assert(stats?.type === "room_stats" && stats.currentUsers === 31);
});

Deno.test("Stays tells of no leave while another session of the user is here", () => {
  const stage = new Stage({ options: { sessionsPerUserMax: 2 } });
  const ann = stage.join("ann");
  stage.join("ann", { id: "ann2" });
  stage.pass(1000).wake();
  stage.leave(ann);
  stage.take();
  stage.pass(1000).wake();
  assert.deepEqual(stage.take(), []);
});

Deno.test("Stays tells nobody of another session of a user who is here", () => {
  const stage = new Stage({ options: { sessionsPerUserMax: 2 } });
  stage.join("bob");
  stage.join("ann", { id: "ann1" });
  stage.pass(1000).wake();
  stage.take();
  stage.join("ann", { id: "ann2" });
  assert.equal(stage.room.nextWakeAt(), undefined);
});

Deno.test("Stays lets a session that was refused say nothing more", () => {
  const stage = new Stage({ start: chatStart() });
  const eve = stage.join("eve");
  assert.deepEqual(stage.take(), [
    "send eve not_participant",
    "dismiss eve not_participant",
  ]);
  stage.say(eve, "m1");
  assert.deepEqual(stage.take(), []);
});

/** A reply whose words stand among the stage's. */
function replyTo(stage: Stage): JoinReply {
  const { words } = stage.effects;
  return {
    joined: ({ lastSeq }) => void words.push(`joined ${lastSeq}`),
    refused: (code) => void words.push(`refused ${code}`),
  };
}

/** Joins with a reply, as a session that nobody is told of. */
function joinWithReply(stage: Stage, userId: string, id = userId): FakeSession {
  const session = new FakeSession(userId, { id });
  const reply = replyTo(stage);
  stage.handle({ kind: "join", session, resume: null, reply });
  return session;
}

Deno.test("Stays tells a reply of a join before the session hears of it", () => {
  const stage = stageWithLog(2);
  joinWithReply(stage, "ann");
  assert.deepEqual(stage.take(), [
    "record opened ann",
    "joined 2",
    "send ann welcome",
    "admit ann",
  ]);
});

Deno.test("Stays tells a reply of a refusal, and the session nothing", () => {
  const bans = [newPenalty("ann", null)];
  const stage = new Stage({ start: { bans } });
  const ann = joinWithReply(stage, "ann");
  assert.deepEqual(stage.take(), ["refused user_banned"]);
  stage.effects.isStorable = false;
  joinWithReply(stage, "bob");
  assert.deepEqual(stage.take(), ["refused storage_unavailable"]);
  stage.effects.isStorable = true;
  stage.operate({ type: "end", reason: "closed" });
  stage.take();
  joinWithReply(stage, "bob");
  assert.deepEqual(stage.take(), ["refused room_ended"]);
  // It is in another room perhaps, and hears nothing of this one.
  stage.say(ann);
  stage.leave(ann);
  assert.deepEqual(stage.take(), []);
});

Deno.test("Stays answers the reply of a session that left before its join", () => {
  const stage = new Stage();
  const ann = new FakeSession("ann");
  stage.leave(ann);
  const reply = replyTo(stage);
  stage.handle({ kind: "join", session: ann, resume: null, reply });
  assert.deepEqual(stage.take(), ["refused disconnected"]);
  assert.equal(stage.room.state.presence.sessionCount, 0);
});

Deno.test("Stays tells nobody in a device room who comes and goes", () => {
  const stage = new Stage({ start: deviceStart(), areArrivalsHeard: true });
  stage.join("dev-a");
  const b = stage.join("dev-b");
  stage.leave(b);
  stage.operate({ type: "kick", userId: "dev-a" });
  assert.equal(stage.effects.wakeDueAt, undefined);
  stage.pass(60_000).wake();
  assert.deepEqual(stage.take(), [
    "record opened dev-a",
    "send dev-a welcome",
    "admit dev-a",
    "record opened dev-b",
    "send dev-b welcome",
    "admit dev-b",
    "record closed dev-b 1000",
    "dismiss dev-b",
    "record kick 1",
    "send dev-a you_are_kicked",
    "record closed dev-a 4502",
    "dismiss dev-a user_kicked",
    "broadcast kick 1",
    "answer 1",
  ]);
});

Deno.test("Stays tells nobody of a device that was sent the log first", () => {
  const stage = new Stage({
    start: { ...deviceStart(), lastSeq: 9 },
    areArrivalsHeard: true,
  });
  const resume = { sinceSeq: 3, epoch: EPOCH };
  const session = stage.join("dev-a", { resume });
  stage.handle({ kind: "replayed", session, throughSeq: 9 });
  assert.deepEqual(stage.take().slice(-2), [
    "replay dev-a after 3",
    "admit dev-a",
  ]);
});

Deno.test("Stays says in a device room from where to where a stay heard the log", () => {
  const options = { sessionsPerUserMax: 1 };
  const stage = new Stage({ start: deviceStart(), options });
  const a = stage.join("dev-a");
  stage.relay(a);
  stage.relay(a);
  stage.join("dev-a", { id: "newer" });
  stage.operate({ type: "end", reason: "closed" });
  const marks = stage.effects.records.flatMap((record): unknown[] => {
    if (record.type === "session_opened") {
      return [[record.session.id, "after", record.session.afterSeq]];
    }
    if (record.type !== "session_closed") return [];
    return [[record.session.id, "through", record.session.throughSeq]];
  });
  assert.deepEqual(marks, [
    ["dev-a", "after", 0],
    ["dev-a", "through", 2],
    ["newer", "after", 2],
    ["newer", "through", 3],
  ]);
});

Deno.test("Stays empties a device room's memory once its last session is gone", () => {
  const stage = new Stage({ start: deviceStart() });
  const a = stage.join("dev-a");
  const b = stage.join("dev-b");
  stage.relay(a);
  stage.relay(a);
  const { recent } = stage.room.state;
  stage.leave(a);
  assert(recent.covers(0));
  stage.leave(b);
  assert.equal(recent.lastSeq, 2);
  assert(recent.covers(2) && !recent.covers(1));
  stage.take();
  assert.deepEqual(resumeWords(stage, 2), [
    "record opened ann",
    "send ann welcome",
    "admit ann",
  ]);
  stage.join("bob", { resume: { sinceSeq: 1, epoch: EPOCH } });
  assert.equal(stage.take().at(-1), "replay bob after 1");
});

Deno.test("Stays empties a device room's memory when its last device is put out", () => {
  const stage = new Stage({ start: deviceStart() });
  stage.relay(stage.join("dev-a"));
  stage.operate({ type: "kick", userId: "dev-a" });
  assert(!stage.room.state.recent.covers(1));
});

Deno.test("Stays keeps a device room's memory for a newer session of its last", () => {
  const options = { sessionsPerUserMax: 1 };
  const stage = new Stage({ start: deviceStart(), options });
  stage.relay(stage.join("dev-a"));
  stage.join("dev-a", { id: "newer" });
  assert(stage.room.state.recent.covers(0));
});

Deno.test("Stays keeps the memory of a room of users that is empty", () => {
  for (const start of [{}, chatStart()]) {
    const stage = new Stage({ start, options: { chatIntervalMs: 0 } });
    const ann = stage.join("ann");
    stage.say(ann);
    stage.leave(ann);
    assert(stage.room.state.recent.covers(0));
  }
});
