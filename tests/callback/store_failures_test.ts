import assert from "node:assert/strict";
import { StoreFailures } from "../../src/callback/store_failures.ts";
import { RecordingLog } from "../support/recording_log.ts";

function newFailures(log: RecordingLog): StoreFailures {
  return new StoreFailures({
    ids: { uuid: () => "id", fraction: () => 0 },
    log,
    failedLine: "Cannot read",
    workedLine: "Reads again",
    noun: "book_read",
    fields: { book: "b" },
  });
}

Deno.test("StoreFailures waits 1 s, doubling to 30 s, from the start after each end", () => {
  const failures = newFailures(new RecordingLog());
  const error = new Error("locked");
  const waits = Array.from({ length: 7 }, () => failures.failed(error) / 1000);
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30]);
  failures.worked();
  assert.equal(failures.failed(error), 1000);
});

Deno.test("StoreFailures says once that it fails and once that it works", () => {
  const log = new RecordingLog();
  const failures = newFailures(log);
  const error = new Error("locked");
  failures.worked();
  assert.equal(failures.isFailing, false);
  failures.failed(error);
  failures.failed(error);
  assert.equal(failures.isFailing, true);
  failures.worked();
  failures.worked();
  assert.equal(failures.isFailing, false);
  assert.deepEqual(log.lines, [
    {
      level: "error",
      line: "Cannot read",
      fields: { book: "b", event: "book_read_failed", error },
    },
    {
      level: "info",
      line: "Reads again",
      fields: { book: "b", event: "book_read_recovered" },
    },
  ]);
});
