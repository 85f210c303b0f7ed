import assert from "node:assert/strict";
import { inputWeight } from "../../src/room/input_weight.ts";
import type { RoomCommand } from "../../src/wire/command.ts";
import { FakeSession } from "../support/fake_session.ts";
import { liveMessage } from "./fixture.ts";

const session = new FakeSession("ann");

function weigh(command: RoomCommand): number {
  return inputWeight({ kind: "command", session, command });
}

Deno.test("inputWeight is the length of what a device sends", () => {
  assert.equal(weigh({ type: "relay", body: "x".repeat(5000) }), 5000);
  assert.equal(weigh({ type: "relay", body: new Uint8Array(5000) }), 5000);
  assert.equal(weigh({ type: "relay", body: "{}", targetId: "bob" }), 5);
});

Deno.test("inputWeight is the length of what a user says, with its file", () => {
  assert.equal(weigh({ type: "chat", content: "x".repeat(5000) }), 5000);
  const file = { fileUrl: "/a.png", fileName: "a.png" };
  assert.equal(weigh({ type: "chat", content: "hi", ...file }), 13);
});

Deno.test("inputWeight counts the payload of an event, and marks by their number", () => {
  const payload = { text: "x".repeat(5000) };
  const weight = weigh({ type: "custom_event", eventType: "e", payload });
  assert(weight > 5000 && weight < 5100);
  assert.equal(weigh({ type: "read", seqs: [1, 2, 3] }), 24);
});

Deno.test("inputWeight is the same however a command comes in", () => {
  const reply = { resolve() {}, reject() {} };
  const command = { type: "chat", content: "hello" } as const;
  const author = { userId: "ann", nickname: "Ann" };
  assert.equal(inputWeight({ kind: "post", author, command, reply }), 5);
  const message = "x".repeat(5000);
  const system = { type: "system", message } as const;
  const operate = { kind: "operate", command: system, reply } as const;
  assert(inputWeight(operate) >= 5000);
});

Deno.test("inputWeight is nothing for what carries nothing", () => {
  assert.equal(inputWeight({ kind: "join", session, resume: null }), 0);
  assert.equal(inputWeight({ kind: "leave", session, closeCode: 1000 }), 0);
  assert.equal(inputWeight({ kind: "wake" }), 0);
  assert.equal(weigh({ type: "query_room" }), 0);
});

Deno.test("inputWeight is the length of all texts of a feed", () => {
  const reply = { resolve() {}, reject() {} };
  const messages = [10, 5000].map((length) =>
    liveMessage("chat", { text: "x".repeat(length) })
  );
  const feed = { kind: "feed", messages, isUrgent: true, reply } as const;
  assert.equal(inputWeight(feed), 5010);
});
