import assert from "node:assert/strict";
import { PendingAlarm } from "../../src/record/pending_alarm.ts";
import { RecordingLog } from "../support/recording_log.ts";

function newAlarm() {
  const log = new RecordingLog();
  const alarm = new PendingAlarm(log, 1000);
  function check(messages: number, bytes = 0): number {
    alarm.check({ records: messages, messages, bytes });
    return log.lines.length;
  }
  return { alarm, log, check };
}

Deno.test("PendingAlarm warns past 1000 pending messages", () => {
  const { log, check } = newAlarm();
  assert.equal(check(999), 0);
  assert.equal(check(1000), 0);
  assert.equal(check(1001), 1);
  assert.deepEqual(log.texts, ["warn Too many pending messages: 1001"]);
});

Deno.test("PendingAlarm warns again only after it was calm", () => {
  const { check } = newAlarm();
  assert.equal(check(1001), 1);
  assert.equal(check(5000), 1);
  assert.equal(check(501), 1);
  assert.equal(check(1001), 1, "501 is not calm");
  assert.equal(check(500), 1);
  assert.equal(check(1001), 2);
});

Deno.test("PendingAlarm tells of refusals once, until half is free", () => {
  const { alarm, log, check } = newAlarm();
  const size = { records: 9, messages: 9, bytes: 990 };
  alarm.refused(size);
  alarm.refused(size);
  assert.deepEqual(log.texts, [
    "error Refusing messages: 990 of 1000 bytes are pending",
  ]);
  check(9, 501);
  alarm.refused(size);
  assert.equal(log.lines.length, 1);
  check(9, 500);
  alarm.refused(size);
  assert.equal(log.lines.length, 2);
});
