import assert from "node:assert/strict";
import {
  enterPublic,
  OPEN_ROOMS_PER_USER_MAX,
  requireRoomToMake,
} from "../../../src/http/tools/public_rooms.ts";
import { FakeChatRooms, newChat } from "../../support/fake_chat_rooms.ts";

const OPEN = { access: "open" } as const;
const SESSION = {
  userId: "u1",
  nickname: "Ann",
  isProven: true,
  rooms: null,
  admin: false,
  expiresAt: null,
};

/** Rooms of which u1 has made so many. */
function newRooms(count: number): FakeChatRooms {
  const rooms = new FakeChatRooms();
  for (let number = 1; number <= count; number++) {
    rooms.open(`r${number}`, newChat(["u1", "u2"], OPEN));
  }
  return rooms;
}

Deno.test("requireRoomToMake refuses the maker of as many as one may", () => {
  requireRoomToMake(newRooms(OPEN_ROOMS_PER_USER_MAX - 1), "u1");
  const rooms = newRooms(OPEN_ROOMS_PER_USER_MAX);
  assert.throws(() => requireRoomToMake(rooms, "u1"), {
    code: "limit_reached",
    message: /20/,
  });
  requireRoomToMake(rooms, "u2");
});

Deno.test("requireRoomToMake counts no private room and none that lasts", () => {
  const rooms = newRooms(OPEN_ROOMS_PER_USER_MAX - 1);
  rooms.open("private", newChat(["u1", "u2"]));
  rooms.open("general", newChat(["u1"], OPEN), { pinned: "" });
  requireRoomToMake(rooms, "u1");
});

Deno.test("enterPublic finds the room that is there, and makes what is not", () => {
  const rooms = newRooms(1);
  rooms.publicIds.add("general");
  assert.equal(enterPublic(rooms, "r1", SESSION)?.id, "r1");
  assert.equal(enterPublic(rooms, "general", SESSION)?.id, "general");
  assert.equal(enterPublic(rooms, "none", SESSION), undefined);
});
