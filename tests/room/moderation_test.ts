import assert from "node:assert/strict";
import type { OperatorCommand } from "../../src/wire/command.ts";
import { closeCodeOf, type ErrorCode } from "../../src/wire/errors.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  deviceStart,
  newPenalty,
  Stage,
  type StageOptions,
} from "./fixture.ts";

/** A room with Ann and Bob in it, and nothing to tell. */
function newStage(options: StageOptions = {}) {
  const stage = new Stage(options);
  const ann = stage.join("ann");
  const bob = stage.join("bob");
  stage.pass(1000).wake();
  stage.take();
  return { stage, ann, bob };
}

/** What the operator's commands come to, one after the other. */
function operate(stage: Stage, ...commands: OperatorCommand[]): string[] {
  stage.take();
  for (const command of commands) stage.operate(command);
  return stage.take();
}

/** The words of one change of the log. */
function changed(kind: string, seq: number): string[] {
  return [`record ${kind} ${seq}`, `broadcast ${kind} ${seq}`, `answer ${seq}`];
}

/** The words of one user put out. */
function putOut(id: string, code: ErrorCode): string[] {
  return [
    `send ${id} you_are_kicked`,
    `record closed ${id} ${closeCodeOf(code)}`,
    `dismiss ${id} ${code}`,
  ];
}

function lastEntry(stage: Stage) {
  const record = stage.effects.records.findLast((one) => one.type === "entry");
  assert(record?.type === "entry");
  const { kind, actor, payload } = record.entry;
  return { kind, actor, payload };
}

const KICK: OperatorCommand = { type: "kick", userId: "ann" };
const BAN: OperatorCommand = { type: "ban", userId: "ann" };
const MUTE: OperatorCommand = { type: "mute", userId: "ann" };
const UNBAN: OperatorCommand = { type: "unban", userId: "ann" };
const UNMUTE: OperatorCommand = { type: "unmute", userId: "ann" };

Deno.test("Moderation kicks: the target is put out, then the others hear of it", () => {
  const { stage } = newStage();
  assert.deepEqual(operate(stage, KICK), [
    "record kick 1",
    ...putOut("ann", "user_kicked"),
    "broadcast kick 1",
    "answer 1",
  ]);
  assert.deepEqual(lastEntry(stage), {
    kind: "kick",
    actor: null,
    payload: { userId: "ann" },
  });
});

Deno.test("Moderation makes a kick a lasting ban, until it is lifted", () => {
  const { stage, ann } = newStage();
  operate(stage, KICK);
  stage.pass(10 * 365 * 86_400_000).join(ann);
  assert.deepEqual(stage.take(), [
    "send ann user_banned",
    "dismiss ann user_banned",
  ]);
  assert.deepEqual(operate(stage, UNBAN), changed("unban", 2));
  stage.join(ann);
  assert.equal(stage.take().at(-1), "admit ann");
});

Deno.test("Moderation kicks a user who is away, once", () => {
  const { stage } = newStage();
  const kick: OperatorCommand = { type: "kick", userId: "cid" };
  assert.deepEqual(operate(stage, kick, kick), [
    ...changed("kick", 1),
    "answer nothing",
  ]);
});

Deno.test("Moderation puts all sessions of a user out, and tells of one leave", () => {
  const { stage } = newStage({ options: { sessionsPerUserMax: 2 } });
  stage.join("ann", { id: "ann2" });
  stage.pass(1000).wake();
  assert.deepEqual(operate(stage, KICK).slice(1, -2), [
    ...putOut("ann", "user_kicked"),
    ...putOut("ann2", "user_kicked"),
  ]);
  stage.pass(1000).wake();
  assert.deepEqual(stage.take(), [
    "broadcast user_left ann droppable except ann2",
  ]);
});

Deno.test("Moderation says who kicked", () => {
  const { stage } = newStage();
  stage.command(stage.joinAdmin(), { type: "kick", userId: "ann" });
  assert.equal(lastEntry(stage).actor, "adm");
});

