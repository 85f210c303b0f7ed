/**
 * How long to wait before a connection is tried again.
 *
 * @module
 */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * The wait before a try, in ms: it doubles up to 30 s, and half of it is left
 * to chance so that those whom a restart put out do not come back as one.
 *
 * @param failures tries that failed in a row, 0 or more.
 * @param chance 0 to 1.
 */
export function retryMs(failures: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return Math.round(full / 2 + full / 2 * chance);
}
