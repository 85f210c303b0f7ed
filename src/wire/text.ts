/**
 * Text from outside, with a bound.
 *
 * @module
 */

import { z } from "zod";

/**
 * A schema for text of 1 to `charsMax` characters.
 *
 * Characters are code points, so an emoji outside the basic plane counts once.
 * Lone surrogates become U+FFFD, as they would on any wire; NUL, at which some
 * databases and clients cut a text, is refused.
 */
export function boundedText(charsMax: number): z.ZodType<string, unknown> {
  return z.string()
    .min(1)
    .refine(
      (text) => isAtMost(text, charsMax),
      `want at most ${charsMax} characters`,
    )
    .refine((text) => !text.includes("\0"), "want no NUL character")
    .transform((text) => text.toWellFormed());
}

/** Whether a text has at most so many code points. */
export function isAtMost(text: string, charsMax: number): boolean {
  if (text.length <= charsMax) return true;
  // A code point takes at most two units: past that there is no need to count.
  if (text.length > charsMax * 2) return false;
  let count = 0;
  for (const _ of text) count += 1;
  return count <= charsMax;
}
