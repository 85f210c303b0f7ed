/**
 * What looking for rooms to end costs those who talk meanwhile, and how fast
 * people are matched. Without a socket: what is timed are turns.
 *
 * @module
 */

import { SystemClock } from "../../src/base/clock.ts";
import { systemIds } from "../../src/base/ids.ts";
import { silentLog } from "../../src/base/log.ts";
import { nextTurn, type Yield } from "../../src/base/turn.ts";
import { readConfig } from "../../src/config.ts";
import { type Core, openCore } from "../../src/core.ts";
import { Reaper } from "../../src/jobs/reaper.ts";
import { warnLine } from "./print.ts";
import { median, rounded, type Row } from "./report.ts";

const ROOMS = 10_000;
const TOTAL_MS_MAX = 100;
const SLICE_MS_MAX = 5;
const CROWDS = [1000, 100_000];

/** Memory enough for all at once: nobody's press is to be refused. */
const SETTINGS = { ROOMS_MAX: "100000", PENDING_BYTES_MAX: `${2 ** 30}` };

/** One look at every room. */
interface Look {
  readonly totalMs: number;
  readonly slices: number;
  readonly longestMs: number;
}

/** @param rounds how often all rooms are looked at. */
export async function recycleRows(rounds: number): Promise<Row[]> {
  const rows = await considerRows(rounds);
  for (const crowd of CROWDS) rows.push(await matchRow(crowd));
  return rows;
}

function openBenchCore(): Promise<Core> {
  return openCore({
    config: readConfig(SETTINGS),
    adminApiKey: systemIds.uuid(),
    clock: new SystemClock(),
    ids: systemIds,
    yield: nextTurn,
    log: silentLog,
  });
}

function closeCore(core: Core): Promise<void> {
  return core.stop({ flushMsMax: 60_000, callbackMsMax: 0 });
}

async function considerRows(rounds: number): Promise<Row[]> {
  const core = await openBenchCore();
  for (let count = 0; count < ROOMS; count++) newRoom(core, count);
  const looks: Look[] = [];
  for (let round = 0; round < rounds; round++) {
    looks.push(await lookAtAll(core));
  }
  await closeCore(core);
  const totals = looks.map(({ totalMs }) => totalMs);
  const longest = looks.map(({ longestMs }) => longestMs);
  const totalMs = median(totals);
  const longestMs = median(longest);
  const slices = median(looks.map((look) => look.slices));
  const worst = `worst of ${rounds} looks`;
  return [{
    name: `${rounded(ROOMS)} rooms considered for their end`,
    goal: `< ${TOTAL_MS_MAX} ms of turns`,
    measured: `${totalMs.toFixed(1)} ms`,
    detail: `${slices} slices, ${
      Math.max(...totals).toFixed(1)
    } ms at ${worst}`,
    isMet: totalMs < TOTAL_MS_MAX,
  }, {
    name: "the longest slice of that",
    goal: `<= ${SLICE_MS_MAX} ms`,
    measured: `${longestMs.toFixed(1)} ms`,
    detail: `${Math.max(...longest).toFixed(1)} ms at ${worst}`,
    isMet: longestMs <= SLICE_MS_MAX,
  }];
}

/** A room that nobody came to, and so is due: these cost most. */
function newRoom({ registry }: Core, count: number): void {
  registry.create({
    name: "",
    adminUserIds: [],
    autoClose: true,
    slowModeSecs: 0,
    membersMax: null,
    pinned: null,
    chat: {
      access: "participants",
      participants: [personOf(2 * count), personOf(2 * count + 1)],
      isWaiting: false,
    },
  });
}

function personOf(index: number) {
  return { userId: `user${index}`, nickname: `User ${index}` };
}

/** A rehearsal of the job, and how long each slice of it was. */
async function lookAtAll({ registry }: Core): Promise<Look> {
  const slicesMs: number[] = [];
  let startedMs = performance.now();
  const timed: Yield = (next) => {
    slicesMs.push(performance.now() - startedMs);
    nextTurn(() => {
      startedMs = performance.now();
      next();
    });
  };
  const reaper = new Reaper({
    rooms: () => registry.all(),
    deviceTtlMs: 0,
    liveTtlMs: 0,
    idleMs: 0,
    clock: new SystemClock(),
    yield: timed,
    log: silentLog,
  });
  startedMs = performance.now();
  const { rooms } = await reaper.reap({ force: true, dryRun: true });
  slicesMs.push(performance.now() - startedMs);
  if (rooms.length !== ROOMS) {
    throw new Error(`Cannot measure: ${rooms.length} rooms were due`);
  }
  return {
    totalMs: slicesMs.reduce((sum, one) => sum + one, 0),
    slices: slicesMs.length,
    longestMs: Math.max(...slicesMs),
  };
}

/** So many users press at once; everybody is to be matched, nobody twice. */
async function matchRow(users: number): Promise<Row> {
  const core = await openBenchCore();
  const startedMs = performance.now();
  await Promise.all(
    Array.from(
      { length: users },
      (_, index) => core.chat.links.request(personOf(index)),
    ),
  );
  const tookMs = performance.now() - startedMs;
  const rooms = matchedRooms(core);
  await closeCore(core);
  warnLine(`matched ${users} users in ${tookMs.toFixed(0)} ms`);
  return {
    name: `${rounded(users)} users press at once`,
    goal: `${users / 2} rooms, nobody twice`,
    measured: `${rooms} rooms`,
    detail: `${tookMs.toFixed(0)} ms, ${rounded(users / tookMs * 1000)}/s`,
    isMet: rooms === users / 2,
  };
}

/** Rooms of two people of which none is in another. */
function matchedRooms({ registry }: Core): number {
  const seen = new Set<string>();
  let rooms = 0;
  for (const { state } of registry.all()) {
    const people = state.chat?.participants ?? [];
    const isNew = people.every(({ userId }) => !seen.has(userId));
    for (const { userId } of people) seen.add(userId);
    if (people.length === 2 && isNew) rooms += 1;
  }
  return rooms;
}
