import assert from "node:assert/strict";
import type { RoomCommand } from "../../src/wire/command.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { FakeSession } from "../support/fake_session.ts";
import { START_AT } from "../support/fake_clock.ts";
import { deviceStart, newMessage, newPenalty, Stage } from "./fixture.ts";

const MUTE: RoomCommand = { type: "mute", userId: "bob" };

const ADMIN_COMMANDS: readonly RoomCommand[] = [
  { type: "kick", userId: "bob" },
  { type: "ban", userId: "bob" },
  { type: "unban", userId: "bob" },
  MUTE,
  { type: "unmute", userId: "bob" },
  { type: "custom_event", eventType: "e", payload: null },
  { type: "delete_message", seq: 1 },
];

Deno.test("Room plays a scene: two join, talk, one is kicked, one leaves", () => {
  const stage = new Stage();
  const admin = stage.joinAdmin();
  const ann = stage.join("ann");
  stage.say(ann, "m1");
  stage.command(admin, { type: "kick", userId: "ann" });
  stage.leave(admin);
  assert.deepEqual(stage.take(), [
    "record opened adm",
    "send adm welcome",
    "admit adm",
    "record opened ann",
    "send ann welcome",
    "admit ann",
    "record message 1",
    "broadcast message 1 droppable",
    "ack ann m1 1",
    "record kick 2",
    "send ann you_are_kicked",
    "record closed ann 4502",
    "dismiss ann user_kicked",
    "broadcast kick 2",
    "record closed adm 1000",
    "dismiss adm",
  ]);
});

Deno.test("Room ignores a command of a session that is not here", () => {
  const stage = new Stage();
  const ann = new FakeSession("ann");
  stage.say(ann, "m1");
  stage.command(new FakeSession("adm", { isProven: true }), MUTE);
  stage.join(ann);
  stage.leave(ann);
  stage.take();
  stage.say(ann, "m1");
  assert.deepEqual(stage.take(), []);
});

Deno.test("Room names the send that a device must repeat after its join", () => {
  const stage = new Stage({ start: deviceStart() });
  const session = new FakeSession("dev-a");
  stage.relay(session, { clientMsgId: "m1" });
  stage.command(session, { type: "query_room" });
  assert.deepEqual(stage.take(), ["send dev-a busy", "send dev-a busy"]);
  const names = stage.effects.events.map((event) =>
    event.type === "error" ? event.clientMsgId : event.type
  );
  assert.deepEqual(names, ["m1", undefined]);
});

Deno.test("Room asks a session to wait whose join is still to come", () => {
  const stage = new Stage();
  stage.say(new FakeSession("ann"), "m1");
  assert.deepEqual(stage.take(), ["send ann busy"]);
});

Deno.test("Room ignores what a session said that was replaced since", () => {
  const stage = new Stage();
  const old = stage.join("ann");
  stage.join("ann", { id: "ann2" });
  stage.take();
  stage.say(old);
  assert.deepEqual(stage.take(), []);
});

Deno.test("Room refuses every admin command of anyone else", () => {
  const stage = new Stage();
  const ann = stage.join("ann", { isProven: true });
  stage.say(ann);
  stage.take();
  for (const command of ADMIN_COMMANDS) {
    stage.command(ann, command);
    assert.deepEqual(stage.take(), ["send ann not_admin"], command.type);
  }
  assert.equal(stage.room.state.lastSeq, 1);
});

Deno.test("Room asks for proof of an admin's id that was only claimed", () => {
  const stage = new Stage();
  const claimant = stage.join("adm");
  stage.take();
  stage.command(claimant, MUTE);
  assert.deepEqual(stage.take(), ["send adm admin_proof_required"]);
  assert(!stage.room.isAdmin(claimant));
});

Deno.test("Room takes a token's word for an admin", () => {
  const stage = new Stage();
  const ann = stage.join("ann", { isTokenAdmin: true });
  stage.take();
  stage.command(ann, MUTE);
  assert.deepEqual(stage.take(), ["record mute 1", "broadcast mute 1"]);
});

Deno.test("Room follows a change of its admins at once", () => {
  const stage = new Stage();
  const admin = stage.joinAdmin();
  const ann = stage.join("ann", { isProven: true });
  stage.operate({ type: "set_admins", userIds: ["ann"] });
  stage.take();
  stage.command(admin, MUTE);
  stage.command(ann, MUTE);
  assert.deepEqual(stage.take(), [
    "send adm not_admin",
    "record mute 2",
    "broadcast mute 2",
  ]);
});

Deno.test("Room tells an admin why a command cannot be done", () => {
  const stage = new Stage({ options: { penaltiesMax: 0 } });
  const admin = stage.joinAdmin();
  stage.take();
  stage.command(admin, { type: "delete_message", seq: 9 });
  stage.command(admin, MUTE);
  stage.effects.isStorable = false;
  stage.command(admin, { type: "custom_event", eventType: "e", payload: 1 });
  assert.deepEqual(stage.take(), [
    "send adm message_not_found",
    "send adm limit_reached",
    "send adm storage_unavailable",
  ]);
  assert.equal(stage.room.state.lastSeq, 0);
});

