import assert from "node:assert/strict";
import { mutedFrame, refusalFrame } from "../../src/wire/refusal_frame.ts";

Deno.test("refusalFrame says what was refused, of what, and when to try again", () => {
  const frame = refusalFrame({
    type: "error",
    code: "busy",
    retryAfterMs: 1000,
    clientMsgId: "m1",
  });
  assert.equal(
    JSON.stringify(frame),
    '{"type":"error","code":"busy","message":"The room is busy",' +
      '"retry_after_ms":1000,"client_msg_id":"m1"}',
  );
});

Deno.test("refusalFrame says nothing of what is not known", () => {
  assert.equal(
    JSON.stringify(refusalFrame({ type: "error", code: "bad_json" })),
    '{"type":"error","code":"bad_json","message":"Invalid JSON"}',
  );
});

Deno.test("mutedFrame says until when, also for good", () => {
  const muted = { type: "you_are_muted", until: null } as const;
  assert.equal(mutedFrame(muted)["until"], null);
  const named = mutedFrame({ ...muted, until: 7, clientMsgId: "m1" });
  assert.deepEqual(
    [named.code, named["until"], named.client_msg_id],
    ["user_muted", 7, "m1"],
  );
});
