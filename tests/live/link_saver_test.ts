import assert from "node:assert/strict";
import { LinkRecord } from "../../src/live/link_record.ts";
import { LinkSaver, UNFORGOTTEN_MAX } from "../../src/live/link_saver.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { FakeLiveStore } from "../support/fake_live_store.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { during } from "./supervisor_world.ts";

function newSaver() {
  const clock = new FakeClock();
  const store = new FakeLiveStore();
  const log = new RecordingLog();
  const saver = new LinkSaver({ clock, store, log });
  const addedAt = clock.now();
  const record = new LinkRecord({ liveId: "1", source: "fake", addedAt });
  return { clock, store, log, saver, record };
}

Deno.test("LinkSaver writes what is behind in one call, and then nothing", async () => {
  const { store, saver, record, clock } = newSaver();
  saver.mark(record);
  saver.mark(record);
  await saver.flush();
  await saver.flush();
  assert.deepEqual(store.calls, ["saveLinks 1"]);
  assert.equal(record.savedAt, clock.now());
});

Deno.test("LinkSaver tries again what failed, unless it is discarded", async () => {
  const { store, saver, record, log } = newSaver();
  store.broken.add("saveLinks");
  await assert.rejects(saver.save([record]), /disk full/);
  await saver.flush();
  assert.equal(log.lines[0]?.fields["event"], "live_links_save_failed");
  store.broken.clear();
  await saver.flush();
  assert.equal(store.rows.size, 1);
  store.broken.add("saveLinks");
  await assert.rejects(saver.save([record]));
  store.broken.clear();
  saver.discard("1");
  store.calls.length = 0;
  await saver.flush();
  assert.deepEqual(store.calls, []);
});

Deno.test("LinkSaver runs one flush at a time, of at most 5 s", async () => {
  const { store, saver, record, clock } = newSaver();
  store.hung.add("saveLinks");
  saver.mark(record);
  const flushing = saver.flush();
  saver.mark(record);
  await settle();
  await saver.flush();
  assert.deepEqual(store.calls, ["saveLinks 1"]);
  assert.equal((await during(clock, 5000, flushing)).status, "fulfilled");
});

Deno.test("LinkSaver.saveAll writes what is behind too, during a flush that hangs", async () => {
  const { store, saver, record, clock } = newSaver();
  store.hung.add("saveLinks");
  saver.mark(record);
  const flushing = saver.flush();
  saver.mark(record);
  store.hung.clear();
  await saver.saveAll([]);
  assert.equal(store.rows.size, 1);
  await during(clock, 5000, flushing);
});

Deno.test("LinkSaver forgets rows, and never rejects", async () => {
  const { store, saver, record } = newSaver();
  await saver.save([record]);
  saver.mark(record);
  await saver.forget(["1"]);
  await saver.flush();
  assert.equal(store.rows.size, 0);
  store.broken.add("forgetLinks");
  await saver.forget(["1"]);
});

Deno.test("LinkSaver forgets with each flush what it could not, until it can", async () => {
  const { store, saver, record, log } = newSaver();
  await saver.save([record]);
  store.broken.add("forgetLinks");
  await saver.forget(["1"]);
  await saver.flush();
  assert.equal(store.rows.size, 1);
  assert.equal(log.lines.length, 2);
  store.broken.clear();
  store.calls.length = 0;
  await saver.flush();
  await saver.flush();
  assert.equal(store.rows.size, 0);
  assert.deepEqual(store.calls, ["forgetLinks 1"]);
});

Deno.test("LinkSaver.saveAll forgets too what it could not", async () => {
  const { store, saver, record } = newSaver();
  await saver.save([record]);
  store.broken.add("forgetLinks");
  await saver.forget(["1"]);
  store.broken.clear();
  await saver.saveAll([]);
  assert.equal(store.rows.size, 0);
});

for (const word of ["mark", "save", "discard"] as const) {
  Deno.test(`LinkSaver.${word} keeps a row that could not be forgotten`, async () => {
    const { store, saver, record } = newSaver();
    await saver.save([record]);
    store.broken.add("forgetLinks");
    await saver.forget(["1"]);
    if (word === "mark") saver.mark(record);
    else if (word === "save") await saver.save([record]);
    else saver.discard("1");
    store.broken.clear();
    await saver.saveAll([]);
    assert.equal(store.rows.size, 1);
  });
}

Deno.test("LinkSaver keeps a row that is marked while forgetting it fails", async () => {
  const { store, saver, record, clock } = newSaver();
  store.hung.add("forgetLinks");
  const forgetting = saver.forget(["1"]);
  saver.mark(record);
  await during(clock, 5000, forgetting);
  store.hung.clear();
  await saver.flush();
  assert.equal(store.rows.size, 1);
});

Deno.test("LinkSaver forgets a link whose save fails only after that", async () => {
  const { store, saver, record, clock } = newSaver();
  store.hung.add("saveLinks");
  const saving = saver.save([record]);
  store.broken.add("forgetLinks");
  await saver.forget(["1"]);
  assert.equal((await during(clock, 5000, saving)).status, "rejected");
  store.hung.clear();
  store.broken.clear();
  store.calls.length = 0;
  await saver.flush();
  assert.deepEqual(store.calls, ["forgetLinks 1"]);
});

Deno.test("LinkSaver is full with 1000 rows that it could not forget", async () => {
  const { store, saver } = newSaver();
  const liveIds = Array.from({ length: UNFORGOTTEN_MAX }, (_, id) => `${id}`);
  store.broken.add("forgetLinks");
  await saver.forget(liveIds.slice(1));
  assert.equal(saver.isFull, false);
  await saver.forget(liveIds.slice(0, 1));
  assert.equal(saver.isFull, true);
  store.broken.clear();
  await saver.flush();
  assert.equal(saver.isFull, false);
});
