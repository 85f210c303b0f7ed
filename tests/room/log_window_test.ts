import assert from "node:assert/strict";
import fc from "fast-check";
import { PAGE_WEIGHT_MAX } from "../../src/room/entry_weight.ts";
import { LogWindow } from "../../src/room/log_window.ts";
import { RoomState } from "../../src/room/room_state.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { FakeReader, FakeRecorder } from "./actor_world.ts";
import { countingIds, newMessage, newStart, ROOM_OPTIONS } from "./fixture.ts";

interface LogOptions {
  /** Entries that are in the database only. */
  readonly stored: number;
  /** Entries since, which are in memory as far as it goes. */
  readonly recent: number;
  readonly memory?: number;
  /** Characters of each message since. */
  readonly chars?: number;
}

function newWindow({ stored, recent, memory = 100, chars = 2 }: LogOptions) {
  const options = { ...ROOM_OPTIONS, recentEntriesMax: memory };
  const state = new RoomState(
    newStart({ lastSeq: stored }),
    options,
    countingIds(),
  );
  const recorder = new FakeRecorder();
  const before = Array.from(
    { length: stored },
    (_, index) => newMessage(index + 1),
  );
  const reader = new FakeReader(recorder, before);
  for (let seq = stored + 1; seq <= stored + recent; seq++) {
    const entry = newMessage(seq, { content: "x".repeat(chars) });
    recorder.accept([{ type: "entry", entry }]);
    state.recent.push(entry);
  }
  return { reader, state, window: new LogWindow(state, reader) };
}

function seqs(entries: readonly LogEntry[]): number[] {
  return entries.map(({ seq }) => seq);
}

function isNotFound(error: unknown): boolean {
  return error instanceof ChatError && error.code === "message_not_found";
}

Deno.test("LogWindow pages forward after a number", async () => {
  const { window } = newWindow({ stored: 0, recent: 5 });
  const first = await window.page({ afterSeq: 0, limit: 3 });
  assert.deepEqual([seqs(first.entries), first.hasMore], [[1, 2, 3], true]);
  const rest = await window.page({ afterSeq: 3, limit: 2 });
  assert.deepEqual([seqs(rest.entries), rest.hasMore], [[4, 5], false]);
});

Deno.test("LogWindow pages back before a number, or from the newest", async () => {
  const { window } = newWindow({ stored: 0, recent: 5 });
  const newest = await window.page({ limit: 2 });
  assert.deepEqual([seqs(newest.entries), newest.hasMore], [[4, 5], true]);
  const older = await window.page({ beforeSeq: 4, limit: 2 });
  assert.deepEqual([seqs(older.entries), older.hasMore], [[2, 3], true]);
  const oldest = await window.page({ beforeSeq: 2, limit: 2 });
  assert.deepEqual([seqs(oldest.entries), oldest.hasMore], [[1], false]);
});

Deno.test("LogWindow has nothing before its first entry or after its last", async () => {
  const { reader, window } = newWindow({ stored: 5, recent: 0 });
  for (
    const range of [
      { afterSeq: 5, limit: 9 },
      { afterSeq: 99, limit: 9 },
      { beforeSeq: 1, limit: 9 },
      { beforeSeq: 0, limit: 9 },
    ]
  ) {
    assert.deepEqual(await window.page(range), { entries: [], hasMore: false });
  }
  assert.deepEqual(reader.reads, []);
  const all = await window.page({ beforeSeq: 99, limit: 9 });
  assert.deepEqual(seqs(all.entries), [1, 2, 3, 4, 5]);
});

Deno.test("LogWindow of a new room is empty", async () => {
  const { window } = newWindow({ stored: 0, recent: 0 });
  assert.deepEqual(await window.page({ limit: 9 }), {
    entries: [],
    hasMore: false,
  });
  assert.equal(window.lastSeq, 0);
});

