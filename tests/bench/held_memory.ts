/**
 * Memory that a program holds on to, without what it did not throw away yet.
 *
 * A load leaves behind ten times what is held because of it, and when the
 * runtime collects that is a matter of luck. So it is told to.
 *
 * @module
 */

import { pause } from "./pace.ts";
import { residentBytes } from "./process_stats.ts";

/** The flags of a program whose {@linkcode heldBytes} are asked for. */
export const COLLECTING: readonly string[] = [
  "--v8-flags=--expose-gc,--no-memory-pool",
  "--preload",
  "tests/bench/collect_on_signal.ts",
];

/** What is freed only because something else was takes a second round. */
const ROUNDS = 2;
const ROUND_MS = 1000;

/** Resident memory of a program at rest, in bytes. */
export async function heldBytes(pid: number): Promise<number> {
  for (let round = 0; round < ROUNDS; round++) {
    Deno.kill(pid, "SIGUSR2");
    await pause(ROUND_MS);
  }
  return residentBytes(pid);
}
