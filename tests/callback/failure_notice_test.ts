import assert from "node:assert/strict";
import { FailureNotice } from "../../src/callback/failure_notice.ts";
import { START_AT } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

function newWorld() {
  const log = new RecordingLog();
  return { log, notice: new FailureNotice("sync", log) };
}

Deno.test("FailureNotice tells the first failure and the end of the failing", () => {
  const { log, notice } = newWorld();
  notice.worked(START_AT);
  notice.failed("status 500", START_AT);
  notice.failed("status 502", START_AT + 90_000);
  notice.worked(START_AT + 120_000);
  notice.worked(START_AT + 120_001);
  assert.deepEqual(log.lines, [
    {
      level: "warn",
      line: "Callbacks to sync fail: status 500",
      fields: { event: "callback_endpoint_failing", endpoint: "sync" },
    },
    {
      level: "info",
      line: "Callbacks to sync work again",
      fields: {
        event: "callback_endpoint_recovered",
        endpoint: "sync",
        failedMs: 120_000,
      },
    },
  ]);
});

Deno.test("FailureNotice tells an endpoint that comes and goes once a minute", () => {
  const { log, notice } = newWorld();
  for (let at = START_AT; at < START_AT + 120_000; at += 1000) {
    notice.failed("status 400", at);
    notice.worked(at + 500);
  }
  assert.deepEqual(log.texts, [
    "warn Callbacks to sync fail: status 400",
    "info Callbacks to sync work again",
    "warn Callbacks to sync fail: status 400",
    "info Callbacks to sync work again",
  ]);
});

Deno.test("FailureNotice tells a failing that goes on after the quiet minute", () => {
  const { log, notice } = newWorld();
  notice.failed("one", START_AT);
  notice.worked(START_AT + 1);
  notice.failed("two", START_AT + 59_999);
  assert.equal(log.lines.length, 2);
  notice.failed("three", START_AT + 60_000);
  assert.equal(log.texts[2], "warn Callbacks to sync fail: three");
});
