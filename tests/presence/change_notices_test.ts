import assert from "node:assert/strict";
import { ChangeNotices } from "../../src/presence/change_notices.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

function newNotices(isDeaf = false) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const told: (readonly string[])[] = [];
  const notices = new ChangeNotices({
    clock,
    log,
    onChange: (userIds) => {
      told.push(userIds);
      if (isDeaf) throw new Error("deaf");
    },
  });
  return { clock, log, told, notices };
}

Deno.test("ChangeNotices tells the first change at once, but not within the call", async () => {
  const { clock, told, notices } = newNotices();
  notices.note("ann");
  assert.deepEqual(told, []);
  await clock.advance(0);
  assert.deepEqual(told, [["ann"]]);
  assert.equal(clock.armed, 0);
});

Deno.test("ChangeNotices tells further changes a second later, each user once", async () => {
  const { clock, told, notices } = newNotices();
  notices.note("ann");
  await clock.advance(0);
  for (const userId of ["bob", "ann", "bob"]) notices.note(userId);
  await clock.advance(999);
  assert.equal(told.length, 1);
  await clock.advance(1);
  assert.deepEqual(told, [["ann"], ["bob", "ann"]]);
});

Deno.test("ChangeNotices tells at once again after a quiet second", async () => {
  const { clock, told, notices } = newNotices();
  notices.note("ann");
  await clock.advance(1000);
  notices.note("ann");
  await clock.advance(0);
  assert.deepEqual(told, [["ann"], ["ann"]]);
});

Deno.test("ChangeNotices goes on when one notice fails", async () => {
  const { clock, log, told, notices } = newNotices(true);
  notices.note("ann");
  await clock.advance(1000);
  notices.note("bob");
  await clock.advance(0);
  assert.deepEqual(told, [["ann"], ["bob"]]);
  assert.equal(log.lines.length, 2);
});

Deno.test("ChangeNotices gathers what changes while it tells, each user once", async () => {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const told: (readonly string[])[] = [];
  const telling: PromiseWithResolvers<void>[] = [];
  const notices = new ChangeNotices({
    clock,
    log,
    onChange: (userIds) => {
      told.push(userIds);
      const one = Promise.withResolvers<void>();
      telling.push(one);
      return one.promise;
    },
  });
  notices.note("ann");
  await clock.advance(0);
  for (const userId of ["bob", "ann", "bob"]) notices.note(userId);
  await clock.advance(5000);
  assert.deepEqual(told, [["ann"]]);
  assert.equal(clock.armed, 0);
  telling[0]?.reject(new Error("deaf"));
  await clock.advance(0);
  assert.deepEqual(told, [["ann"], ["bob", "ann"]]);
  assert.equal(log.lines.length, 1);
  telling[1]?.resolve();
  await clock.advance(1000);
  assert.equal(clock.armed, 0, "nothing changed since");
  notices.note("cat");
  await clock.advance(0);
  notices.note("dan");
  notices.stop();
  telling[2]?.resolve();
  await clock.advance(1000);
  assert.deepEqual(told.slice(2), [["cat"]]);
  assert.equal(clock.armed, 0);
});

Deno.test("ChangeNotices tells nothing once it is stopped", async () => {
  const { clock, told, notices } = newNotices();
  notices.note("ann");
  notices.stop();
  assert.equal(clock.armed, 0);
  notices.note("bob");
  assert.equal(clock.armed, 0);
  await clock.advance(1000);
  assert.deepEqual(told, []);
});
