import assert from "node:assert/strict";
import {
  requireAdminProof,
  requireNoBan,
  requireParticipant,
  type RoomAccess,
} from "../../src/edge/room_access.ts";
import type { Visitor } from "../../src/edge/visitor.ts";
import { Penalties } from "../../src/room/penalties.ts";
import type { ChatSpec } from "../../src/wire/record.ts";
import { newPenalty } from "../room/fixture.ts";
import { START_AT } from "../support/fake_clock.ts";

const PRIVATE: ChatSpec = {
  access: "participants",
  participants: [
    { userId: "ann", nickname: "Ann" },
    { userId: "bob", nickname: "Bob" },
  ],
  isWaiting: false,
};

function newRoom(room: Partial<RoomAccess> = {}): RoomAccess {
  return {
    adminUserIds: new Set(["adm"]),
    bans: new Penalties([newPenalty("bad", START_AT + 1000)]),
    chat: PRIVATE,
    ...room,
  };
}

function visitor(userId: string, more: Partial<Visitor> = {}): Visitor {
  return {
    userId,
    nickname: userId,
    isProven: false,
    isTokenAdmin: false,
    expiresAt: null,
    ...more,
  };
}

Deno.test("requireParticipant() lets in who belongs to a private room", () => {
  const welcome = [
    visitor("ann"),
    visitor("bob"),
    visitor("adm"),
    visitor("zoe", { isTokenAdmin: true }),
  ];
  for (const one of welcome) requireParticipant(newRoom(), one);
  assert.throws(
    () => requireParticipant(newRoom(), visitor("zoe", { isProven: true })),
    { code: "not_participant" },
  );
});

Deno.test("requireParticipant() lets everybody into a room that is open or managed", () => {
  const rooms = [
    newRoom({ chat: { ...PRIVATE, access: "open" } }),
    newRoom({ chat: null }),
  ];
  for (const room of rooms) requireParticipant(room, visitor("zoe"));
});

Deno.test("requireNoBan() refuses while a ban stands", () => {
  const room = newRoom();
  requireNoBan(room, visitor("ann"), START_AT);
  assert.throws(() => requireNoBan(room, visitor("bad"), START_AT + 999), {
    code: "user_banned",
  });
  requireNoBan(room, visitor("bad"), START_AT + 1000);
});

Deno.test("requireAdminProof() refuses an admin's id that is only claimed", () => {
  const room = newRoom();
  requireAdminProof(room, visitor("ann"));
  requireAdminProof(room, visitor("adm", { isProven: true }));
  assert.throws(() => requireAdminProof(room, visitor("adm")), {
    code: "admin_proof_required",
  });
});
