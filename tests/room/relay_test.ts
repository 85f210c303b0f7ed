import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import type { FakeSession } from "../support/fake_session.ts";
import { deviceStart, newPenalty, Stage } from "./fixture.ts";

/** A device room with two connections of dev-a, and one of dev-b. */
function newStage(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage({
    options: { sessionsPerUserMax: 9, ...options.options },
    start: { ...deviceStart(), ...options.start },
  });
  const a1 = stage.join("dev-a", { id: "a1" });
  const a2 = stage.join("dev-a", { id: "a2" });
  const b1 = stage.join("dev-b", { id: "b1" });
  stage.take();
  return { a1, a2, b1, stage };
}

/** The payload of the entry that was made last. */
function payloadOf(stage: Stage): unknown {
  const record = stage.effects.records.at(-1);
  assert(record?.type === "entry" && record.entry.kind === "relay");
  return record.entry.payload;
}

/** What is said of a relay that all others hear. */
function passedOn(seq: number, sender: FakeSession): string[] {
  return [
    `record relay ${seq}`,
    `broadcast relay ${seq} droppable except ${sender.id}`,
  ];
}

Deno.test("Relay keeps a text as it is, then says it to all but the sender", () => {
  const { a1, stage } = newStage();
  const body = ' {"a" : 1.0,\n"b":"\\u00e9"} ';
  stage.pass(5).relay(a1, { body });
  assert.deepEqual(stage.take(), passedOn(1, a1));
  const event = stage.effects.events.at(-1);
  assert(event?.type === "entry");
  assert.deepEqual(event.entry, {
    roomId: "r",
    seq: 1,
    id: "id1",
    at: START_AT + 5,
    kind: "relay",
    actor: "dev-a",
    payload: { identity: "Dev-a", sessionId: "a1", text: body },
  });
  assert.deepEqual(stage.effects.told.get(event)?.except, [a1]);
  assert.equal(stage.room.state.lastMessageAt, START_AT + 5);
});

Deno.test("Relay keeps bytes in base64", () => {
  const { a1, stage } = newStage();
  stage.relay(a1, { body: new Uint8Array([0, 255, 1, 2]) });
  assert.deepEqual(stage.take(), passedOn(1, a1));
  assert.deepEqual(payloadOf(stage), {
    identity: "Dev-a",
    sessionId: "a1",
    base64: "AP8BAg==",
  });
});

Deno.test("Relay counts what devices send, and how many it is for", () => {
  const { a1, b1, stage } = newStage();
  stage.relay(a1);
  stage.relay(a1, { body: new Uint8Array(1) });
  stage.relay(a1, { body: new Uint8Array(1), targetId: "dev-b" });
  stage.relay(b1, { targetId: "dev-a" });
  const { tally } = stage.room;
  assert.deepEqual([tally.relayedTexts, tally.relayedBinaries], [2, 2]);
  assert.equal(tally.relayedOut, 2 + 2 + 1 + 2);
  assert.equal(tally.accepted, 0);
});

Deno.test("Relay acknowledges a named send after it was said", () => {
  const { a1, stage } = newStage();
  stage.relay(a1, { clientMsgId: "m1" });
  assert.deepEqual(stage.take(), [...passedOn(1, a1), "ack a1 m1 1"]);
  assert.deepEqual(stage.effects.acks, [{
    type: "ack",
    clientMsgId: "m1",
    id: "id1",
    seq: 1,
    durability: "journal",
  }]);
  assert.deepEqual(payloadOf(stage), {
    identity: "Dev-a",
    sessionId: "a1",
    text: '{"t":1}',
    clientMsgId: "m1",
  });
});

Deno.test("Relay answers a repeated send with its receipt, and says nothing again", () => {
  const { a1, a2, b1, stage } = newStage();
  stage.relay(a1, { clientMsgId: "m1" });
  stage.take();
  stage.pass(599_999).relay(a2, { clientMsgId: "m1", targetId: "nobody" });
  assert.deepEqual(stage.take(), ["ack a2 m1 1"]);
  assert.equal(stage.room.tally.repeated, 1);
  stage.relay(b1, { clientMsgId: "m1" });
  assert.deepEqual(stage.take(), [...passedOn(2, b1), "ack b1 m1 2"]);
  stage.pass(1).relay(a1, { clientMsgId: "m1" });
  assert.deepEqual(stage.take(), [...passedOn(3, a1), "ack a1 m1 3"]);
});

Deno.test("Relay sends what names a device to its connections alone", () => {
  const { a1, b1, stage } = newStage();
  stage.relay(b1, { targetId: "dev-a" });
  assert.deepEqual(stage.take(), [
    "record relay 1",
    "send a1 relay 1",
    "send a2 relay 1",
  ]);
  assert.deepEqual(payloadOf(stage), {
    identity: "Dev-b",
    sessionId: "b1",
    text: '{"t":1}',
    to: "dev-a",
  });
  // Its own other connections are a device like any other.
  stage.relay(a1, { targetId: "dev-a", clientMsgId: "m1" });
  assert.deepEqual(stage.take(), [
    "record relay 2",
    "send a2 relay 2",
    "ack a1 m1 2",
  ]);
});

