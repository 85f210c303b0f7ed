import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import { refusalOf } from "../../src/wire/event.ts";

Deno.test("refusalOf() says what went wrong, and when to try again if known", () => {
  const busy = new ChatError("busy", { message: "Wait", retryAfterMs: 20 });
  assert.deepEqual(refusalOf(busy), {
    type: "error",
    code: "busy",
    message: "Wait",
    retryAfterMs: 20,
  });
  assert.deepEqual(refusalOf(new ChatError("not_admin")), {
    type: "error",
    code: "not_admin",
    message: "Only an admin of this room may do that",
  });
});

Deno.test("refusalOf() names the send that was refused, if it has a name", () => {
  assert.deepEqual(refusalOf(new ChatError("not_admin"), "m1"), {
    type: "error",
    code: "not_admin",
    message: "Only an admin of this room may do that",
    clientMsgId: "m1",
  });
});
