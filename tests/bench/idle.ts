/**
 * What a connection costs while nothing is said.
 *
 * @module
 */

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

const GOAL = {
  name: "idle connection",
  goal: `<= ${KILOBYTES_MAX} kB`,
};

/** Opens connections to one room and says nothing on them. */
export async function idleRow(): Promise<Row> {
  const fault = statsFault();
  if (fault !== undefined) return skippedRow(GOAL, fault);
  const connections = Math.min(CONNECTIONS, openFilesMax() - OTHER_FILES);
  await using server = await startParlor();
  const before = residentBytes(server.pid);
  await using load = new LoadProcess({
    ...listeningJob(server, connections),
    readBytesMin: 512,
  });
  await load.opened();
  await pause(SETTLE_MS);
  const grown = residentBytes(server.pid) - before;
  const kilobytes = grown / connections / 1000;
  warnLine(
    `idle: ${connections} connections, ${(grown / 1e6).toFixed(0)} MB more`,
  );
  return {
    ...GOAL,
    measured: `${kilobytes.toFixed(1)} kB`,
    detail: `${connections} connections, ${(grown / 1e6).toFixed(0)} MB`,
    isMet: kilobytes <= KILOBYTES_MAX,
  };
}
