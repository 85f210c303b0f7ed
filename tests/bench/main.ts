/**
 * Measures Parlor against its goals: `deno task bench [--quick] [--json]`.
 *
 * Server and load are processes of their own on one machine. Machines are
 * noisy, so Parlor and the bare server take turns, and what counts is the
 * median of their ratios. Progress goes to standard error, the table to
 * standard output; the exit code is 1 when a goal is missed.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { fanOutRows } from "./fan_out.ts";
import { idleRow } from "./idle.ts";
import { printMicro } from "./micro.ts";
import { printLine } from "./print.ts";
import { priorityRow } from "./priority.ts";
import { type Row, tableLines } from "./report.ts";

const FULL = { rounds: 5, warmUpMs: 1500, sendMs: 4000, eventsMs: 10_000 };
const QUICK = { rounds: 3, warmUpMs: 1000, sendMs: 1500, eventsMs: 3000 };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      micro: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
    },
  });
  if (values.micro) {
    await printMicro();
    return 0;
  }
  const plan = values.quick ? QUICK : FULL;
  const rows: Row[] = [
    ...await fanOutRows(plan),
    await priorityRow(plan.eventsMs),
    await idleRow(),
  ];
  if (values.json) printLine(JSON.stringify(rows, null, 2));
  else tableLines(rows).forEach(printLine);
  return rows.some(({ isMet }) => isMet === false) ? 1 : 0;
}

Deno.exit(await main());
