/**
 * Optional fields of what a client sent.
 *
 * @module
 */

/** Fields that are there: a client may send `null` for one that is not. */
export function given<Fields extends Record<string, unknown>>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  const there = Object.entries(fields).filter(([, value]) => !isAbsent(value));
  return Object.fromEntries(there) as ReturnType<typeof given<Fields>>;
}

/** Whether a field was left out, or is `null`, which says the same. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
