import assert from "node:assert/strict";
import { requireUpgrade } from "../../src/edge/gate.ts";

Deno.test("requireUpgrade() takes a request that asks for a WebSocket", () => {
  for (const upgrade of ["websocket", "WebSocket"]) {
    requireUpgrade(new Request("http://h/", { headers: { upgrade } }));
  }
});

Deno.test("requireUpgrade() refuses any other request", () => {
  for (const headers of [{}, { upgrade: "" }, { upgrade: "h2c" }]) {
    const request = new Request("http://h/", { headers: new Headers(headers) });
    assert.throws(() => requireUpgrade(request), { code: "upgrade_required" });
  }
});
