/**
 * What Python takes for true. The reference server of devices is written in it
 * and asks of some fields no more than that (COMPAT 3.1 and 3.5).
 *
 * @module
 */

/**
 * Whether Python takes a JSON value for true: an empty list and an empty object
 * say nothing either, and `"0"` says something.
 */
export function isTrueInPython(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value);
  return Object.keys(value).length > 0;
}
