import assert from "node:assert/strict";
import { roomErrorKind } from "../../../src/http/pages/room_error_kind.ts";
import { ChatError } from "../../../src/wire/errors.ts";

Deno.test("roomErrorKind names a refusal as the seed does", () => {
  assert.equal(roomErrorKind(new ChatError("room_not_found")), "not_found");
  assert.equal(roomErrorKind(new ChatError("room_ended")), "ended");
  assert.equal(
    roomErrorKind(new ChatError("not_participant")),
    "no_permission",
  );
  assert.equal(roomErrorKind(new ChatError("user_banned")), "no_permission");
  assert.equal(roomErrorKind(new ChatError("storage_unavailable")), "general");
});

Deno.test("roomErrorKind throws on what is no refusal", () => {
  const failure = new Error("A failure");
  assert.throws(() => roomErrorKind(failure), failure);
});
