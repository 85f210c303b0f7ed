import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import { newMessage, newPenalty, Stage } from "./fixture.ts";

/** Ann's message as it is when all is well. */
function spoken(seq: number): string[] {
  return [`record message ${seq}`, `broadcast message ${seq} droppable`];
}

/** A room with Ann in it. */
function stageWithAnn(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  const ann = stage.join("ann");
  stage.take();
  return { stage, ann };
}

Deno.test("Talk records a message, then says it to all", () => {
  const { stage, ann } = stageWithAnn();
  stage.pass(5).say(ann);
  assert.deepEqual(stage.take(), spoken(1));
  const event = stage.effects.events.at(-1);
  assert(event?.type === "entry");
  assert.deepEqual(event.entry, {
    ...newMessage(1),
    id: "id1",
    at: START_AT + 5,
  });
  assert.equal(stage.room.state.lastMessageAt, START_AT + 5);
  assert.equal(stage.room.tally.accepted, 1);
});

Deno.test("Talk marks what an admin says", () => {
  const { stage } = stageWithAnn();
  stage.say(stage.joinAdmin());
  const event = stage.effects.events.at(-1);
  assert(event?.type === "entry" && event.entry.kind === "message");
  assert(event.entry.payload.isAdmin);
});

Deno.test("Talk keeps what a message is and names, and nothing it does not", () => {
  const { stage, ann } = stageWithAnn({ start: { slowModeSecs: 0 } });
  const more = {
    messageType: "image",
    fileUrl: "/a.png",
    fileName: "a.png",
    senderType: "agent",
  } as const;
  stage.command(ann, { type: "chat", content: "hi", ...more });
  stage.say(ann);
  const payloads = stage.effects.events.flatMap((event) =>
    event.type === "entry" ? [event.entry.payload] : []
  );
  const plain = { nickname: "Ann", content: "hi", isAdmin: false };
  assert.deepEqual(payloads, [{ ...plain, ...more }, plain]);
});

Deno.test("Talk acknowledges a named message after it was said", () => {
  const { stage, ann } = stageWithAnn();
  stage.say(ann, "m1");
  assert.deepEqual(stage.take(), [...spoken(1), "ack ann m1 1"]);
  assert.deepEqual(stage.effects.acks, [{
    type: "ack",
    clientMsgId: "m1",
    id: "id1",
    seq: 1,
    durability: "journal",
  }]);
  const event = stage.effects.events.at(-1);
  assert(event?.type === "entry" && event.entry.kind === "message");
  assert.equal(event.entry.payload.clientMsgId, "m1");
});

Deno.test("Talk answers a muted user with YouAreMuted until the mute ends", () => {
  const until = START_AT + 1000;
  const mutes = [newPenalty("ann", until)];
  const { stage, ann } = stageWithAnn({ start: { mutes } });
  stage.pass(999).say(ann);
  assert.deepEqual(stage.take(), ["send ann you_are_muted"]);
  assert.deepEqual(stage.effects.events.at(-1), {
    type: "you_are_muted",
    until,
  });
  stage.pass(1).say(ann);
  assert.deepEqual(stage.take(), spoken(1));
});

Deno.test("Talk makes a muted message cost no waiting time", () => {
  const mutes = [newPenalty("ann", START_AT + 1000)];
  const { stage, ann } = stageWithAnn({ start: { mutes } });
  stage.say(ann);
  stage.pass(1000).say(ann);
  assert.deepEqual(stage.take().slice(1), spoken(1));
});

Deno.test("Talk refuses a message within the interval of the last", () => {
  const { stage, ann } = stageWithAnn();
  stage.say(ann);
  stage.take();
  stage.pass(2999).say(ann, "m2");
  assert.deepEqual(stage.take(), ["send ann rate_limited"]);
  assert.deepEqual(stage.effects.events.at(-1), {
    type: "error",
    code: "rate_limited",
    retryAfterMs: 1,
    clientMsgId: "m2",
  });
  stage.pass(1).say(ann, "m2");
  assert.deepEqual(stage.take(), [...spoken(2), "ack ann m2 2"]);
});

Deno.test("Talk counts the interval from what was accepted, not from refusals", () => {
  const { stage, ann } = stageWithAnn();
  stage.say(ann);
  for (let second = 1; second <= 2; second++) stage.pass(1000).say(ann);
  stage.take();
  stage.pass(1000).say(ann);
  assert.deepEqual(stage.take(), spoken(2));
});

Deno.test("Talk slows each user down apart, whatever their sessions", () => {
  const { stage, ann } = stageWithAnn();
  const bob = stage.join("bob");
  stage.say(ann);
  stage.take();
  stage.say(bob);
  assert.deepEqual(stage.take(), spoken(2));
  stage.leave(ann);
  const again = stage.join("ann", { id: "ann2" });
  stage.take();
  stage.pass(2999).say(again);
  assert.deepEqual(stage.take(), ["send ann2 rate_limited"]);
});

