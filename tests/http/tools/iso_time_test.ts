import assert from "node:assert/strict";
import { isoTime, isoTimeOrNull } from "../../../src/http/tools/iso_time.ts";
import { START_AT } from "../../support/fake_clock.ts";

Deno.test("isoTime says an instant in UTC", () => {
  assert.equal(isoTime(START_AT + 7), "2026-01-01T00:00:00.007Z");
});

Deno.test("isoTimeOrNull keeps never", () => {
  assert.equal(isoTimeOrNull(null), null);
  assert.equal(isoTimeOrNull(START_AT), "2026-01-01T00:00:00.000Z");
});
