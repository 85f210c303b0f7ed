import assert from "node:assert/strict";
import { refusalText } from "../../src/wire/refusal_text.ts";

Deno.test("refusalText is the table's unless the refusal has one of its own", () => {
  assert.equal(
    refusalText({ type: "error", code: "room_ended" }),
    "房间已关闭",
  );
  const own = { type: "error", code: "bad_request", message: "No" } as const;
  assert.equal(refusalText(own), "No");
});

Deno.test("refusalText tells who is too fast the seconds, rounded up", () => {
  const early = { type: "error", code: "rate_limited" } as const;
  assert.equal(refusalText(early), "Too many messages");
  assert.equal(
    refusalText({ ...early, retryAfterMs: 1001 }),
    "发送过于频繁，请2秒后再试",
  );
});
