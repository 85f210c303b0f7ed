import assert from "node:assert/strict";
import {
  isPublicName,
  publicNameOf,
  publicRoom,
} from "../../src/room/public_room.ts";

const ANN = { userId: "u1", nickname: "Ann" };

Deno.test("publicRoom makes an open room of its visitor, without a rate limit", () => {
  const spec = publicRoom("test-room-7", ANN);
  assert.equal(spec?.id, "test-room-7");
  assert.equal(spec?.slowModeSecs, 0);
  assert.equal(spec?.autoClose, true);
  assert.equal(spec?.pinned, null);
  assert.deepEqual(spec?.chat, {
    access: "open",
    participants: [ANN],
    isWaiting: false,
  });
});

Deno.test("publicRoom pins the four rooms that are always there", () => {
  for (const id of ["public-room", "general", "chat", "random"]) {
    assert.equal(publicRoom(id, ANN)?.pinned, "", id);
  }
});

Deno.test("publicRoom makes nothing of any other id", () => {
  const long = `test-room-${"x".repeat(119)}`;
  for (const id of ["", "General", "chat2", "atest-room-1", long]) {
    assert.equal(publicRoom(id, ANN), undefined, id);
  }
  assert.notEqual(publicRoom(long.slice(0, 128), ANN), undefined);
});

Deno.test("publicNameOf knows the later lives of public rooms, and nothing else", () => {
  assert.equal(publicNameOf("general.0123abcd"), "general");
  assert.equal(publicNameOf("test-room-7.0123abcd"), "test-room-7");
  assert.equal(isPublicName("test-room-7.0123abcd"), false);
  for (
    const id of [
      "general",
      "general.0123abc",
      "general.0123abcg",
      "general.0123abcde",
      "lounge.0123abcd",
      "general.0123abcd.0123abcd",
    ]
  ) assert.equal(publicNameOf(id), undefined, id);
  assert.equal(isPublicName("test-room-7.0123abcg"), true);
});
