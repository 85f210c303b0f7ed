import assert from "node:assert/strict";
import { memberFacts, roomFacts } from "../../src/room/room_facts.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  chatStart,
  linkStatus,
  liveStart,
  newPenalty,
  person,
  Stage,
} from "./fixture.ts";

Deno.test("roomFacts tells what a room is now", () => {
  const stage = new Stage({
    start: { membersMax: 5, pinned: "Hi", autoClose: true },
    options: { sessionsPerUserMax: 2 },
  });
  const ann = stage.join("ann");
  stage.join("ann", { id: "ann2" });
  stage.pass(10).say(ann);
  assert.deepEqual(roomFacts(stage.room.state), {
    id: "r",
    kind: "managed",
    chat: null,
    device: null,
    live: null,
    name: "Room",
    slowModeSecs: null,
    membersMax: 5,
    pinned: "Hi",
    adminUserIds: ["adm"],
    autoClose: true,
    createdAt: START_AT,
    epoch: "epoch-1",
    lastSeq: 1,
    currentUsers: 1,
    sessions: 2,
    peakUsers: 1,
    totalJoins: 2,
    lastMessageAt: START_AT + 10,
    emptySinceAt: null,
  });
});

Deno.test("roomFacts is a copy: what the room does next does not change it", () => {
  const stage = new Stage();
  const facts = roomFacts(stage.room.state);
  stage.operate({ type: "set_admins", userIds: ["ann", "bob"] });
  stage.operate({ type: "set_settings", settings: { name: "New" } });
  stage.join("ann");
  assert.deepEqual(facts.adminUserIds, ["adm"]);
  assert.deepEqual([facts.name, facts.currentUsers], ["Room", 0]);
});

Deno.test("roomFacts tells who may enter a chat room", () => {
  const stage = new Stage({ start: chatStart({ isWaiting: true }) });
  const facts = roomFacts(stage.room.state);
  const chat = { access: "participants", participants: [person("ann")] };
  assert.deepEqual([facts.kind, facts.chat], [
    "chat",
    { ...chat, isWaiting: true },
  ]);
});

Deno.test("memberFacts lists users with their sessions, and who may do what", () => {
  const mutes = [
    newPenalty("ann", START_AT + 100),
    newPenalty("bob", START_AT),
  ];
  const stage = new Stage({
    start: { mutes },
    options: { sessionsPerUserMax: 2 },
  });
  stage.join("ann", { ip: "::1" });
  stage.joinAdmin();
  stage.pass(7).join("ann", { id: "ann2", ip: "::2" });
  stage.join("bob");
  assert.deepEqual(memberFacts(stage.room, stage.now), [
    {
      userId: "ann",
      nickname: "Ann",
      isAdmin: false,
      isMuted: true,
      sessions: [
        { id: "ann", ip: "::1", joinedAt: START_AT },
        { id: "ann2", ip: "::2", joinedAt: START_AT + 7 },
      ],
    },
    {
      userId: "adm",
      nickname: "Adm",
      isAdmin: true,
      isMuted: false,
      sessions: [{ id: "adm", ip: "203.0.113.1", joinedAt: START_AT }],
    },
    {
      userId: "bob",
      nickname: "Bob",
      isAdmin: false,
      isMuted: false,
      sessions: [{ id: "bob", ip: "203.0.113.1", joinedAt: START_AT + 7 }],
    },
  ]);
});

Deno.test("memberFacts calls a user an admin if one session is", () => {
  const stage = new Stage({ options: { sessionsPerUserMax: 2 } });
  stage.join("ann");
  stage.join("ann", { id: "ann2", isTokenAdmin: true });
  assert.equal(memberFacts(stage.room, stage.now)[0]?.isAdmin, true);
});

Deno.test("roomFacts tells what feeds a live room, and how that stands", () => {
  const stage = new Stage({ start: liveStart("42") });
  const live = () => roomFacts(stage.room.state).live;
  assert.deepEqual(live(), { liveId: "42", state: null, isWanted: null });
  const status = linkStatus({ state: "ended", isWanted: false });
  stage.handle({ kind: "announce", news: { type: "live_status", status } });
  assert.deepEqual(live(), { liveId: "42", state: "ended", isWanted: false });
});
