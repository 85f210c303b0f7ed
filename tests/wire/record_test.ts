import assert from "node:assert/strict";
import { roomIdOf } from "../../src/wire/record.ts";
import { closedRecord, messageRecord } from "../support/records.ts";

Deno.test("roomIdOf finds the room of each kind of record, or the request without one", () => {
  const room = {
    id: "b",
    kind: "managed",
    epoch: "e",
    name: "Room",
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    adminUserIds: [],
    autoClose: false,
    createdAt: 0,
  } as const;
  const session = {
    id: "s1",
    roomId: "c",
    userId: "ann",
    nickname: "Ann",
    ip: "::1",
    joinedAt: 0,
    peakUsers: 1,
  };
  assert.equal(roomIdOf(messageRecord("a")), "a");
  assert.equal(roomIdOf({ type: "room_created", room }), "b");
  assert.equal(roomIdOf({ type: "session_opened", session }), "c");
  assert.equal(roomIdOf(closedRecord("d")), "d");
  const link = {
    id: "l1",
    userId: "ann",
    nickname: "Ann",
    number: null,
    roomId: "e",
    createdAt: 0,
  };
  const settled = {
    id: "l1",
    status: "cancelled",
    at: 0,
    roomId: "f",
    partner: null,
  } as const;
  assert.equal(roomIdOf({ type: "link_requested", link }), "e");
  assert.equal(roomIdOf({ type: "link_settled", link: settled }), "f");
  const early = { ...link, roomId: null };
  assert.equal(roomIdOf({ type: "link_requested", link: early }), "l1");
});