Deno.test("Moderation bans for a time, which ends by itself at its wake", () => {
  const { stage, ann } = newStage();
  const until = stage.now + 60_000;
  assert.deepEqual(operate(stage, { ...BAN, durationSecs: 60 }), [
    "record ban 1",
    ...putOut("ann", "user_banned"),
    "broadcast ban 1",
    "answer 1",
  ]);
  assert.deepEqual(lastEntry(stage).payload, { userId: "ann", until });
  stage.pass(1000).wake();
  assert.equal(stage.effects.wakeDueAt, until);
  stage.take();
  stage.pass(58_999).wake();
  assert.deepEqual(stage.take(), []);
  stage.join(ann);
  assert.equal(stage.take().at(-1), "dismiss ann user_banned");
  stage.pass(1).wake();
  assert.deepEqual(stage.take(), ["record unban 2", "broadcast unban 2"]);
  assert.equal(stage.effects.wakeDueAt, undefined);
  stage.join(ann);
  assert.equal(stage.take().at(-1), "admit ann");
});

Deno.test("Moderation bans for good when told no time", () => {
  const { stage } = newStage();
  operate(stage, BAN);
  assert.deepEqual(lastEntry(stage).payload, { userId: "ann", until: null });
  assert.deepEqual(operate(stage, BAN, KICK), [
    "answer nothing",
    "answer nothing",
  ]);
});

Deno.test("Moderation puts another ban in place of a timed one", () => {
  const { stage } = newStage();
  operate(stage, { ...BAN, durationSecs: 60 });
  assert.deepEqual(operate(stage, BAN), changed("ban", 2));
  stage.pass(60_000).wake();
  assert.deepEqual(
    stage.take().filter((word) => word.startsWith("record")),
    [],
  );
  assert(stage.room.state.bans.find("ann", stage.now));
});

Deno.test("Moderation mutes without a word to the muted but what all hear", () => {
  const { stage, ann } = newStage();
  assert.deepEqual(operate(stage, MUTE), changed("mute", 1));
  assert.deepEqual(lastEntry(stage).payload, { userId: "ann", until: null });
  stage.say(ann);
  assert.deepEqual(stage.take(), ["send ann you_are_muted"]);
  assert.deepEqual(operate(stage, UNMUTE), changed("unmute", 2));
  stage.say(ann);
  assert.equal(stage.take()[0], "record message 3");
});

Deno.test("Moderation mutes for a time, which ends by itself at its wake", () => {
  const { stage, ann } = newStage();
  operate(stage, { ...MUTE, durationSecs: 60 });
  assert.equal(stage.effects.wakeDueAt, stage.now + 60_000);
  stage.pass(59_999).wake();
  stage.say(ann);
  assert.deepEqual(stage.take(), ["send ann you_are_muted"]);
  stage.pass(1).wake();
  assert.deepEqual(stage.take(), ["record unmute 2", "broadcast unmute 2"]);
  assert.equal(lastEntry(stage).actor, null);
  stage.say(ann);
  assert.equal(stage.take()[0], "record message 3");
});

Deno.test("Moderation lifts nothing that does not stand", () => {
  const { stage } = newStage();
  assert.deepEqual(operate(stage, UNBAN, UNMUTE), [
    "answer nothing",
    "answer nothing",
  ]);
});

Deno.test("Moderation mutes again only when it makes a difference", () => {
  const { stage } = newStage();
  const forAMinute = { ...MUTE, durationSecs: 60 };
  assert.deepEqual(operate(stage, MUTE, MUTE), [
    ...changed("mute", 1),
    "answer nothing",
  ]);
  assert.deepEqual(operate(stage, forAMinute, forAMinute), [
    ...changed("mute", 2),
    "answer nothing",
  ]);
  stage.pass(1000);
  assert.deepEqual(operate(stage, forAMinute), changed("mute", 3));
});

Deno.test("Moderation expires bans and mutes that a restart found", () => {
  const stage = new Stage({
    start: {
      bans: [newPenalty("ann", START_AT - 1), newPenalty("bob", START_AT + 1)],
      mutes: [newPenalty("cid", START_AT)],
    },
  });
  assert.equal(stage.room.nextWakeAt(), START_AT - 1);
  stage.wake();
  assert.deepEqual(stage.take(), [
    "record unban 1",
    "broadcast unban 1",
    "record unmute 2",
    "broadcast unmute 2",
  ]);
  assert.equal(stage.effects.wakeDueAt, START_AT + 1);
});

