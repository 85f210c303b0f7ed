import assert from "node:assert/strict";
import {
  type ReapableRoom,
  Reaper,
  reapJob,
  type ReapRequest,
} from "../../src/jobs/reap.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

const MINUTE_MS = 60_000;

/** A room as the reaper sees it. */
interface RoomSketch {
  readonly id: string;
  readonly autoClose?: boolean;
  readonly ageMs?: number;
  /** `null` while someone is there. */
  readonly emptyMs?: number | null;
  readonly refusal?: Error;
}

/** A reaper over rooms, ten minutes' idle, and what it ended. */
function newReaper(...sketches: RoomSketch[]) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const ended: string[] = [];
  const rooms = sketches.map((sketch) => newRoom(sketch, ended));
  const reaper = new Reaper({
    rooms: () => rooms.filter(({ id }) => !ended.includes(id)),
    counts: () =>
      Promise.resolve({
        active: rooms.length - ended.length,
        ended: ended.length,
      }),
    idleMs: 10 * MINUTE_MS,
    clock,
    log,
  });
  return { clock, ended, log, reaper };
}

function newRoom(
  { id, autoClose = true, ageMs = 60 * MINUTE_MS, emptyMs, refusal }:
    RoomSketch,
  ended: string[],
): ReapableRoom {
  const emptySinceAt = emptyMs === null
    ? null
    : START_AT - (emptyMs ?? 60 * MINUTE_MS);
  return {
    id,
    facts: () => ({ autoClose, createdAt: START_AT - ageMs, emptySinceAt }),
    operate: (command) => {
      if (refusal !== undefined) return Promise.reject(refusal);
      assert.deepEqual(command, { type: "end", reason: "reaped" });
      ended.push(id);
      return Promise.resolve();
    },
  };
}

const BY_ITSELF: ReapRequest = { force: false, dryRun: false };

Deno.test("Reaper ends a room whose users left long ago, and says so", async () => {
  const { ended, log, reaper } = newReaper({ id: "idle" }, {
    id: "busy",
    emptyMs: null,
  });
  assert.deepEqual(await reaper.reap(BY_ITSELF), {
    rooms: [{ roomId: "idle", createdAt: START_AT - 60 * MINUTE_MS }],
    counts: { active: 1, ended: 1, waiting: 0 },
  });
  assert.deepEqual(ended, ["idle"]);
  assert.deepEqual(log.texts, ["info Reaped a room"]);
});

Deno.test("Reaper spares a room that does not end by itself, also when forced", async () => {
  const { ended, reaper } = newReaper({ id: "kept", autoClose: false });
  await reaper.reap({ minutes: 0, force: true, dryRun: false });
  assert.deepEqual(ended, []);
});

Deno.test("Reaper waits for the idle time and no longer", async () => {
  const idleMs = 10 * MINUTE_MS;
  const { clock, ended, reaper } = newReaper(
    { id: "before", emptyMs: idleMs - 2 },
    { id: "at", emptyMs: idleMs },
    { id: "after", emptyMs: idleMs + 1 },
  );
  await reaper.reap(BY_ITSELF);
  assert.deepEqual(ended, ["at", "after"]);
  await clock.advance(1);
  await reaper.reap(BY_ITSELF);
  assert.deepEqual(ended, ["at", "after"]);
  await clock.advance(1);
  await reaper.reap(BY_ITSELF);
  assert.deepEqual(ended, ["at", "after", "before"]);
});

Deno.test("Reaper takes the minutes that it is told", async () => {
  const { ended, reaper } = newReaper(
    { id: "two", emptyMs: 2 * MINUTE_MS },
    { id: "three", emptyMs: 3 * MINUTE_MS },
    { id: "here", emptyMs: null },
  );
  await reaper.reap({ ...BY_ITSELF, minutes: 3 });
  assert.deepEqual(ended, ["three"]);
  await reaper.reap({ ...BY_ITSELF, minutes: 0 });
  assert.deepEqual(ended, ["three", "two"]);
});

Deno.test("Reaper spares a room younger than five minutes, unless forced", async () => {
  const young = 5 * MINUTE_MS - 1;
  const { ended, reaper } = newReaper(
    { id: "young", ageMs: young, emptyMs: young },
    { id: "old enough", ageMs: young + 1, emptyMs: young + 1 },
  );
  await reaper.reap({ ...BY_ITSELF, minutes: 1 });
  assert.deepEqual(ended, ["old enough"]);
  // Only the bound on the age is lifted.
  await reaper.reap({ minutes: 6, force: true, dryRun: false });
  assert.deepEqual(ended, ["old enough"]);
  await reaper.reap({ minutes: 1, force: true, dryRun: false });
  assert.deepEqual(ended, ["old enough", "young"]);
});

Deno.test("Reaper only tells, when it is a dry run", async () => {
  const { ended, log, reaper } = newReaper({ id: "idle" });
  const report = await reaper.reap({ force: false, dryRun: true });
  assert.deepEqual(report.rooms.map(({ roomId }) => roomId), ["idle"]);
  assert.deepEqual(report.counts, { active: 1, ended: 0, waiting: 0 });
  assert.deepEqual(ended, []);
  assert.deepEqual(log.texts, []);
});

Deno.test("Reaper goes on when a room cannot be ended", async () => {
  const { ended, log, reaper } = newReaper(
    { id: "stuck", refusal: new ChatError("storage_unavailable") },
    { id: "idle" },
  );
  const { rooms, counts } = await reaper.reap(BY_ITSELF);
  assert.deepEqual(
    rooms.map(({ roomId, error }) => [roomId, error]),
    [
      ["stuck", "Messages cannot be stored right now"],
      ["idle", undefined],
    ],
  );
  assert.deepEqual(counts, { active: 1, ended: 1, waiting: 0 });
  assert.deepEqual(ended, ["idle"]);
  assert.deepEqual(log.texts, [
    "error Failed to reap a room",
    "info Reaped a room",
  ]);
});

Deno.test("Reaper spares a room that is entered while others are ended", async () => {
  let emptySinceAt: number | null = START_AT - 60 * MINUTE_MS;
  const ended: string[] = [];
  const first = newRoom({ id: "first" }, ended);
  const second = newRoom({ id: "second" }, ended);
  const rooms: ReapableRoom[] = [
    {
      ...first,
      operate: (command) => {
        emptySinceAt = null;
        return first.operate(command);
      },
    },
    { ...second, facts: () => ({ ...second.facts(), emptySinceAt }) },
  ];
  const reaper = new Reaper({
    rooms: () => rooms,
    counts: () => Promise.resolve({ active: 1, ended: 1 }),
    idleMs: 10 * MINUTE_MS,
    clock: new FakeClock(),
    log: new RecordingLog(),
  });
  await reaper.reap(BY_ITSELF);
  assert.deepEqual(ended, ["first"]);
});

Deno.test("reapJob reaps each minute by the setting", async () => {
  const { ended, reaper } = newReaper({ id: "idle" }, {
    id: "young",
    ageMs: 1,
    emptyMs: 1,
  });
  const job = reapJob(reaper);
  assert.deepEqual([job.name, job.schedule], ["reap", "* * * * *"]);
  await job.run(new AbortController().signal);
  assert.deepEqual(ended, ["idle"]);
});

Deno.test("reapJob does not ask the database for counts that nobody reads", async () => {
  const reaper = new Reaper({
    rooms: () => [],
    counts: () => Promise.reject(new Error("Asked")),
    idleMs: 600_000,
    clock: new FakeClock(),
    log: new RecordingLog(),
  });
  await reapJob(reaper).run(new AbortController().signal);
});
