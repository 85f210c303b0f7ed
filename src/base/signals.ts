/**
 * The process's signals to stop.
 *
 * @module
 */

const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Resolves at the next SIGINT or SIGTERM. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    function stop(): void {
      for (const signal of STOP_SIGNALS) {
        Deno.removeSignalListener(signal, stop);
      }
      resolve();
    }
    for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, stop);
  });
}