Deno.test("Moderation lets a penalty end although its end cannot be stored", () => {
  const { stage, ann } = newStage();
  operate(stage, { ...MUTE, durationSecs: 60 });
  stage.effects.isStorable = false;
  stage.pass(60_000).wake();
  assert.deepEqual(stage.take(), []);
  stage.effects.isStorable = true;
  stage.say(ann);
  assert.equal(stage.take()[0], "record message 2");
  stage.wake();
  assert.deepEqual(stage.take(), ["record unmute 3", "broadcast unmute 3"]);
});

Deno.test("Moderation lets a bug of ours through while it expires", () => {
  const { stage } = newStage();
  operate(stage, { ...MUTE, durationSecs: 60 });
  stage.effects.record = () => {
    throw new TypeError("Broken");
  };
  assert.throws(() => stage.pass(60_000).wake(), TypeError);
});

Deno.test("Moderation holds as many bans, and as many mutes, as it may", () => {
  const { stage } = newStage({ options: { penaltiesMax: 2 } });
  for (const [type, lift] of [["ban", "unban"], ["mute", "unmute"]] as const) {
    const words = operate(
      stage,
      { type, userId: "cid" },
      { type, userId: "dan" },
      { type, userId: "eve" },
      { type, userId: "dan", durationSecs: 60 },
      { type: lift, userId: "cid" },
      { type, userId: "eve" },
    );
    const isKept = words.filter((word) => /^(answer|reject)/.test(word))
      .map((word) => word.startsWith("answer") || word);
    assert.deepEqual(isKept, [
      true,
      true,
      "reject limit_reached",
      true,
      true,
      true,
    ]);
  }
});

Deno.test("Moderation puts nobody out whose ban it cannot hold", () => {
  const { stage, ann } = newStage({ options: { penaltiesMax: 1 } });
  operate(stage, { type: "ban", userId: "cid" });
  assert.deepEqual(operate(stage, KICK, BAN), [
    "reject limit_reached",
    "reject limit_reached",
  ]);
  assert(stage.room.state.presence.has(ann));
});

Deno.test("Moderation passes a custom event on as it is", () => {
  const { stage } = newStage();
  const payload = { gift: [1, { x: null }] };
  const event = { type: "custom_event", eventType: "gift", payload } as const;
  assert.deepEqual(operate(stage, event), changed("custom_event", 1));
  assert.deepEqual(lastEntry(stage).payload, { eventType: "gift", payload });
});

Deno.test("Moderation says a notice to all", () => {
  const { stage } = newStage();
  const notice = { type: "system", message: "维护" } as const;
  assert.deepEqual(operate(stage, notice), changed("system", 1));
  assert.deepEqual(lastEntry(stage).payload, { message: "维护" });
});

Deno.test("Moderation takes a message back, once", () => {
  const { stage, ann } = newStage();
  stage.say(ann, "m1");
  const remove = { type: "delete_message", seq: 1 } as const;
  assert.deepEqual(operate(stage, remove, remove), [
    ...changed("delete", 2),
    "reject message_not_found",
  ]);
  const gone = stage.room.state.recent.get(1);
  assert(gone?.kind === "message");
  assert.deepEqual([gone.payload.content, gone.payload.deleted], ["", true]);
});

Deno.test("Moderation takes back nothing but messages of the log", () => {
  const { stage } = newStage();
  operate(stage, MUTE);
  assert.deepEqual(
    operate(
      stage,
      { type: "delete_message", seq: 1 },
      { type: "delete_message", seq: 2 },
    ),
    ["reject message_not_found", "reject message_not_found"],
  );
  assert.equal(stage.room.state.lastSeq, 1);
});

Deno.test("Moderation takes back a message that left the memory", () => {
  const { stage } = newStage({ start: { lastSeq: 9 } });
  const remove = { type: "delete_message", seq: 3 } as const;
  assert.deepEqual(operate(stage, remove), changed("delete", 10));
});

