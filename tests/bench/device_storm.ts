/**
 * How long devices need to be where they were when the server comes back.
 *
 * All connect at once, to a server that was killed and started again on the
 * same database, and none of them names its room.
 *
 * @module
 */

import { Child } from "./child.ts";
import { ParlorProcess } from "./parlor_process.ts";
import { warnLine } from "./print.ts";
import { openFilesMax, statsFault } from "./process_stats.ts";
import { median, type Row, skippedRow } from "./report.ts";
import type { StormJob, StormResult } from "./storm_process.ts";

const DEVICES = 5000;
const ROOMS = 1000;
const HOME_SECS_MAX = 10;

/** Files that a process opens beside its connections. */
const OTHER_FILES = 100;

const GOAL = {
  name: "devices home after a restart",
  goal: `<= ${HOME_SECS_MAX} s`,
};

/** One restart. */
interface Storm extends StormResult {
  /** From the kill until the server listens again. */
  readonly restartMs: number;
}

/** @param rounds how often the server is killed, each time a new one. */
export async function deviceStormRow(rounds: number): Promise<Row> {
  const fault = statsFault();
  if (fault !== undefined) return skippedRow(GOAL, fault);
  const devices = Math.min(DEVICES, openFilesMax() - OTHER_FILES);
  const storms: Storm[] = [];
  while (storms.length < rounds) storms.push(await storm(devices));
  const tookSecs = median(storms.map(({ tookMs }) => tookMs)) / 1000;
  const restartSecs = median(storms.map((one) => one.restartMs)) / 1000;
  const home = Math.min(...storms.map((one) => one.home));
  return {
    ...GOAL,
    measured: `${tookSecs.toFixed(1)} s`,
    detail: `${home} of ${devices} devices home in ${ROOMS} rooms, ` +
      `the server up after ${restartSecs.toFixed(1)} s`,
    isMet: home === devices && tookSecs <= HOME_SECS_MAX,
  };
}

async function storm(devices: number): Promise<Storm> {
  await using parlor = await ParlorProcess.start();
  const job: StormJob = { port: parlor.port, devices, rooms: ROOMS };
  await using load = new Child("tests/bench/storm_process.ts", {
    args: [JSON.stringify(job)],
  });
  await load.line(/^ready$/);
  const startedMs = performance.now();
  await parlor.restart();
  const restartMs = performance.now() - startedMs;
  await load.tell(String(parlor.port));
  const [line] = await load.line(/^\{.*\}$/);
  const result: StormResult = JSON.parse(line);
  const { arrivals: { p50Ms }, home, tookMs } = result;
  warnLine(
    `storm: ${home} of ${devices} home in ${tookMs.toFixed(0)} ms, ` +
      `half of them after ${p50Ms.toFixed(0)} ms, ` +
      `server up after ${restartMs.toFixed(0)} ms`,
  );
  return { ...result, restartMs };
}
