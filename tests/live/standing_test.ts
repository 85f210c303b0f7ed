import assert from "node:assert/strict";
import { lastFault, standingOf } from "../../src/live/standing.ts";

Deno.test("lastFault keeps why a link failed, but not another's lease", () => {
  const waiting = standingOf("waiting");
  assert.deepEqual(
    lastFault({ ...waiting, fault: "closed", faultCode: 1006, warning: "w" }),
    { fault: "closed", faultCode: 1006 },
  );
  assert.deepEqual(lastFault({ ...waiting, fault: "lease_held" }), {
    fault: null,
    faultCode: null,
  });
});
