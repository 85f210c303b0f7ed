import assert from "node:assert/strict";
import { Participation } from "../../src/room/participation.ts";
import type { ChatSpec } from "../../src/wire/record.ts";
import { person } from "./fixture.ts";

interface TestRoom {
  readonly name: string;
  readonly state: { chat: ChatSpec | null; readonly createdAt: number };
}

function room(name: string, createdAt: number, ...users: string[]): TestRoom {
  const participants = users.map(person);
  const chat = {
    access: "participants",
    participants,
    isWaiting: false,
  } as const;
  return { name, state: { chat, createdAt } };
}

function namesOf(rooms: readonly TestRoom[]): string[] {
  return rooms.map(({ name }) => name);
}

Deno.test("Participation finds the rooms of a user, newest first", () => {
  const index = new Participation<TestRoom>();
  index.note(room("b", 20, "ann", "bob"));
  index.note(room("a", 10, "ann"));
  index.note(room("c", 20, "ann"));
  assert.deepEqual(namesOf(index.of("ann")), ["c", "b", "a"]);
  assert.deepEqual(namesOf(index.of("bob")), ["b"]);
  assert.deepEqual(index.of("cid"), []);
});

Deno.test("Participation notes whoever comes later, and each room once", () => {
  const index = new Participation<TestRoom>();
  const waiting = room("a", 10, "ann");
  index.note(waiting);
  const { participants } = room("", 0, "ann", "bob").state.chat ?? {};
  assert(waiting.state.chat && participants);
  waiting.state.chat = { ...waiting.state.chat, participants };
  index.note(waiting);
  assert.deepEqual(namesOf(index.of("ann")), ["a"]);
  assert.deepEqual(namesOf(index.of("bob")), ["a"]);
});

Deno.test("Participation forgets a room, and users without any", () => {
  const index = new Participation<TestRoom>();
  const [one, two] = [room("a", 10, "ann", "bob"), room("b", 20, "ann")];
  for (const each of [one, two]) index.note(each);
  index.forget(one);
  index.forget(one);
  assert.deepEqual(namesOf(index.of("ann")), ["b"]);
  assert.deepEqual(index.of("bob"), []);
  index.forget(two);
  assert.deepEqual(index.of("ann"), []);
});

Deno.test("Participation passes over a room without participants", () => {
  const index = new Participation<TestRoom>();
  const managed = { name: "m", state: { chat: null, createdAt: 0 } };
  index.note(managed);
  index.note(room("a", 10, "ann"));
  index.forget(managed);
  assert.deepEqual(namesOf(index.of("ann")), ["a"]);
});
