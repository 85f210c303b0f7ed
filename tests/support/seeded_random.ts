/**
 * Chance that a failure can be repeated with.
 *
 * @module
 */

/** The variable that repeats a run; its value is in the failure's text. */
export const SEED_VARIABLE = "PARLOR_TEST_SEED";

/** Numbers that a seed decides (mulberry32). */
export class SeededRandom {
  readonly seed: number;
  #state: number;

  /** Takes the seed of the environment, or one of its own. */
  constructor(seed?: number) {
    const given = Number(Deno.env.get(SEED_VARIABLE) ?? NaN);
    const own = Math.floor(Math.random() * 2 ** 32);
    this.seed = seed ?? (Number.isInteger(given) ? given : own);
    this.#state = this.seed;
  }

  /** A whole number in `min..max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** A number in [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
