import assert from "node:assert/strict";
import { errorKind, errorPath } from "../../src/web/room_error.ts";

Deno.test("errorKind tells what is final from what may pass", () => {
  assert.equal(errorKind(403), "no_permission");
  assert.equal(errorKind(404), "not_found");
  assert.equal(errorKind(410), "ended");
  for (const status of [0, 200, 429, 500, 503]) {
    assert.equal(errorKind(status), undefined);
  }
});

Deno.test("errorPath keeps a room's id in its place", () => {
  assert.equal(
    errorPath("ended", "a/b"),
    "/tools/chat-room-error/ended/a%2Fb/",
  );
});
