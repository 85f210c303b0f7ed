/**
 * How late timers run: the first sign of a server with too much to do.
 *
 * @module
 */

import type { Clock } from "./clock.ts";

/** How often the lag is taken, in ms. */
const PROBE_MS = 100;

/** Reports, ten times a second, how late a timer ran, in ms; until disposed. */
export function watchLoopLag(
  clock: Clock,
  report: (lagMs: number) => void,
): Disposable {
  let timer: Disposable;
  function arm(): void {
    const dueAt = clock.monotonic() + PROBE_MS;
    timer = clock.after(PROBE_MS, () => {
      report(Math.max(0, clock.monotonic() - dueAt));
      arm();
    });
  }
  arm();
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
