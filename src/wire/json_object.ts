/**
 * Text from outside as a JSON object.
 *
 * @module
 */

/** The object in a text; `undefined` when it holds anything else. */
export function parseJsonObject(
  text: string,
): Record<string, unknown> | undefined {
  try {
    return asJsonObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A parsed value as an object; `undefined` when it is anything else. */
export function asJsonObject(
  value: unknown,
): Record<string, unknown> | undefined {
  const isObject = typeof value === "object" && value !== null &&
    !Array.isArray(value);
  return isObject ? value as Record<string, unknown> : undefined;
}
