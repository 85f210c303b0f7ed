import assert from "node:assert/strict";
import {
  exclusionOf,
  isAdminOf,
  isForUsers,
  type Visitor,
} from "../../src/room/admission.ts";
import { RoomState } from "../../src/room/room_state.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  chatStart,
  countingIds,
  deviceStart,
  liveStart,
  newPenalty,
  newStart,
  ROOM_OPTIONS,
} from "./fixture.ts";

function newState(more: Parameters<typeof newStart>[0] = {}): RoomState {
  return new RoomState(newStart(more), ROOM_OPTIONS, countingIds());
}

function exclusion(state: RoomState, visitor: Visitor): string | undefined {
  return exclusionOf(state, visitor, START_AT);
}

Deno.test("isForUsers() is true of the rooms that users make and operators", () => {
  assert.equal(isForUsers(newState()), true);
  assert.equal(isForUsers(newState(chatStart())), true);
  assert.equal(isForUsers(newState(deviceStart())), false);
  assert.equal(isForUsers(newState(liveStart())), false);
});

Deno.test("exclusionOf lets anyone into a room without participants", () => {
  assert.equal(exclusion(newState(), { userId: "eve" }), undefined);
  const open = newState(chatStart({ access: "open" }));
  assert.equal(exclusion(open, { userId: "eve" }), undefined);
});

Deno.test("exclusionOf keeps a private room to its participants", () => {
  const state = newState(chatStart());
  assert.equal(exclusion(state, { userId: "ann" }), undefined);
  assert.equal(exclusion(state, { userId: "bob" }), undefined);
  assert.equal(exclusion(state, { userId: "eve" }), "not_participant");
});

Deno.test("exclusionOf keeps a waiting room to the one who waits", () => {
  const state = newState(chatStart({ isWaiting: true }));
  assert.equal(exclusion(state, { userId: "ann" }), undefined);
  assert.equal(exclusion(state, { userId: "bob" }), "not_participant");
});

Deno.test("exclusionOf lets proven admins into a private room", () => {
  const state = newState({ ...chatStart(), adminUserIds: ["adm"] });
  const proven = { userId: "adm", isProven: true };
  assert.equal(exclusion(state, proven), undefined);
  assert.equal(exclusion(state, { userId: "adm" }), "not_participant");
  const bearer = { userId: "eve", isTokenAdmin: true };
  assert.equal(exclusion(state, bearer), undefined);
});

Deno.test("exclusionOf names the end of a room first, then a ban", () => {
  const bans = ["ann", "eve"].map((user) => newPenalty(user, START_AT + 1));
  const state = newState({ ...chatStart(), bans });
  assert.equal(exclusion(state, { userId: "ann" }), "user_banned");
  assert.equal(exclusion(state, { userId: "eve" }), "user_banned");
  assert.equal(
    exclusionOf(state, { userId: "ann" }, START_AT + 1),
    undefined,
  );
  state.isEnded = true;
  assert.equal(exclusion(state, { userId: "ann" }), "room_ended");
});

Deno.test("isAdminOf takes a proof or a token's word, and no bare claim", () => {
  const state = newState();
  assert(isAdminOf(state, { userId: "adm", isProven: true }));
  assert(isAdminOf(state, { userId: "ann", isTokenAdmin: true }));
  assert(!isAdminOf(state, { userId: "adm" }));
  assert(!isAdminOf(state, { userId: "ann", isProven: true }));
});