Deno.test("Talk slows no admin down, but remembers when they spoke", () => {
  const { stage } = stageWithAnn();
  const admin = stage.joinAdmin();
  stage.take();
  stage.say(admin);
  stage.say(admin);
  assert.deepEqual(stage.take(), [...spoken(1), ...spoken(2)]);
  stage.operate({ type: "set_admins", userIds: [] });
  stage.take();
  stage.pass(2999).say(admin);
  assert.deepEqual(stage.take(), ["send adm rate_limited"]);
});

Deno.test("Talk goes by the room's own interval when it has one", () => {
  const { stage, ann } = stageWithAnn({ start: { slowModeSecs: 60 } });
  stage.say(ann);
  stage.take();
  stage.pass(59_999).say(ann);
  assert.deepEqual(stage.take(), ["send ann rate_limited"]);
  stage.pass(1).say(ann);
  assert.deepEqual(stage.take(), spoken(2));
  stage.operate({ type: "set_settings", settings: { slowModeSecs: 0 } });
  stage.take();
  stage.say(ann);
  assert.deepEqual(stage.take(), spoken(4));
});

Deno.test("Talk answers a repeated send with its receipt, and says nothing again", () => {
  const { stage, ann } = stageWithAnn();
  stage.say(ann, "m1");
  stage.pass(599_999);
  stage.take();
  stage.say(ann, "m1");
  assert.deepEqual(stage.take(), ["ack ann m1 1"]);
  const [first, second] = stage.effects.acks;
  assert.deepEqual(second, first);
  assert.equal(stage.room.tally.repeated, 1);
  assert.equal(stage.room.state.lastSeq, 1);
});

Deno.test("Talk answers a repeated send at once, also of a user muted since", () => {
  const { stage, ann } = stageWithAnn();
  stage.say(ann, "m1");
  stage.operate({ type: "mute", userId: "ann" });
  stage.leave(ann);
  const again = stage.join("ann", { id: "ann2" });
  stage.take();
  stage.say(again, "m1");
  assert.deepEqual(stage.take(), ["ack ann2 m1 1"]);
});

Deno.test("Talk forgets a send after 10 minutes", () => {
  const { stage, ann } = stageWithAnn();
  stage.say(ann, "m1");
  stage.take();
  stage.pass(600_000).say(ann, "m1");
  assert.deepEqual(stage.take(), [...spoken(2), "ack ann m1 2"]);
});

Deno.test("Talk knows sends by user", () => {
  const { stage, ann } = stageWithAnn();
  const bob = stage.join("bob");
  stage.say(ann, "m1");
  stage.take();
  stage.say(bob, "m1");
  assert.deepEqual(stage.take(), [...spoken(2), "ack bob m1 2"]);
});

Deno.test("Talk remembers the sends of the log that it was recovered with", () => {
  const recentSends = [
    newMessage(7, { clientMsgId: "m1" }),
    newMessage(8),
    { ...newMessage(9, { clientMsgId: "m3" }), actor: null },
  ];
  const { stage, ann } = stageWithAnn({ start: { lastSeq: 9, recentSends } });
  stage.say(ann, "m1");
  assert.deepEqual(stage.take(), ["ack ann m1 7"]);
  assert.equal(stage.effects.acks[0]?.id, "m7");
  stage.say(ann, "m3");
  assert.deepEqual(stage.take(), [...spoken(10), "ack ann m3 10"]);
});

Deno.test("Talk forgets the oldest send early when it knows too many, and counts it", () => {
  const options = { sendsMax: 2, chatIntervalMs: 0 };
  const { stage, ann } = stageWithAnn({ options });
  for (const name of ["m1", "m2", "m3"]) stage.say(ann, name);
  assert.equal(stage.room.tally.evictedSends, 1);
  stage.take();
  stage.say(ann, "m2");
  stage.say(ann, "m1");
  assert.deepEqual(stage.take(), [
    "ack ann m2 2",
    ...spoken(4),
    "ack ann m1 4",
  ]);
});

Deno.test("Talk refuses a message that cannot be stored, and changes nothing", () => {
  const { stage, ann } = stageWithAnn();
  stage.effects.isStorable = false;
  stage.say(ann, "m1");
  assert.deepEqual(stage.take(), ["send ann storage_unavailable"]);
  assert.deepEqual(stage.effects.events.at(-1), {
    type: "error",
    code: "storage_unavailable",
    retryAfterMs: 5000,
    clientMsgId: "m1",
  });
  assert.equal(stage.room.state.lastSeq, 0);
  assert.equal(stage.room.state.lastMessageAt, null);
  assert.equal(stage.room.tally.accepted, 0);
  stage.effects.isStorable = true;
  stage.say(ann, "m1");
  assert.deepEqual(stage.take(), [...spoken(1), "ack ann m1 1"]);
});
