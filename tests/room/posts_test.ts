import assert from "node:assert/strict";
import type { PostCommand } from "../../src/wire/command.ts";
import { START_AT } from "../support/fake_clock.ts";
import { chatStart, newPenalty, person, Stage } from "./fixture.ts";

const CHAT: PostCommand = { type: "chat", content: "hi" };
const NAMED: PostCommand = { ...CHAT, clientMsgId: "m1" };

/** What may be posted. */
const COMMANDS: readonly PostCommand[] = [
  CHAT,
  { type: "read", seqs: [1] },
  { type: "delete_message", seq: 1 },
];

function chatStage(start = {}): Stage {
  return new Stage({ start: { ...chatStart(), ...start } });
}

Deno.test("Posts says what a user posts, and answers where it stands", () => {
  const stage = chatStage();
  stage.join("bob");
  stage.take();
  stage.pass(7).post("ann", CHAT);
  assert.deepEqual(stage.take(), [
    "record message 1",
    "broadcast message 1 droppable",
    "answer 1",
  ]);
  const outcome = { seq: 1, id: "id1", at: START_AT + 7, isRepeated: false };
  assert.deepEqual(stage.outcomes, [outcome]);
  const event = stage.effects.events.at(-1);
  assert(event?.type === "entry" && event.entry.kind === "message");
  assert.equal(event.entry.actor, "ann");
  assert.deepEqual(event.entry.payload, {
    nickname: "Ann",
    content: "hi",
    isAdmin: false,
  });
});

Deno.test("Posts tells the user's own sessions as authors", () => {
  const stage = chatStage();
  const ann = stage.join("ann");
  stage.join("bob");
  stage.post("ann", CHAT);
  const event = stage.effects.events.at(-1);
  assert(event);
  assert.deepEqual(stage.effects.told.get(event)?.authors, [ann]);
});

Deno.test("Posts answers a repeated post as the first, also one said on a socket", () => {
  const stage = chatStage();
  const ann = stage.join("ann");
  stage.say(ann, "m1");
  stage.take();
  stage.pass(5).post("ann", NAMED);
  stage.post("ann", NAMED);
  assert.deepEqual(stage.take(), ["answer 1", "answer 1"]);
  assert.deepEqual(stage.outcomes.map(({ at }) => at), [START_AT, START_AT]);
  stage.post("bob", NAMED);
  const repeated = stage.outcomes.map(({ isRepeated }) => isRepeated);
  assert.deepEqual(repeated, [true, true, false]);
  assert.deepEqual(stage.take().slice(0, 1), ["record message 2"]);
});

Deno.test("Posts refuses whoever may have no part in the room", () => {
  const stage = chatStage({ bans: [newPenalty("bob", null)] });
  stage.post("ann", CHAT);
  stage.take();
  for (const command of COMMANDS) {
    stage.post("eve", command);
    assert.deepEqual(stage.take(), ["reject not_participant"], command.type);
    stage.post("bob", command);
    assert.deepEqual(stage.take(), ["reject user_banned"], command.type);
  }
  stage.operate({ type: "end", reason: "closed" });
  stage.take();
  for (const command of COMMANDS) stage.post("ann", command);
  assert.deepEqual(stage.take(), Array(3).fill("reject room_ended"));
});

Deno.test("Posts goes by the rules of a connection: mute, rate, storage", () => {
  const mutes = [newPenalty("bob", null)];
  const stage = chatStage({ slowModeSecs: 3, mutes });
  stage.post("bob", CHAT);
  assert.deepEqual(stage.take(), ["reject user_muted"]);
  const ann = stage.join("ann");
  stage.say(ann);
  stage.take();
  stage.pass(2999).post("ann", CHAT);
  assert.deepEqual(stage.take(), ["reject rate_limited"]);
  stage.pass(1).post("ann", CHAT);
  assert.deepEqual(stage.take().at(-1), "answer 2");
  stage.effects.isStorable = false;
  stage.pass(3000).post("ann", CHAT);
  assert.deepEqual(stage.take(), ["reject storage_unavailable"]);
});

Deno.test("Posts lets proven admins post anywhere, at any rate", () => {
  const stage = chatStage({ slowModeSecs: 3, adminUserIds: ["adm"] });
  const admin = { ...person("adm"), isProven: true };
  stage.post(admin, CHAT);
  stage.post(admin, CHAT);
  assert.deepEqual(stage.outcomes.map(({ seq }) => seq), [1, 2]);
  const event = stage.effects.events.at(-1);
  assert(event?.type === "entry" && event.entry.kind === "message");
  assert(event.entry.payload.isAdmin);
});

Deno.test("Posts takes an own message back in the user's name", () => {
  const stage = chatStage({ mutes: [newPenalty("ann", START_AT + 1)] });
  stage.pass(1).post("ann", CHAT);
  stage.take();
  stage.post("ann", { type: "delete_message", seq: 1 });
  assert.deepEqual(stage.take(), [
    "record delete 2",
    "broadcast delete 2",
    "answer 2",
  ]);
  const event = stage.effects.events.at(-1);
  assert(event?.type === "entry" && event.entry.kind === "delete");
  assert.equal(event.entry.actor, "ann");
  stage.post("ann", { type: "delete_message", seq: 1 });
  assert.deepEqual(stage.take(), ["reject message_not_found"]);
});

Deno.test("Posts marks messages as read, and answers nothing where nothing was", () => {
  const stage = chatStage();
  stage.post("ann", CHAT);
  stage.take();
  stage.post("bob", { type: "read", seqs: [1] });
  stage.post("bob", { type: "read", seqs: [1] });
  assert.deepEqual(stage.take(), [
    "record read 2",
    "broadcast read 2 droppable",
    "answer 2",
    "answer nothing",
  ]);
  const nothing = { seq: null, id: null, at: null, isRepeated: false };
  assert.deepEqual(stage.outcomes.at(-1), nothing);
});
