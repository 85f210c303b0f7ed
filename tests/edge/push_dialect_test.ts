import assert from "node:assert/strict";
import { PUSH_DIALECT } from "../../src/edge/push_dialect.ts";

Deno.test("PUSH_DIALECT understands a status and signs of life, and no message", () => {
  assert.deepEqual(
    PUSH_DIALECT.decode('{"type":"online_status","status":"away"}'),
    { ok: true, command: { type: "set_status", status: "away" } },
  );
  assert.deepEqual(PUSH_DIALECT.decode('{"type":"heartbeat_ack"}'), {
    ok: true,
    command: { type: "heartbeat" },
  });
  const refused = PUSH_DIALECT.decode('{"type":"message","content":"hi"}');
  assert.deepEqual(refused, { ok: false, code: "unknown_type" });
});

Deno.test("PUSH_DIALECT says what a connection says by itself", () => {
  const events = [
    { type: "heartbeat", at: 5000 },
    { type: "heartbeat_ack", at: 5000 },
    { type: "pong", timestamp: 7 },
    { type: "error", code: "bad_json" },
  ] as const;
  const frames = events.map((event) =>
    JSON.parse(PUSH_DIALECT.encode(event) ?? "null")
  );
  assert.deepEqual(frames, [
    { type: "heartbeat", timestamp: 5 },
    { type: "heartbeat_ack", timestamp: 5 },
    { type: "pong", timestamp: 7 },
    { type: "error", code: "bad_json", message: "Invalid JSON" },
  ]);
});

Deno.test("PUSH_DIALECT has no word for what a room says", () => {
  assert.equal(PUSH_DIALECT.encode({ type: "gap", from: 1, to: 2 }), null);
  assert.equal(
    PUSH_DIALECT.encode({ type: "you_are_kicked", code: "user_kicked" }),
    null,
  );
});
