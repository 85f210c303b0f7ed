import assert from "node:assert/strict";
import { RoomPurge, roomPurgeTask } from "../../src/jobs/purge.ts";
import { StoreError } from "../../src/store/store.ts";
import { START_AT } from "../support/fake_clock.ts";
import { LeapingClock } from "../support/leaping_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

const DAY_MS = 86_400_000;
const SIGNAL = new AbortController().signal;

/** A purge over rooms by the instant of their end, and what it did. */
function newPurge(rooms: Record<string, number>, retentionMs = DAY_MS) {
  const clock = new LeapingClock();
  const log = new RecordingLog();
  const kept = new Map(Object.entries(rooms));
  const steps: string[] = [];
  const limits: number[] = [];
  const links = { left: 0, steps: 0 };
  const users = { left: 0, steps: 0 };
  const devices = { left: 0, steps: 0 };
  /** Before when rows were asked to be that go, of links and users. */
  const before: number[] = [];
  function takeRows(rows: typeof links, at: number, limit: number) {
    before.push(at);
    const count = Math.min(rows.left, limit);
    rows.left -= count;
    rows.steps += 1;
    return Promise.resolve(count);
  }
  /** Called with `uploads r1` and `rows r1`. */
  const hooks = { onStep: (_step: string) => {} };
  function take(step: string): void {
    hooks.onStep(step);
    steps.push(step);
  }
  const purge = new RoomPurge({
    store: {
      purgeable: ({ endedBefore, limit }) => {
        limits.push(limit);
        const old = [...kept].filter(([, endedAt]) => endedAt < endedBefore);
        return Promise.resolve(old.map(([roomId]) => roomId).slice(0, limit));
      },
      purgeDevices: ({ lastBefore, limit, rowsMax }) => {
        assert.equal(rowsMax, 1_000_000);
        return takeRows(devices, lastBefore, limit);
      },
      purgeLinks: ({ limit, settledBefore }) =>
        takeRows(links, settledBefore, limit),
      purgePresence: ({ limit, rowsMax, seenBefore }) => {
        assert.equal(rowsMax, 1_000_000);
        return takeRows(users, seenBefore, limit);
      },
      purgeRoom: (roomId) =>
        Promise.resolve().then(() => {
          take(`rows ${roomId}`);
          kept.delete(roomId);
        }),
    },
    removeUploads: (roomId) =>
      Promise.resolve().then(() => take(`uploads ${roomId}`)),
    retentionMs,
    clock,
    log,
  });
  const made = { before, clock, devices, hooks, kept, limits, links, log };
  return { ...made, purge, steps, users };
}

function roomsOf(count: number): Record<string, number> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`room-${index}`, 0]),
  );
}

Deno.test("RoomPurge removes rooms that ended too long ago, files first", async () => {
  const { kept, log, purge, steps } = newPurge({
    old: START_AT - DAY_MS - 1,
    recent: START_AT - DAY_MS,
  });
  assert.deepEqual(await purge.run(), { removed: 1, failed: 0 });
  assert.deepEqual(steps, ["uploads old", "rows old"]);
  assert.deepEqual([...kept.keys()], ["recent"]);
  assert.deepEqual(log.texts, ["info Removed rooms that ended long ago: 1"]);
});

Deno.test("RoomPurge goes on until nothing is left, and says little of nothing", async () => {
  const { kept, limits, log, purge } = newPurge(roomsOf(250));
  assert.deepEqual(await purge.run(), { removed: 250, failed: 0 });
  assert.equal(kept.size, 0);
  assert.deepEqual(limits, [100, 100, 100, 100]);
  assert.deepEqual(await purge.run(), { removed: 0, failed: 0 });
  assert.equal(log.texts.length, 1);
});

Deno.test("RoomPurge goes on when a room cannot be removed", async () => {
  const { hooks, kept, log, purge, steps } = newPurge(roomsOf(150));
  hooks.onStep = (step) => {
    if (step === "uploads room-0") throw new Error("read-only");
    if (step === "rows room-120") throw new StoreError("busy", "Not now");
  };
  assert.deepEqual(await purge.run(), { removed: 148, failed: 2 });
  assert.deepEqual([...kept.keys()], ["room-0", "room-120"]);
  // Rows go only once the files have gone, so that both are found again.
  assert(!steps.includes("rows room-0"));
  const failures = log.lines.filter(({ level }) => level === "error");
  assert.deepEqual(failures.map(({ fields }) => fields.room), [
    "room-0",
    "room-120",
  ]);
  hooks.onStep = () => {};
  assert.deepEqual(await purge.run(), { removed: 2, failed: 0 });
});

