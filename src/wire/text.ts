/**
 * Text from outside, with a bound.
 *
 * Characters are code points, so an emoji outside the basic plane counts once.
 * Lone surrogates become U+FFFD, as they would on any wire; NUL, at which some
 * databases and clients cut a text, is refused.
 *
 * @module
 */

import { z } from "zod";

/** A schema for text from outside. */
export type TextSchema = z.ZodType<string, unknown>;

/** A schema for text of 1 to `charsMax` characters. */
export function boundedText(charsMax: number): TextSchema {
  return bounded(z.string().min(1), charsMax);
}

/** A schema for text of at most `charsMax` characters, or none. */
export function shortText(charsMax: number): TextSchema {
  return bounded(z.string(), charsMax);
}

/**
 * A schema for text of at most `charsMax` characters, or none, that takes the
 * space off both ends first.
 */
export function trimmedText(charsMax: number): TextSchema {
  return bounded(z.string().trim(), charsMax);
}

function bounded(text: z.ZodString, charsMax: number): TextSchema {
  return text
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
