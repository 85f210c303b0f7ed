/**
 * The texts by which devices are named (COMPAT 3.1 and 3.5).
 *
 * A number says the same as its digits, so that a device that counts and one
 * that spells find each other.
 *
 * @module
 */

import { z } from "zod";
import { jsonMembers } from "./json_members.ts";
import { DEVICE_CHARS_MAX } from "./limits.ts";
import { isAtMost, type TextSchema } from "./text.ts";

/**
 * A schema for text of at most `DEVICE_CHARS_MAX` characters.
 *
 * A lone surrogate is refused, not replaced: two devices could have one name
 * then.
 */
export function deviceText(): TextSchema {
  return z.string({ error: "want text or a number" })
    .refine((text) => text.isWellFormed(), "want well-formed Unicode")
    .refine((text) => !text.includes("\0"), "want no NUL character")
    .refine(
      (text) => isAtMost(text, DEVICE_CHARS_MAX),
      `want at most ${DEVICE_CHARS_MAX} characters`,
    );
}

/**
 * A field of a JSON object, a number as text.
 *
 * @param json the text that the object was parsed from: of a number that
 * JavaScript cannot hold exactly, it has all the digits.
 */
export function numberAsText(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  json: string,
): unknown {
  const value = fields[name];
  if (typeof value !== "number") return value;
  if (Number.isSafeInteger(value)) return `${value}`;
  const member = jsonMembers(json).findLast(({ key }) => key === name);
  return member?.valueText ?? `${value}`;
}
