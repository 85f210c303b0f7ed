import assert from "node:assert/strict";
import { isOwed, laneOf, type RoomInput } from "../../src/room/room_input.ts";
import { FakeSession } from "../support/fake_session.ts";
import { linkStatus } from "./fixture.ts";

const session = new FakeSession("ann");
const reply = { resolve: () => {}, reject: () => {} };

const INPUTS: Record<string, RoomInput> = {
  join: { kind: "join", session, resume: null },
  leave: { kind: "leave", session, closeCode: 1000 },
  chat: { kind: "command", session, command: { type: "chat", content: "hi" } },
  read: { kind: "command", session, command: { type: "read", seqs: [1] } },
  typing: {
    kind: "command",
    session,
    command: { type: "notice", notice: { type: "typing", isTyping: true } },
  },
  relay: { kind: "command", session, command: { type: "relay", body: "1" } },
  query: { kind: "command", session, command: { type: "query_room" } },
  post: {
    kind: "post",
    author: { userId: "ann", nickname: "Ann" },
    command: { type: "delete_message", seq: 1 },
    reply,
  },
  kick: { kind: "command", session, command: { type: "kick", userId: "bob" } },
  event: {
    kind: "command",
    session,
    command: { type: "custom_event", eventType: "e", payload: null },
  },
  operate: {
    kind: "operate",
    command: { type: "system", message: "m" },
    reply,
  },
  replayed: { kind: "replayed", session, throughSeq: 1 },
  replayFailed: { kind: "replay_failed", session },
  feed: { kind: "feed", messages: [], isUrgent: false, reply },
  urgentFeed: { kind: "feed", messages: [], isUrgent: true, reply },
  announce: {
    kind: "announce",
    news: { type: "live_status", status: linkStatus() },
  },
  wake: { kind: "wake" },
};

function namesOf(fits: (input: RoomInput) => boolean): string[] {
  return Object.keys(INPUTS).filter((name) => {
    const input = INPUTS[name];
    return input !== undefined && fits(input);
  });
}

Deno.test("laneOf puts low what any user may do, and leaves so that they stay behind it", () => {
  assert.deepEqual(namesOf((input) => laneOf(input) === "low"), [
    "leave",
    "chat",
    "read",
    "typing",
    "relay",
    "query",
    "post",
    "feed",
  ]);
});

Deno.test("isOwed names what must get in however full a lane is", () => {
  assert.deepEqual(namesOf(isOwed), [
    "leave",
    "replayed",
    "replayFailed",
    "wake",
  ]);
});
