/**
 * Fields that may be left out.
 *
 * @module
 */

import type { z } from "zod";

/** A field that may be absent, or `null`, which says the same. */
export function maybe<Value>(
  schema: z.ZodType<Value, unknown>,
): z.ZodType<Value | undefined, unknown> {
  return schema.nullish().transform((value) => value ?? undefined);
}