Deno.test("Room makes no entry of a command that changes nothing", () => {
  const stage = new Stage();
  const admin = stage.joinAdmin();
  stage.take();
  stage.command(admin, { type: "unmute", userId: "bob" });
  assert.deepEqual(stage.take(), []);
});

Deno.test("Room answers an operator with the entry that was made", () => {
  const stage = new Stage();
  const outcomes: unknown[] = [];
  const reply = {
    resolve: (outcome: unknown) => void outcomes.push(outcome),
    reject: () => {},
  };
  const command = { type: "mute", userId: "bob" } as const;
  stage.handle({ kind: "operate", command, reply });
  stage.handle({ kind: "operate", command, reply });
  assert.deepEqual(outcomes, [
    { seq: 1, id: "id1", at: START_AT, isRepeated: false },
    { seq: null, id: null, at: null, isRepeated: false },
  ]);
});

Deno.test("Room takes nothing once it has ended", () => {
  const stage = new Stage({
    start: { mutes: [newPenalty("bob", START_AT + 10)] },
  });
  const admin = stage.joinAdmin();
  stage.operate({ type: "end", reason: "closed" });
  stage.take();
  stage.say(admin);
  stage.command(admin, MUTE);
  stage.operate({ type: "system", message: "m" });
  stage.operate({ type: "end", reason: "closed" });
  stage.pass(2000).wake();
  stage.leave(admin);
  assert.deepEqual(stage.take(), ["reject room_ended", "reject room_ended"]);
  assert.equal(stage.room.state.lastSeq, 1);
  assert.equal(stage.room.nextWakeAt(), undefined);
});

Deno.test("Room wants to be woken for what comes first", () => {
  const stage = new Stage();
  assert.equal(stage.room.nextWakeAt(), undefined);
  stage.operate({ type: "ban", userId: "bob", durationSecs: 9 });
  assert.equal(stage.effects.wakeDueAt, START_AT + 9000);
  stage.operate({ type: "mute", userId: "bob", durationSecs: 5 });
  assert.equal(stage.effects.wakeDueAt, START_AT + 5000);
  stage.join("ann");
  assert.equal(stage.effects.wakeDueAt, START_AT + 1000);
  stage.pass(1000).wake();
  assert.equal(stage.effects.wakeDueAt, START_AT + 5000);
  stage.pass(4000).wake();
  assert.equal(stage.effects.wakeDueAt, START_AT + 9000);
});

Deno.test("Room handles an input at one instant", () => {
  const stage = new Stage();
  const ann = stage.join("ann");
  stage.pass(1234).say(ann);
  stage.operate({ type: "kick", userId: "ann" });
  const times = stage.effects.records.map((record) => {
    if (record.type === "entry") return record.entry.at;
    return record.type === "session_closed" ? record.session.leftAt : undefined;
  });
  assert.deepEqual(times.slice(1), [
    START_AT + 1234,
    START_AT + 1234,
    START_AT + 1234,
  ]);
});

Deno.test("Room goes on with the log that it was recovered with", () => {
  const stage = new Stage({
    start: {
      lastSeq: 41,
      recentSends: [newMessage(41, { clientMsgId: "m1" })],
    },
  });
  const ann = stage.join("ann");
  stage.say(ann, "m1");
  stage.say(ann, "m2");
  assert.deepEqual(stage.take().slice(-4), [
    "ack ann m1 41",
    "record message 42",
    "broadcast message 42 droppable",
    "ack ann m2 42",
  ]);
});

Deno.test("Room knows the named sends of devices that it was recovered with", () => {
  const entry: LogEntry<"relay"> = {
    ...newMessage(41),
    kind: "relay",
    actor: "dev-a",
    payload: {
      identity: "sensor",
      sessionId: "s1",
      text: "1",
      clientMsgId: "m1",
    },
  };
  const start = { ...deviceStart(), lastSeq: 41, recentSends: [entry] };
  const stage = new Stage({ start });
  stage.relay(stage.join("dev-a"), { clientMsgId: "m1" });
  assert.deepEqual(stage.take().slice(-1), ["ack dev-a m1 41"]);
  assert.equal(stage.room.state.lastSeq, 41);
});

Deno.test("Room lets a bug of ours through, for its actor to meet", () => {
  const stage = new Stage();
  const admin = stage.joinAdmin();
  stage.effects.record = () => {
    throw new TypeError("Broken");
  };
  assert.throws(() => stage.command(admin, MUTE), TypeError);
  assert.throws(
    () => stage.operate({ type: "system", message: "m" }),
    TypeError,
  );
});
