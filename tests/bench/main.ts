/**
 * Measures Parlor against its goals: `deno task bench [--quick] [--json]`.
 * `--only` with `fan-out`, `devices`, `priority`, `idle`, `readers`,
 * `callbacks`, `recycle` or `live` measures that part.
 *
 * Server and load are processes of their own on one machine. Machines are
 * noisy, so Parlor and the bare server take turns, and what counts is the
 * median of their ratios. Progress goes to standard error, the table to
 * standard output; the exit code is 1 when a goal is missed.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { callbackRateRows } from "./callback_rate.ts";
import { deadEndpointRows } from "./dead_endpoint.ts";
import { deviceRateRows } from "./device_rate.ts";
import { deviceStormRow } from "./device_storm.ts";
import { fanOutRows } from "./fan_out.ts";
import { idleRow } from "./idle.ts";
import { liveRows } from "./live.ts";
import { printMicro } from "./micro.ts";
import { printLine } from "./print.ts";
import { priorityRow } from "./priority.ts";
import { readersRow } from "./readers.ts";
import { recycleRows } from "./recycle.ts";
import { type Row, tableLines } from "./report.ts";
import { slowReaderRows } from "./slow_reader.ts";

const FULL = {
  rounds: 5,
  warmUpMs: 1500,
  sendMs: 4000,
  restarts: 3,
  turns: 21,
  eventsMs: 10_000,
  callbacks: 20_000,
  callbackRounds: 2,
  looks: 20,
  feedMs: 60_000,
  watchMs: 15_000,
  flood: 300_000,
  floodRounds: 5,
  flapMs: 60_000,
};
const QUICK: Plan = {
  rounds: 3,
  warmUpMs: 1000,
  sendMs: 1500,
  restarts: 1,
  turns: 15,
  eventsMs: 3000,
  callbacks: 5000,
  callbackRounds: 3,
  looks: 5,
  feedMs: 10_000,
  watchMs: 5000,
  flood: 100_000,
  floodRounds: 3,
  flapMs: 10_000,
};
type Plan = typeof FULL;

type Part = (plan: Plan) => Promise<Row[]>;

/** In order, by the word that chooses one alone. */
const PARTS: Readonly<Record<string, Part>> = {
  "fan-out": fanOutRows,
  devices: async (plan) => [
    ...await deviceRateRows(plan),
    await deviceStormRow(plan.restarts),
    ...await slowReaderRows(plan.turns),
  ],
  priority: async ({ eventsMs }) => [await priorityRow(eventsMs)],
  idle: async () => [await idleRow()],
  readers: async () => [await readersRow()],
  callbacks: async (plan) => [
    ...await callbackRateRows(plan),
    ...await deadEndpointRows(),
  ],
  recycle: ({ looks }) => recycleRows(looks),
  live: liveRows,
};

function partsNamed(only: string | undefined): Part[] {
  if (only === undefined) return Object.values(PARTS);
  const part = PARTS[only];
  if (part !== undefined) return [part];
  const names = Object.keys(PARTS).join(", ");
  throw new Error(`Cannot measure "${only}" only: want one of ${names}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      micro: { type: "boolean", default: false },
      only: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  if (values.micro) {
    await printMicro();
    return 0;
  }
  const plan = values.quick ? QUICK : FULL;
  const rows: Row[] = [];
  for (const measure of partsNamed(values.only)) {
    rows.push(...await measure(plan));
  }
  if (values.json) printLine(JSON.stringify(rows, null, 2));
  else tableLines(rows).forEach(printLine);
  return rows.some(({ isMet }) => isMet === false) ? 1 : 0;
}

Deno.exit(await main());
