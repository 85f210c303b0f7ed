/**
 * What a connection costs while nothing is said.
 *
 * @module
 */

import type { LoadJob } from "./load_job.ts";
import { listeningJob, LoadProcess } from "./load_process.ts";
import { pause } from "./pace.ts";
import { warnLine } from "./print.ts";
import { openFilesMax, residentBytes, statsFault } from "./process_stats.ts";
import { type Row, skippedRow } from "./report.ts";
import { startParlor } from "./servers.ts";

const CONNECTIONS = 5000;
const KILOBYTES_MAX = 40;

/** Files that a server opens beside its connections. */
const OTHER_FILES = 100;

/** How long the server may take to come to rest, in ms. */
const SETTLE_MS = 3000;

const GOAL = goalOf("idle connection");

/** What an idle connection may cost. */
export function goalOf(name: string): Pick<Row, "name" | "goal"> {
  return { name, goal: `<= ${KILOBYTES_MAX} kB` };
}

/** Opens connections to one room and says nothing on them. */
export async function idleRow(): Promise<Row> {
  const fault = statsFault();
  if (fault !== undefined) return skippedRow(GOAL, fault);
  await using server = await startParlor();
  return idleRowOf(GOAL, {
    pid: server.pid,
    job: (connections) => listeningJob(server, connections),
  });
}

/** A server, and what connects to it. */
export interface IdleLoad {
  readonly pid: number;
  job(connections: number): LoadJob;
}

/** Opens as many connections as a job says, and says nothing on them. */
export async function idleRowOf(
  goal: Pick<Row, "name" | "goal">,
  { pid, job }: IdleLoad,
): Promise<Row> {
  const connections = Math.min(CONNECTIONS, openFilesMax() - OTHER_FILES);
  const before = residentBytes(pid);
  await using load = new LoadProcess({
    ...job(connections),
    readBytesMin: 512,
  });
  await load.opened();
  await pause(SETTLE_MS);
  const grown = residentBytes(pid) - before;
  const kilobytes = grown / connections / 1000;
  warnLine(
    `${goal.name}: ${connections}, ${(grown / 1e6).toFixed(0)} MB more`,
  );
  return {
    ...goal,
    measured: `${kilobytes.toFixed(1)} kB`,
    detail: `${connections} connections, ${(grown / 1e6).toFixed(0)} MB`,
    isMet: kilobytes <= KILOBYTES_MAX,
  };
}
