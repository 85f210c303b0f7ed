/**
 * Parlor beside the bare server, by what their processor time delivers.
 *
 * @module
 */

import {
  deliveryRate,
  IN_FLIGHT,
  type Measured,
  MEMBERS,
  type RateOptions,
  type RatioGoal,
  ratioRow,
} from "./delivery_rate.ts";
import { listeningJob } from "./load_process.ts";
import { statsFault } from "./process_stats.ts";
import { type Row, skippedRow } from "./report.ts";
import { type BenchServer, startBare, startParlor } from "./servers.ts";

const BATCH_PROTOCOL = "parlor.v1.batch";

/**
 * Between two reads a connection is sent some 40 kB: with less room than that
 * the load would lag behind, and miss messages.
 */
export const BATCHED_READ_BYTES = 65_536;

const SINGLE: RatioGoal = {
  name: "one frame each",
  goal: ">= 0.9 x bare",
  ratioMin: 0.9,
};
const BATCHED: RatioGoal = {
  name: `batched, ${IN_FLIGHT} in flight`,
  goal: ">= 6 x bare",
  ratioMin: 6,
};

/** The bare server's load. */
const BARE: Measured = { name: "bare", start: startBare, job: membersJob };

/** Parlor's own dialect, a frame for each message. */
export const SINGLE_ROOM: Measured = {
  name: "one frame each",
  start: startParlor,
  job: membersJob,
};

/** The same, one frame for each turn. */
export const BATCHED_ROOM: Measured = {
  name: "batched",
  start: startParlor,
  job: (server) => ({
    ...membersJob(server),
    protocol: BATCH_PROTOCOL,
    readBytesMin: BATCHED_READ_BYTES,
  }),
};

function membersJob(server: BenchServer) {
  return listeningJob(server, MEMBERS);
}

/** Compares Parlor with the bare server, in turns. */
export async function fanOutRows(options: RateOptions): Promise<Row[]> {
  const fault = statsFault();
  if (fault !== undefined) {
    return [SINGLE, BATCHED].map((goal) => skippedRow(goal, fault));
  }
  const rounds: { bare: number; single: number; batched: number }[] = [];
  while (rounds.length < options.rounds) {
    rounds.push({
      bare: await deliveryRate(BARE, options),
      single: await deliveryRate(SINGLE_ROOM, options),
      batched: await deliveryRate(BATCHED_ROOM, options),
    });
  }
  return [
    ratioRow(
      SINGLE,
      rounds.map(({ single, bare }) => ({ rate: single, base: bare })),
    ),
    ratioRow(
      BATCHED,
      rounds.map(({ batched, bare }) => ({ rate: batched, base: bare })),
    ),
  ];
}