Deno.test("RoomPurge gives up when it is not one room's failure", async () => {
  const { hooks, purge } = newPurge(roomsOf(150));
  hooks.onStep = () => {
    throw new StoreError("full", "No space");
  };
  assert.deepEqual(await purge.run(), { removed: 0, failed: 20 });
});

Deno.test("RoomPurge leaves the rest to the next run when its time is up", async () => {
  const { clock, hooks, purge } = newPurge(roomsOf(10));
  hooks.onStep = (step) => {
    if (step === "rows room-3") clock.leap(60_000);
  };
  assert.deepEqual(await purge.run(), { removed: 4, failed: 0 });
  assert.deepEqual(await purge.run(), { removed: 6, failed: 0 });
});

Deno.test("RoomPurge stops when it is told to", async () => {
  const { hooks, purge } = newPurge(roomsOf(10));
  const aborter = new AbortController();
  hooks.onStep = (step) => {
    if (step === "rows room-2") aborter.abort();
  };
  const { removed } = await purge.run(aborter.signal);
  assert.equal(removed, 3);
});

Deno.test("RoomPurge removes old requests for a match, step by step", async () => {
  const { links, purge } = newPurge(roomsOf(1));
  links.left = 4001;
  assert.deepEqual(await purge.run(), { removed: 1, failed: 0 });
  assert.deepEqual(links, { left: 0, steps: 3 });
  await purge.run(AbortSignal.abort());
  assert.equal(links.steps, 3);
});

Deno.test("RoomPurge removes users who are gone too long, step by step", async () => {
  const { before, clock, log, purge, users } = newPurge({});
  users.left = 4000;
  await purge.run();
  assert.deepEqual(users, { left: 0, steps: 3 });
  assert.deepEqual([...new Set(before)], [clock.now() - DAY_MS]);
  const [line] = log.lines;
  assert.deepEqual(
    [line?.fields.event, line?.fields.users, line?.fields.links],
    ["stale_rows_purged", 4000, 0],
  );
});

Deno.test("RoomPurge removes devices that are gone too long, and says so", async () => {
  const { before, clock, devices, log, purge } = newPurge({});
  devices.left = 1;
  await purge.run();
  assert.deepEqual(devices, { left: 0, steps: 1 });
  assert.deepEqual([...new Set(before)], [clock.now() - DAY_MS]);
  const fields = log.lines.map(({ fields }) => [fields.event, fields.devices]);
  assert.deepEqual(fields, [["stale_rows_purged", 1]]);
});

Deno.test("RoomPurge keeps rooms for good at 0, and nothing else", async () => {
  const { before, clock, kept, limits, links, purge, users } = newPurge(
    roomsOf(3),
    0,
  );
  links.left = 1;
  users.left = 1;
  assert.deepEqual(await purge.run(), { removed: 0, failed: 0 });
  assert.deepEqual([kept.size, limits.length], [3, 0]);
  assert.deepEqual([links.left, users.left], [0, 0]);
  assert.deepEqual([...new Set(before)], [clock.now() - 365 * DAY_MS]);
});

Deno.test("RoomPurge keeps users and requests for a year at most", async () => {
  for (const [days, kept] of [[364, 364], [365, 365], [366, 365]] as const) {
    const { before, clock, purge } = newPurge({}, days * DAY_MS);
    await purge.run();
    assert.deepEqual([...new Set(before)], [clock.now() - kept * DAY_MS]);
  }
});

Deno.test("RoomPurge removes users though no room can be removed", async () => {
  const { hooks, purge, users } = newPurge(roomsOf(50));
  users.left = 1;
  hooks.onStep = () => {
    throw new StoreError("full", "No space");
  };
  assert.equal((await purge.run()).failed, 20);
  assert.equal(users.left, 0);
});

Deno.test("RoomPurge asks no room twice in a run", async () => {
  const { kept, purge, steps } = newPurge(roomsOf(1));
  kept.delete = () => true;
  assert.deepEqual(await purge.run(), { removed: 1, failed: 0 });
  assert.deepEqual(steps, ["uploads room-0", "rows room-0"]);
});

Deno.test("roomPurgeTask purges every hour", async () => {
  const { kept, purge } = newPurge(roomsOf(1));
  const task = roomPurgeTask(purge);
  assert.deepEqual([task.name, task.intervalMs], ["room_purge", 3_600_000]);
  await task.run(SIGNAL);
  assert.equal(kept.size, 0);
});
