import assert from "node:assert/strict";
import { PresenceWriter } from "../../src/presence/presence_writer.ts";
import { UserPresence } from "../../src/presence/user_presence.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { FakePresenceStore } from "./presence_world.ts";

function newWriter() {
  const clock = new FakeClock();
  const store = new FakePresenceStore();
  const log = new RecordingLog();
  const written: string[] = [];
  const writer = new PresenceWriter({
    store,
    clock,
    log,
    onWritten: ({ userId }) => void written.push(userId),
  });
  return { clock, store, log, written, writer };
}

function user(userId: string): UserPresence {
  const at = { now: 1000, monotonic: 0 };
  return new UserPresence({ userId, nickname: userId }, at);
}

Deno.test("PresenceWriter gathers for a second, and writes each user once", async () => {
  const { clock, store, written, writer } = newWriter();
  const ann = user("ann");
  writer.mark(ann);
  writer.mark(user("bob"));
  writer.mark(ann);
  await clock.advance(999);
  assert.deepEqual(store.writes, []);
  await clock.advance(1);
  assert.deepEqual(store.writes, [2]);
  assert.deepEqual(written, ["ann", "bob"]);
  assert.equal(writer.pendingCount, 0);
  assert.equal(clock.armed, 0);
});

Deno.test("PresenceWriter writes 500 users at a time", async () => {
  const { store, writer } = newWriter();
  for (let index = 0; index < 1001; index++) writer.mark(user(`u${index}`));
  await writer.flush();
  assert.deepEqual(store.writes, [500, 500, 1]);
});

Deno.test("PresenceWriter writes a user again who changed meanwhile", async () => {
  const { clock, store, written, writer } = newWriter();
  const gate = Promise.withResolvers<void>();
  store.gate = gate.promise;
  const ann = user("ann");
  writer.mark(ann);
  await clock.advance(1000);
  assert.equal(writer.pendingCount, 1);
  writer.mark(ann);
  gate.resolve();
  await clock.advance(0);
  assert.deepEqual(store.writes, [1]);
  assert.deepEqual(written, []);
  await clock.advance(1000);
  assert.deepEqual(store.writes, [1, 1]);
  assert.deepEqual(written, ["ann"]);
});

Deno.test("PresenceWriter tries again at 2, 4, 8 s, up to a minute apart", async () => {
  const { clock, store, log, writer } = newWriter();
  store.isBroken = true;
  writer.mark(user("ann"));
  const tries: number[] = [];
  for (let second = 1; second <= 200; second++) {
    const before = writer.failures;
    await clock.advance(1000);
    if (writer.failures > before) tries.push(second);
  }
  assert.deepEqual(tries, [1, 3, 7, 15, 31, 63, 123, 183]);
  assert.equal(log.lines.length, 1);
  store.isBroken = false;
  await writer.flush();
  assert.deepEqual([...store.rows.keys()], ["ann"]);
  assert.equal(writer.failures, 0);
  assert.equal(clock.armed, 0);
});

Deno.test("PresenceWriter leaves the rest to the next run when a part fails", async () => {
  const { clock, store, writer } = newWriter();
  for (let index = 0; index < 600; index++) writer.mark(user(`u${index}`));
  store.isBroken = true;
  await writer.flush();
  assert.equal(writer.failures, 1);
  assert.equal(writer.pendingCount, 600);
  store.isBroken = false;
  await clock.advance(2000);
  assert.equal(store.rows.size, 600);
});

Deno.test("PresenceWriter flushes after the run that is on its way", async () => {
  const { clock, store, writer } = newWriter();
  const gate = Promise.withResolvers<void>();
  store.gate = gate.promise;
  writer.mark(user("ann"));
  await clock.advance(1000);
  writer.mark(user("bob"));
  const flushed = writer.flush();
  gate.resolve();
  await flushed;
  assert.deepEqual([...store.rows.keys()], ["ann", "bob"]);
  assert.equal(clock.armed, 0);
});

Deno.test("PresenceWriter does not bring back who was forgotten during a failure", async () => {
  const { clock, store, writer } = newWriter();
  const gate = Promise.withResolvers<void>();
  store.gate = gate.promise;
  store.isBroken = true;
  const ann = user("ann");
  writer.mark(ann);
  writer.mark(user("bob"));
  await clock.advance(1000);
  writer.forget(ann);
  gate.resolve();
  await clock.advance(0);
  store.isBroken = false;
  await clock.advance(2000);
  assert.deepEqual([...store.rows.keys()], ["bob"]);
});

Deno.test("PresenceWriter arms nothing once it is stopped, and still flushes", async () => {
  const { clock, store, writer } = newWriter();
  writer.mark(user("ann"));
  writer.stop();
  writer.mark(user("bob"));
  assert.equal(clock.armed, 0);
  store.isBroken = true;
  await writer.flush();
  assert.equal(clock.armed, 0);
  store.isBroken = false;
  await writer.flush();
  assert.equal(store.rows.size, 2);
});
