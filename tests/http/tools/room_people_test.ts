import assert from "node:assert/strict";
import {
  PEOPLE_MAX,
  peopleOf,
  presenceOf,
} from "../../../src/http/tools/room_people.ts";
import {
  FakeChatRoom,
  newChat,
  newPerson,
} from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { newStoredRoom } from "../../support/fake_history.ts";
import { FakePresenceDesk } from "../../support/test_tools.ts";

function newRoom(participants: string[], present: string[]): FakeChatRoom {
  const room = new FakeChatRoom("r1", { chat: newChat(participants) });
  room.people = present.map((userId) => ({
    ...newPerson(userId),
    isAdmin: false,
    isMuted: false,
    sessions: [],
  }));
  return room;
}

Deno.test("peopleOf names participants, then who else is here", () => {
  const room = newRoom(["u1", "u2"], ["u3", "u2"]);
  assert.deepEqual(
    peopleOf({ isEnded: false, room }),
    [newPerson("u1"), newPerson("u2"), newPerson("u3")],
  );
});

Deno.test("peopleOf names the participants of an ended room", () => {
  const chat = newChat(["u1", "u2"]);
  const room = newStoredRoom("r1", { kind: "chat", chat, status: "ended" });
  assert.deepEqual(
    peopleOf({ isEnded: true, room }),
    [newPerson("u1"), newPerson("u2")],
  );
});

Deno.test("peopleOf names so many people at most", () => {
  const present = Array.from({ length: PEOPLE_MAX }, (_, index) => `p${index}`);
  const room = newRoom(["u1"], present);
  const people = peopleOf({ isEnded: false, room });
  assert.equal(people.length, PEOPLE_MAX);
  assert.deepEqual(people[0], newPerson("u1"));
});

Deno.test("presenceOf keeps names and order", async () => {
  const presence = new FakePresenceDesk();
  presence.set("u2", { isOnline: true, status: "busy", lastSeenAt: START_AT });
  const found = await presenceOf([newPerson("u2"), newPerson("u1")], presence);
  assert.deepEqual(
    found.map(({ person, presence }) => [person.nickname, presence.status]),
    [["u2的昵称", "busy"], ["u1的昵称", "offline"]],
  );
});
