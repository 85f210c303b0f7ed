/**
 * Finding the name that a misspelled one was meant to be.
 *
 * @module
 */

import { distance } from "fastest-levenshtein";

/** Characters of a name for each edit that is forgiven. */
const CHARS_PER_EDIT = 6;

/** Most edits that are forgiven, however long the name. */
const EDITS_MAX = 2;

/**
 * The name of `names` that `given` is a small edit away from, in any case.
 *
 * A short name forgives one edit only, so that an unrelated variable of the
 * same environment is not taken for a misspelling.
 */
export function nearestName(
  given: string,
  names: readonly string[],
): string | undefined {
  const upper = given.toUpperCase();
  let best: string | undefined;
  let bestEdits = Math.min(EDITS_MAX, upper.length / CHARS_PER_EDIT);
  for (const name of names) {
    const edits = distance(upper, name.toUpperCase());
    const isBetter = best === undefined
      ? edits <= bestEdits
      : edits < bestEdits;
    if (isBetter) [best, bestEdits] = [name, edits];
  }
  return best;
}
