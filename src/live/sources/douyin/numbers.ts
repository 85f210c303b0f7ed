/**
 * Numbers of 64 bits, which come as text, as numbers that can be summed.
 *
 * @module
 */

/** Most of anything that one message may stand for. */
const COUNT_MAX = 1_000_000_000;

/** From here on an instant is in ms: as seconds it would be the year 5138. */
const MS_FROM = 100_000_000_000;
/** From here on it is in a finer unit than ms. */
const MS_MAX = 100_000_000_000_000;

/** A count: a whole number from 0 to a milliard. */
export function countFrom(digits: string): number {
  const count = Number(digits);
  return count > 0 ? Math.min(count, COUNT_MAX) : 0;
}

/** An instant in epoch ms, from one in seconds or ms; 0 is none. */
export function instantFrom(digits: string): number {
  const instant = Number(digits);
  if (!(instant > 0) || instant >= MS_MAX) return 0;
  return instant < MS_FROM ? instant * 1000 : instant;
}
