// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { pendingAnswer } from "../../cli/answers.ts";
import { pendingFields } from "../../cli/pending_fields.ts";
import { Report } from "../../cli/report.ts";
import { pendingBody } from "../support/canned_answers.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { START_AT } from "../support/fake_clock.ts";

function fieldsOf(changes: Record<string, unknown>) {
  const pending = pendingAnswer.parse(pendingBody(changes));
  return pendingFields(new Report(new FakeCli(), false), pending);
}

Deno.test("pendingFields says how much waits and since when", () => {
  assert.deepEqual(
    fieldsOf({ messages: 3, records: 5, bytes: 700, oldest_at: START_AT }),
    [
      ["pending messages", "3"],
      ["pending records", "5"],
      ["pending bytes", "700"],
      ["oldest pending", "2026-01-01 08:00:00"],
    ],
  );
});

Deno.test("pendingFields says how the database fails while it does", () => {
  const failing = { since_at: START_AT, attempts: 4, error: "disk full" };
  assert.deepEqual(fieldsOf({ failing }).slice(4), [
    ["failing since", "2026-01-01 08:00:00"],
    ["failed attempts", "4"],
    ["last failure", "disk full"],
  ]);
});
