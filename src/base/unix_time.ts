/**
 * Instants as the reference systems say them: whole unix seconds.
 *
 * @module
 */

/** The second that an instant, in epoch ms, lies in. */
export function toSecs(at: number): number {
  return Math.floor(at / 1000);
}
