/**
 * Waiting for what may hang.
 *
 * @module
 */

import type { Clock } from "./clock.ts";

/** How long to wait. */
export interface Deadline<Late> {
  readonly clock: Pick<Clock, "after">;
  /** From now, in ms. */
  readonly msMax: number;
  /** The answer when that is over first. */
  readonly late: Late;
}

/**
 * What some work comes to, or `late` when it takes too long. It is not cut: it
 * goes on, and how it ends is not heard.
 *
 * @throws what the work throws, in time.
 */
export async function inTime<Value, Late>(
  work: Promise<Value>,
  { clock, msMax, late }: Deadline<Late>,
): Promise<Value | Late> {
  const { promise, resolve } = Promise.withResolvers<Late>();
  using _timer = clock.after(msMax, () => resolve(late));
  return await Promise.race([work, promise]);
}
