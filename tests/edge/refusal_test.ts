import assert from "node:assert/strict";
import { knownRefusal, refusalResponse } from "../../src/edge/refusal.ts";
import { StoreError } from "../../src/store/store.ts";
import { ChatError } from "../../src/wire/errors.ts";

Deno.test("knownRefusal() passes a refusal on and hides what the database said", () => {
  const refusal = new ChatError("room_full");
  assert.equal(knownRefusal(refusal), refusal);
  const known = knownRefusal(new StoreError("busy", "/var/lib is locked"));
  assert.equal(known?.code, "storage_unavailable");
  assert.equal(known?.retryAfterMs, 5000);
  assert(!known?.message.includes("/var"));
});

Deno.test("knownRefusal() knows no bug", () => {
  assert.equal(knownRefusal(new Error("bug")), undefined);
  assert.equal(knownRefusal("bug"), undefined);
});

Deno.test("refusalResponse() says what, and when to come back if that may help", async () => {
  const cases = [
    [new ChatError("not_participant"), 403, null, undefined],
    [new ChatError("room_ended"), 410, null, undefined],
    [new ChatError("shutting_down"), 503, "1", undefined],
    [new ChatError("busy", { retryAfterMs: 1500 }), 503, "2", 1500],
  ] as const;
  for (const [refusal, status, retryAfter, retryAfterMs] of cases) {
    const response = refusalResponse(refusal);
    assert.equal(response.status, status);
    assert.equal(response.headers.get("retry-after"), retryAfter);
    assert.deepEqual(await response.json(), {
      error: refusal.message,
      code: refusal.code,
      ...(retryAfterMs === undefined ? {} : { "retry_after_ms": retryAfterMs }),
    });
  }
});

Deno.test("refusalResponse() names what to upgrade to", async () => {
  const response = refusalResponse(new ChatError("upgrade_required"));
  assert.equal(response.status, 426);
  assert.equal(response.headers.get("upgrade"), "websocket");
  await response.body?.cancel();
});