Deno.test("LogWindow reads the database only for what memory lacks", async () => {
  const { reader, window } = newWindow({ stored: 3, recent: 4, memory: 2 });
  const inMemory = await window.page({ afterSeq: 5, limit: 9 });
  assert.deepEqual(seqs(inMemory.entries), [6, 7]);
  assert.deepEqual(reader.reads, []);
  const mixed = await window.page({ afterSeq: 4, limit: 9 });
  assert.deepEqual(seqs(mixed.entries), [5, 6, 7]);
  assert.deepEqual(reader.reads, [{ afterSeq: 4, limit: 3 }]);
  const back = await window.page({ beforeSeq: 7, limit: 3 });
  assert.deepEqual(seqs(back.entries), [4, 5, 6]);
  assert.deepEqual(reader.reads.at(-1), { afterSeq: 3, limit: 3 });
});

Deno.test("LogWindow bounds a page by its weight, and says that there is more", async () => {
  const chars = Math.floor(PAGE_WEIGHT_MAX / 3);
  const { window } = newWindow({ stored: 0, recent: 5, chars });
  const forward = await window.page({ afterSeq: 0, limit: 5 });
  assert.deepEqual([seqs(forward.entries), forward.hasMore], [[1, 2], true]);
  const back = await window.page({ limit: 5 });
  assert.deepEqual([seqs(back.entries), back.hasMore], [[4, 5], true]);
  const one = newWindow({ stored: 0, recent: 2, chars: PAGE_WEIGHT_MAX });
  assert.deepEqual(seqs((await one.window.page({ limit: 5 })).entries), [2]);
});

Deno.test("LogWindow passes a failure of the database on", async () => {
  const { reader, window } = newWindow({ stored: 3, recent: 0 });
  reader.failure = new Error("Cannot read");
  await assert.rejects(window.page({ limit: 9 }), reader.failure);
  await assert.rejects(
    async () => await window.requireMessage(1),
    reader.failure,
  );
});

Deno.test("LogWindow finds a message in the database", async () => {
  const { window } = newWindow({ stored: 3, recent: 1 });
  await window.requireMessage(1);
  await window.requireMessage(3);
});

Deno.test("LogWindow leaves a message in memory to the room", () => {
  const { reader, window } = newWindow({ stored: 3, recent: 1 });
  reader.failure = new Error("Cannot read");
  assert.equal(window.requireMessage(4), undefined);
});

Deno.test("LogWindow says whether any of some messages must be looked up", () => {
  const { window } = newWindow({ stored: 3, recent: 2 });
  assert.equal(window.areAtHand([4, 5]), true);
  assert.equal(window.areAtHand([]), true);
  // There are none of these, and no database is asked for that.
  assert.equal(window.areAtHand([-1, 0, 6]), true);
  assert.equal(window.areAtHand([3]), false);
  assert.equal(window.areAtHand([5, 1]), false);
});

Deno.test("LogWindow finds no message past the end, or of another kind", async () => {
  const { reader, window } = newWindow({ stored: 3, recent: 1 });
  for (const seq of [5, 0, -1]) {
    assert.throws(() => window.requireMessage(seq), isNotFound);
  }
  reader.message = () => Promise.resolve(undefined);
  await assert.rejects(async () => await window.requireMessage(3), isNotFound);
});

Deno.test("LogWindow gives what the whole log would, wherever it is", async () => {
  const world = fc.record({
    stored: fc.nat(12),
    recent: fc.nat(12),
    memory: fc.integer({ min: 1, max: 12 }),
    from: fc.nat(30),
    limit: fc.integer({ min: 1, max: 12 }),
    way: fc.constantFrom("after", "before", "newest"),
  });
  await fc.assert(
    fc.asyncProperty(world, async ({ from, limit, way, ...log }) => {
      const { window } = newWindow(log);
      const lastSeq = log.stored + log.recent;
      const all = Array.from({ length: lastSeq }, (_, index) => index + 1);
      if (way === "after") {
        const later = all.filter((seq) => seq > from);
        const page = await window.page({ afterSeq: from, limit });
        assert.deepEqual(seqs(page.entries), later.slice(0, limit));
        assert.equal(page.hasMore, later.length > limit);
        return;
      }
      const end = way === "before" ? from : lastSeq + 1;
      const earlier = all.filter((seq) => seq < end);
      const page = await window.page(
        way === "before" ? { beforeSeq: from, limit } : { limit },
      );
      assert.deepEqual(seqs(page.entries), earlier.slice(-limit));
      assert.equal(page.hasMore, earlier.length > limit);
    }),
  );
});
