/**
 * What is not yet in the database, as names and values to print.
 *
 * @module
 */

import type { PendingAnswer } from "./answers.ts";
import type { Report } from "./report.ts";

/** One pair a fact; failing ones only while the database fails. */
export function pendingFields(
  report: Report,
  pending: PendingAnswer,
): (readonly [string, string])[] {
  const fields: (readonly [string, string])[] = [
    ["pending messages", `${pending.messages}`],
    ["pending records", `${pending.records}`],
    ["pending bytes", `${pending.bytes}`],
    ["oldest pending", report.instant(pending.oldest_at)],
  ];
  const { failing } = pending;
  if (failing === null) return fields;
  return [
    ...fields,
    ["failing since", report.instant(failing.since_at)],
    ["failed attempts", `${failing.attempts}`],
    ["last failure", failing.error],
  ];
}
