/**
 * A load that says so much a second, whether or not the server keeps up.
 *
 * @module
 */

const TICK_MS = 5;

/** How often, and how many times. */
export interface PaceOptions {
  readonly count: number;
  readonly perSec: number;
}

/** Calls `run` with 0, 1, 2… at a pace; what is late is caught up at once. */
export async function atPace(
  { count, perSec }: PaceOptions,
  run: (index: number) => void,
): Promise<void> {
  const startedMs = performance.now();
  let done = 0;
  while (done < count) {
    await pause(TICK_MS);
    const due = (performance.now() - startedMs) * perSec / 1000;
    while (done < count && done < due) run(done++);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