Deno.test("Moderation replaces the admins, when they are others", () => {
  const { stage } = newStage();
  const others = ["ann", "bob", "ann"];
  assert.deepEqual(operate(stage, { type: "set_admins", userIds: others }), [
    ...changed("admins", 1),
  ]);
  assert.deepEqual(lastEntry(stage).payload, { userIds: ["ann", "bob"] });
  assert.deepEqual([...stage.room.state.adminUserIds], ["ann", "bob"]);
  assert.deepEqual(
    operate(
      stage,
      { type: "set_admins", userIds: ["bob", "ann"] },
      { type: "set_admins", userIds: ["bob", "cid"] },
      { type: "set_admins", userIds: [] },
    ),
    ["answer nothing", ...changed("admins", 2), ...changed("admins", 3)],
  );
});

Deno.test("Moderation changes settings, and tells only of those that changed", () => {
  const { stage } = newStage();
  const settings = { name: "Room", slowModeSecs: 5, pinned: "Hi" };
  assert.deepEqual(
    operate(stage, { type: "set_settings", settings }),
    changed("settings", 1),
  );
  assert.deepEqual(lastEntry(stage).payload, { slowModeSecs: 5, pinned: "Hi" });
  assert.deepEqual(stage.room.state.settings, {
    ...settings,
    membersMax: null,
  });
  assert.deepEqual(operate(stage, { type: "set_settings", settings }), [
    "answer nothing",
  ]);
});

Deno.test("Moderation ends a room: all hear it, all are put out", () => {
  const { stage } = newStage();
  assert.deepEqual(operate(stage, { type: "end", reason: "closed" }), [
    "record end 1",
    "broadcast end 1",
    "record closed ann 4504",
    "dismiss ann room_ended",
    "record closed bob 4504",
    "dismiss bob room_ended",
    "answer 1",
  ]);
  assert.deepEqual(lastEntry(stage).payload, { reason: "closed" });
  assert(stage.room.state.isEnded);
  assert.equal(stage.room.state.presence.userCount, 0);
  assert.equal(stage.effects.wakeDueAt, undefined);
});

Deno.test("Moderation sends devices of a room that ends to another", () => {
  const stage = new Stage({ start: deviceStart() });
  stage.join("dev-a");
  stage.take();
  assert.deepEqual(operate(stage, { type: "end", reason: "reaped" }), [
    "record end 1",
    "broadcast end 1",
    "record closed dev-a 4003",
    "dismiss dev-a room_followed",
    "answer 1",
  ]);
  stage.join("dev-b");
  assert.deepEqual(stage.take(), [
    "send dev-b room_ended",
    "dismiss dev-b room_ended",
  ]);
});

/** A command of each kind, each of which would change something. */
const COMMANDS: readonly OperatorCommand[] = [
  { type: "kick", userId: "bob" },
  { type: "ban", userId: "bob" },
  { type: "unban", userId: "cid" },
  { type: "mute", userId: "bob" },
  { type: "unmute", userId: "dan" },
  { type: "custom_event", eventType: "e", payload: null },
  { type: "delete_message", seq: 1 },
  { type: "system", message: "m" },
  { type: "set_admins", userIds: ["ann"] },
  { type: "set_settings", settings: { name: "New" } },
  { type: "end", reason: "reaped" },
];

/** All that a refused command must leave as it was. */
function stateOf({ now, room: { state } }: Stage): unknown {
  return {
    lastSeq: state.lastSeq,
    bans: state.bans.list(now),
    mutes: state.mutes.list(now),
    admins: [...state.adminUserIds],
    settings: { ...state.settings },
    isEnded: state.isEnded,
    first: state.recent.get(1),
    here: [...state.presence.sessions()].map(({ id }) => id),
  };
}

Deno.test("Moderation refuses what cannot be stored, and changes nothing", () => {
  for (const command of COMMANDS) {
    const { stage, ann } = newStage({
      start: {
        bans: [newPenalty("cid", null)],
        mutes: [newPenalty("dan", null)],
      },
    });
    stage.say(ann);
    const before = stateOf(stage);
    stage.effects.isStorable = false;
    assert.deepEqual(
      operate(stage, command),
      ["reject storage_unavailable"],
      command.type,
    );
    assert.deepEqual(stateOf(stage), before, command.type);
    stage.effects.isStorable = true;
    assert.equal(operate(stage, command).at(-1), "answer 2", command.type);
    assert.notDeepEqual(stateOf(stage), before, command.type);
  }
});
