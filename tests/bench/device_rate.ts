/**
 * The devices dialect beside the rooms dialect, by what the server's processor
 * time delivers. Both send the same frame to as many.
 *
 * @module
 */

import {
  deliveryRate,
  type Measured,
  MEMBERS,
  type RateOptions,
  type RatePair,
  type RatioGoal,
  ratioRow,
} from "./delivery_rate.ts";
import { BATCHED_READ_BYTES, BATCHED_ROOM, SINGLE_ROOM } from "./fan_out.ts";
import { deviceJob } from "./load_process.ts";
import { statsFault } from "./process_stats.ts";
import { type Row, skippedRow } from "./report.ts";
import { type BenchServer, startForDevices } from "./servers.ts";

/** Devices, and the members of a room that they are compared with. */
interface Comparison {
  readonly goal: RatioGoal;
  readonly devices: Measured;
  readonly members: Measured;
}

const SINGLE_DEVICES: Measured = {
  name: "devices",
  start: startForDevices,
  job: devicesJob,
};

const COMPARISONS: readonly Comparison[] = [
  {
    goal: goalOf("devices, one frame each"),
    devices: SINGLE_DEVICES,
    members: SINGLE_ROOM,
  },
  {
    goal: goalOf("devices, binary frames"),
    devices: { ...SINGLE_DEVICES, name: "devices, binary", isBinary: true },
    members: SINGLE_ROOM,
  },
  {
    goal: goalOf("devices, batched"),
    devices: {
      name: "devices, batched",
      start: startForDevices,
      job: (server) => ({
        ...devicesJob(server),
        path: `${server.path}?batch=true`,
        readBytesMin: BATCHED_READ_BYTES,
      }),
    },
    members: BATCHED_ROOM,
  },
];

function goalOf(name: string): RatioGoal {
  return { name, goal: ">= 0.9 x rooms", ratioMin: 0.9 };
}

function devicesJob(server: BenchServer) {
  return deviceJob(server, MEMBERS);
}

/** Compares devices with the members of a room, in turns. */
export async function deviceRateRows(options: RateOptions): Promise<Row[]> {
  const fault = statsFault();
  if (fault !== undefined) {
    return COMPARISONS.map(({ goal }) => skippedRow(goal, fault));
  }
  const rounds: RatePair[][] = [];
  while (rounds.length < options.rounds) rounds.push(await round(options));
  return COMPARISONS.map(({ goal }, index) =>
    ratioRow(goal, rounds.flatMap((pairs) => pairs[index] ?? []))
  );
}

/** A pair for each comparison; the members of each kind are measured once. */
async function round(options: RateOptions): Promise<RatePair[]> {
  const bases = new Map<Measured, number>();
  const pairs: RatePair[] = [];
  for (const { devices, members } of COMPARISONS) {
    const base = bases.get(members) ?? await deliveryRate(members, options);
    bases.set(members, base);
    pairs.push({ rate: await deliveryRate(devices, options), base });
  }
  return pairs;
}