Deno.test("Relay refuses a target that has no other connection here", () => {
  const { b1, stage } = newStage();
  stage.relay(b1, { targetId: "dev-c", clientMsgId: "m1" });
  stage.relay(b1, { targetId: "dev-b" });
  assert.deepEqual(stage.take(), [
    "send b1 target_not_found",
    "send b1 target_not_found",
  ]);
  const [named, bare] = stage.effects.events.slice(-2);
  const error = { type: "error", code: "target_not_found" };
  assert.deepEqual(named, {
    ...error,
    message: "Device dev-c is not in this room",
    clientMsgId: "m1",
  });
  assert.deepEqual(bare, {
    ...error,
    message: "Device dev-b is not in this room",
  });
  assert.equal(stage.room.state.lastSeq, 0);
});

Deno.test("Relay repeats at most 128 characters of a target", () => {
  const { b1, stage } = newStage();
  for (const [length, shown] of [[127, 127], [128, 128], [129, 128]]) {
    stage.relay(b1, { targetId: "d".repeat(length ?? 0) });
    const event = stage.effects.events.at(-1);
    assert(event?.type === "error");
    const id = "d".repeat(shown ?? 0);
    assert.equal(event.message, `Device ${id} is not in this room`);
  }
});

Deno.test("Relay leaves a direct message in the log for who is still sent it", () => {
  const { a1, b1, stage } = newStage({ options: { recentEntriesMax: 1 } });
  for (let count = 0; count < 3; count++) stage.relay(a1);
  const resume = { sinceSeq: 1, epoch: "epoch-1" };
  const b2 = stage.join("dev-b", { id: "b2", resume });
  assert.deepEqual(stage.take().slice(-1), ["replay b2 after 1"]);
  stage.relay(a1, { targetId: "dev-b" });
  assert.deepEqual(stage.take(), ["record relay 4", "send b1 relay 4"]);
  assert.equal(stage.room.tally.relayedOut, 2 + 2 + 2 + 2);
  stage.handle({ kind: "replayed", session: b2, throughSeq: 4 });
  assert.deepEqual(stage.take(), ["admit b2"]);
  stage.relay(a1, { targetId: "dev-b" });
  assert.deepEqual(stage.take(), [
    "record relay 5",
    "send b1 relay 5",
    "send b2 relay 5",
  ]);
  assert(b1.closedWith === undefined);
});

Deno.test("Relay tells a muted device so, whomever it names", () => {
  const mutes = [newPenalty("dev-a", START_AT + 1000)];
  const { a1, stage } = newStage({ start: { mutes } });
  stage.relay(a1, { clientMsgId: "m1", targetId: "nobody" });
  assert.deepEqual(stage.take(), ["send a1 you_are_muted"]);
  assert.deepEqual(stage.effects.events.at(-1), {
    type: "you_are_muted",
    until: START_AT + 1000,
    clientMsgId: "m1",
  });
  stage.pass(1000).relay(a1);
  assert.deepEqual(stage.take(), passedOn(1, a1));
});

Deno.test("Relay slows nobody down unless the room does", () => {
  const { a1, stage } = newStage({ options: { chatIntervalMs: 3000 } });
  stage.relay(a1);
  stage.relay(a1);
  assert.deepEqual(stage.take(), [...passedOn(1, a1), ...passedOn(2, a1)]);
});

Deno.test("Relay refuses what comes within the room's own interval", () => {
  const { a1, a2, b1, stage } = newStage({ start: { slowModeSecs: 2 } });
  stage.relay(a1);
  stage.take();
  stage.pass(1999).relay(a2, { clientMsgId: "m1" });
  assert.deepEqual(stage.effects.events.at(-1), {
    type: "error",
    code: "rate_limited",
    retryAfterMs: 1,
    clientMsgId: "m1",
  });
  assert.deepEqual(stage.take(), ["send a2 rate_limited"]);
  stage.relay(a1, { targetId: "nobody" });
  assert.deepEqual(stage.take(), ["send a1 target_not_found"]);
  stage.relay(b1);
  stage.pass(1).relay(a2);
  assert.deepEqual(stage.take(), [...passedOn(2, b1), ...passedOn(3, a2)]);
});

Deno.test("Relay refuses what cannot be stored, and changes nothing", () => {
  const { a1, stage } = newStage();
  stage.effects.isStorable = false;
  stage.relay(a1, { clientMsgId: "m1" });
  stage.relay(a1, { targetId: "dev-b" });
  assert.deepEqual(stage.take(), [
    "send a1 storage_unavailable",
    "send a1 storage_unavailable",
  ]);
  assert.deepEqual(stage.effects.events.at(-2), {
    type: "error",
    code: "storage_unavailable",
    retryAfterMs: 5000,
    clientMsgId: "m1",
  });
  const { state, tally } = stage.room;
  assert.deepEqual([state.lastSeq, state.lastMessageAt], [0, null]);
  assert.deepEqual([tally.relayedTexts, tally.relayedOut], [0, 0]);
  stage.effects.isStorable = true;
  stage.relay(a1, { clientMsgId: "m1" });
  assert.deepEqual(stage.take(), [...passedOn(1, a1), "ack a1 m1 1"]);
});

Deno.test("Relay is unknown in rooms of other kinds", () => {
  const stage = new Stage();
  const ann = stage.join("ann");
  stage.take();
  stage.relay(ann, { clientMsgId: "m1" });
  assert.deepEqual(stage.take(), ["send ann unknown_type"]);
  assert.deepEqual(stage.effects.events.at(-1), {
    type: "error",
    code: "unknown_type",
    clientMsgId: "m1",
  });
});
